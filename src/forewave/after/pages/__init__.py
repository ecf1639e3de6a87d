"""The pages: what a report, facilities and a relief plan say, as documents."""
