"""What is kept on disk: waveforms, the event log and the recent-packet journal."""
