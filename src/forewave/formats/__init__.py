"""Bytes to records and back; no sockets."""
