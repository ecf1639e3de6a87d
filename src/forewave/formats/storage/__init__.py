"""What a live machine writes to disk: the event log and the recent-packet journal, in blocks."""
