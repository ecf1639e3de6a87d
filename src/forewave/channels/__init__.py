"""Channels that pass verified alerts on: push, home automation, standards, programs."""
