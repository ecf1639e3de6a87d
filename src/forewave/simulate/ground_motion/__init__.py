"""Ground motion at a station: rupture, source spectrum, path, site and seismic noise."""
