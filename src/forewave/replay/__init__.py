"""A recording through the pipeline: in the terminal, as JSON lines, on the pages, as a network."""
