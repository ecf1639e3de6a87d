"""The functions that `import forewave` offers to programs. They call the rooms and the readers."""
