from forewave.delivery import signing
from forewave.evaluate.bench.fanout import alert


def test_messages_are_different_signed_and_as_long_as_real_ones():
    messages = alert.messages(5)
    assert len(set(messages)) == 5
    assert {len(each) for each in messages} <= set(range(300, 1001))


def test_a_drill_is_sealed_as_a_drill_of_its_version():
    keys = signing.generate()
    message = signing.unseal(keys.seal(alert.drill(3, 1_800_000_000.0)), keys.trusted)
    assert (message.mode, message.n) == ("drill", 3)


def test_it_is_over_after_its_validity():
    drill = alert.drill(1, alert.BEGAN)
    assert drill.expires == alert.BEGAN + alert.VALID_S
