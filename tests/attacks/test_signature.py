"""One signed message is one text: nothing can be added to it, and no letter of it is free."""

import string

import pytest

from forewave.delivery import signing
from forewave.errors import FormatError
from tests.attacks.made import ALERT

KEYS = signing.generate()
SEALED = KEYS.seal(ALERT).decode()
LETTERS = string.ascii_letters + string.digits + "-_"


def accepted(text):
    try:
        signing.unseal(text, KEYS.trusted)
    except FormatError:
        return False
    return True


def test_the_last_letter_of_a_signature_has_one_value():
    message = signing.unseal(SEALED, KEYS.trusted)
    rest, last = message.sig[:-1], message.sig[-1]
    good = [a for a in LETTERS if accepted(SEALED.replace(message.sig, rest + a))]
    assert good == [last]


@pytest.mark.parametrize(
    "text",
    [
        SEALED.replace("{", '{"mode":"drill",', 1),
        SEALED[:-1] + ',"mode":"actual"}',
        SEALED.replace("{", '{"m\\u006fde":"drill",', 1),
        SEALED[:-1] + ',"z":' + "[" * 300 + "]" * 300 + "}",
        SEALED[:-1] + ',"z":1e400}',
        SEALED[:-1] + ',"z":NaN}',
        "\ufeff" + SEALED,
        SEALED + "x",
    ],
)
def test_what_is_added_is_refused(text):
    assert accepted(SEALED)
    assert not accepted(text)
