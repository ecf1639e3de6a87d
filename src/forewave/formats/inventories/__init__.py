"""Station inventories: StationXML, stations.csv and FDSN text; units, gains and sensors."""
