"""Where and when: the likelihood of a source, and the search for the likeliest one."""
