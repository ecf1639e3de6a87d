"""What is kept: waveforms."""
