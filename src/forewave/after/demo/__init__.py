"""`forewave demo --after`: a simulated earthquake in California, and all that follows it."""
