"""What is kept on disk: waveforms, the event log, the recent-packet journal, travel times."""
