"""The roles of a cluster: what one process does, from opening the bus to closing it"""
