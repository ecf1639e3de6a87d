"""Readers and writers of files and messages; no sockets."""
