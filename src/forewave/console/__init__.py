"""The operator console: what a live machine or a replay shows its operators, as a live stream"""
