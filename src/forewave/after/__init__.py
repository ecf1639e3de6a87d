"""After an earthquake: forewave after, which joins shaking map, facilities, relief and report."""
