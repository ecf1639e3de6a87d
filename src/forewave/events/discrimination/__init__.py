"""Earthquake or not: hypotheses, and what tells them apart: fronts, growth, silence."""
