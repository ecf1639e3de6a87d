"""How a live machine is: collected, reported, and given to Prometheus."""
