"""What every channel gets."""

from forewave.channels.card import DeliveryError
from forewave.errors import ForewaveError


def test_a_delivery_error_says_whether_to_try_again():
    assert DeliveryError("timed out").retry
    assert not DeliveryError("unknown receiver", retry=False).retry
    assert isinstance(DeliveryError("x"), ForewaveError)
