"""Pictures of a report: maps and charts as SVG, each for a light and for a dark page."""
