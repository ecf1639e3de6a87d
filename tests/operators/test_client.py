"""The client of the command line: what it makes of a server's answers."""

import pytest

from forewave.errors import InputError
from forewave.operators.client import OperatorClient


def test_a_session_is_opened_and_closed(house, password):
    with OperatorClient(house.url + "/", "anna", password) as session:
        assert session.state()["alerts"] == []
    assert house.lines("what") == [("login",), ("logout",)]


def test_the_servers_reason_is_the_error(house, password):
    with pytest.raises(InputError, match="name or password is wrong"):
        OperatorClient(house.url, "anna", password + "x").__enter__()
    session = OperatorClient(house.url, "anna", password).__enter__()
    with pytest.raises(InputError, match="no open proposal p9"):
        session.post("confirm", {"id": "p9"})


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("nonsense", "expected one as http"),
        ("file:///etc/passwd", "expected one as http"),
        ("http://127.0.0.1:1", "refused"),
    ],
)
def test_nobody_there_is_one_line(url, why, password):
    with pytest.raises(InputError, match=why):
        OperatorClient(url, "anna", password).__enter__()
