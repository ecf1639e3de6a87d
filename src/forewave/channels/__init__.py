"""Channels that pass verified alerts on: push, home automation, public-alert standards, programs."""
