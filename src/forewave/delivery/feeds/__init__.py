"""Alerts and events over HTTP for other programs: JSON, GeoJSON, Atom, and their descriptions."""
