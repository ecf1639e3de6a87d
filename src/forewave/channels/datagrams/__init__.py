"""Messages that nobody confirms, repeated until they expire: multicast and LoRa."""
