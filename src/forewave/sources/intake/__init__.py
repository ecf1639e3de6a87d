"""Packets on their way from the sources into the rooms: admission, source queues and merging."""
