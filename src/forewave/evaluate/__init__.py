"""The referee: truth, match, score, report."""
