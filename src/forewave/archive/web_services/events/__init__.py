"""The event service: requests, and events as QuakeML, text and GeoJSON."""
