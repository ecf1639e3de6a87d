"""Geohash (Niemeyer 2008): a cell of the earth's surface as a short string.

Each character halves latitude and longitude five times in turn. Precision 4 is 39 km by 20 km
at the equator; alert messages carry the observed intensity by such cells.
"""

_ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
_BITS = 5


def encode(lat: float, lon: float, precision: int = 4) -> str:
    """The cell that holds a point. Raises ValueError for a point that is not on the earth."""
    if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
        raise ValueError(f"no point of the earth: {lat}, {lon}")
    lat_bits = precision * _BITS // 2
    lon_bits = precision * _BITS - lat_bits
    y = min(int((lat + 90.0) / 180.0 * 2**lat_bits), 2**lat_bits - 1)
    x = min(int((lon + 180.0) / 360.0 * 2**lon_bits), 2**lon_bits - 1)
    return "".join(_ALPHABET[code] for code in _codes(x, y, precision))


def bounds(cell: str) -> tuple[float, float, float, float]:
    """South, west, north, east of a cell. Raises ValueError for an invalid geohash."""
    south, west, height, width = -90.0, -180.0, 180.0, 360.0
    for i, bit in enumerate(_bits(cell)):
        if i % 2 == 0:
            width /= 2
            west += width * bit
        else:
            height /= 2
            south += height * bit
    return south, west, south + height, west + width


def centre(cell: str) -> tuple[float, float]:
    """Latitude and longitude of a cell's centre."""
    south, west, north, east = bounds(cell)
    return (south + north) / 2, (west + east) / 2


def around(lat: float, lon: float, precision: int = 4) -> list[str]:
    """The cell of a point, then its eight neighbours (fewer at a pole)."""
    south, west, north, east = bounds(encode(lat, lon, precision))
    height, width = north - south, east - west
    return [
        encode(y, (x + 180.0) % 360.0 - 180.0, precision)
        for y in (lat, lat - height, lat + height)
        for x in (lon, lon - width, lon + width)
        if -90.0 <= y <= 90.0
    ]


def _codes(x: int, y: int, precision: int) -> list[int]:
    """Bits of x and y in turn, the first of x first, in groups of five."""
    word = 0
    remaining = [y, x] if precision * _BITS % 2 == 0 else [x, y]
    for i in range(precision * _BITS):
        word |= (remaining[i % 2] & 1) << i
        remaining[i % 2] >>= 1
    return [(word >> _BITS * (precision - 1 - i)) & 31 for i in range(precision)]


def _bits(cell: str) -> list[int]:
    bits = []
    for character in cell:
        code = _ALPHABET.find(character)
        if code < 0:
            raise ValueError(f"no geohash: {cell!r}")
        bits += [(code >> shift) & 1 for shift in range(_BITS - 1, -1, -1)]
    return bits
