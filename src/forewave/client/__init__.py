"""Receives the alerts of a running forewave: verified, and worked out for one place."""
