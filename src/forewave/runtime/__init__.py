"""The shells around the rooms: clock, bus, roles, health."""
