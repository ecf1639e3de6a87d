import pytest

from tests.console.console_items import station


@pytest.fixture
def stations():
    return [station("A"), station("B", 35.2), station("C", 35.4)]


@pytest.fixture
def conditions():
    """What health says of the stations; a test may change it."""
    return [("good", 0.5), ("good", 0.5), ("silent", None)]
