"""A whole cluster on one machine: NATS nodes, roles and a simulated earthquake, to be broken"""
