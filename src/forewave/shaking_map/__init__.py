"""The shaking map of an earthquake: the forecast conditioned on observed motion, at any place.

observed = [Observation("TW.A", 23.1, 121.2, pga_ms2=1.9, pgv_ms=0.2), Observation("felt", ...)]
shaking = conditioned(solution, observed)
shaking.at(lat, lon, vs30_ms)     # SiteShaking: medians and sigmas at places
shaking.refused                   # observations that were not used, each with the reason
"""
