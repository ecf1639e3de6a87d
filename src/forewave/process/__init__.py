"""The process itself: signals, systemd, memory, log limits, side tasks and the replay clock."""
