"""A SeedLink server that forwards each packet on arrival."""
