"""After an earthquake: forewave after, which joins report and shaking map."""
