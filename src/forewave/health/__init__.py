"""The health of a live run: collected, reported, and exported to Prometheus."""
