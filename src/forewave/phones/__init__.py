"""What phones observe together: a room that turns their triggers into sightings."""
