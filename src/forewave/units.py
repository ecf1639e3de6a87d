"""Units of papers and files, in SI. Rooms use SI units only."""

GAL_MS2 = 0.01  # 1 gal = 1 cm/s^2
G_MS2 = 9.80665
CM_M = 0.01
KM_M = 1000.0
DEGREE_KM = 111.19492664455873  # one degree of a great circle on the mean sphere
EARTH_RADIUS_KM = 6371.0
