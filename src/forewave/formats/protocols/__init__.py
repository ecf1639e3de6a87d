"""What network protocols carry: SeedLink packets, broker messages, datagrams and alerts."""
