"""Readers and writers of files and messages: bytes to observations and back, without sockets."""
