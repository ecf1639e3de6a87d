"""The SeedLink source: one connection to a server of version 3 or 4, resumed after each loss."""
