"""What the network and phones have reported: all that an update of the events begins with."""
