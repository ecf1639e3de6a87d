"""Commands as they are typed, and a small scenario for them."""

from click.testing import CliRunner

from forewave.cli.main import main

SCENARIO = """
duration = 40.0
seed = 3

[[earthquake]]
after = 15.0
lat = 24.0
lon = 121.4
depth_km = 10.0
magnitude = 5.0

[network]
layout = "grid"
lat = 24.0
lon = 121.4
spacing_km = 15.0
count = 9
sensor = "mems"
site = "town"
"""


def forewave(*typed):
    return CliRunner().invoke(main, [str(word) for word in typed])
