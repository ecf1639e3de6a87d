"""JSON with only one possible meaning is accepted, everything else refused."""

import pytest

from forewave.errors import FormatError
from forewave.formats import strict_json


@pytest.mark.parametrize("text", ["{}", '{"a":1,"b":{"a":2}}', '[{"a":1},{"a":1}]', b'{"a":"a"}'])
def test_json_is_json(text):
    strict_json.check(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":1,"\\u0061":1}',
        '{"b":{"a":1,"a":2}}',
        '[{"a":1,"a":2}]',
        '{"a":NaN}',
        '{"a":Infinity}',
        "{",
        b"\xff",
        "[" * 100_000,
    ],
)
def test_ambiguous_or_invalid_json_is_refused(text):
    with pytest.raises(FormatError, match="expected JSON: "):
        strict_json.check(text)
