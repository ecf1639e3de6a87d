"""What people report from the pages, without saying who they are, and what comes of it in sum."""
