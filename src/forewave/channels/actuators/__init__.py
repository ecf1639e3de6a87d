"""What acts without a person: programs, relays, coils of a PLC."""
