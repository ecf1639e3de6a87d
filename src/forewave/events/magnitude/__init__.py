"""How large: magnitudes from peaks, and the line that has ruptured."""
