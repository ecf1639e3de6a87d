"""Connections of devices and browsers on one port: HTTP, WebSocket and server-sent events."""
