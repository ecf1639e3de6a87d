"""Distance, travel time and site: what the rooms know of the ground."""
