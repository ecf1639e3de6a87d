"""The HTML report of an evaluation: an index, a page for each recording, figures and tables."""
