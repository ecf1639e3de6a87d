"""`forewave bench fanout-tree`: a simulation of delivery to millions of devices.

origin -> trunk -> gateways of a region -> worker processes -> devices. The costs of a delivery, a
connection and its memory are those that `forewave bench fanout` measured; networks and devices are
assumptions, each stated beside its value. The same seed gives the same figures.
"""
