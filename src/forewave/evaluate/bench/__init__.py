"""The performance figures: stations that a core can receive, time to decide."""
