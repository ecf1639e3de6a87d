"""Documents for people: one description, written as an accessible HTML page and as a tagged PDF."""
