"""The report of one event, as a record: what was issued when, whom it could warn, was it right."""
