import re
from pathlib import Path

import forewave.formats
from forewave.formats.faults import FAULTS


def test_every_reason_that_a_reader_gives_has_a_remedy():
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in Path(forewave.formats.__file__).parent.rglob("*.py")
        if path.name != "faults.py"
    )
    strings = set(re.findall(r'"([^"\n]+)"', source))
    assert set(FAULTS) <= strings
    given = re.findall(r'Dropped\([^"(]*(?:\([^)]*\))?[^"(]*"([^"{]+)"', source)
    assert {text for text in given if text != "miniSEED"} <= set(FAULTS)
