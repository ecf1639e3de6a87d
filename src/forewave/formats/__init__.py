"""Bytes to words and back; no sockets."""
