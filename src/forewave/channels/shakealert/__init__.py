"""Event messages of ShakeAlert and the Virtual Seismologist, over STOMP."""
