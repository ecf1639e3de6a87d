"""The station service: requests, and what they choose of the inventory."""
