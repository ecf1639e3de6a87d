"""What each channel is sent and when: outbox, worker, chain, and what was delivered before."""
