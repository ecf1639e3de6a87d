"""The Python servers that `forewave bench fanout` compares, one a file, and the process for one.

Each has `start(options)`, which opens its port and returns a `Server`.
"""
