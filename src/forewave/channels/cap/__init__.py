"""The Common Alerting Protocol: documents, their feed, and their delivery to aggregators."""
