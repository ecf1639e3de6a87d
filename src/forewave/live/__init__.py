"""`forewave run`: from live sources to alerts, with a record of all that was received."""
