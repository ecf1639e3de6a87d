"""A SeedLink server that hands on each packet the moment it arrives."""
