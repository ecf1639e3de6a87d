"""Delivery of alerts to devices: pages, the signed message stream, keys and status."""
