"""How often a login may fail."""

from forewave.operators.attempts import OF_ACCOUNT, OF_ADDRESS, OF_ALL, WINDOW, Attempts


def failures(attempts, count, account=lambda i: "anna", address=lambda i: "a", now=0.0):
    return sum(attempts.begin(account(i), address(i), now) for i in range(count))


def test_an_address_has_a_limit():
    attempts = Attempts()
    assert failures(attempts, 50, account=str) == OF_ADDRESS
    assert attempts.begin("anna", "b", 0.0)


def test_an_account_has_a_limit_over_all_addresses():
    attempts = Attempts()
    assert failures(attempts, 50, address=str) == OF_ACCOUNT
    assert attempts.begin("bob", "b", 0.0)


def test_all_together_have_a_limit():
    assert failures(Attempts(), 1000, account=str, address=str) == OF_ALL


def test_who_sits_at_the_machine_is_not_kept_out_by_others():
    attempts = Attempts()
    failures(attempts, 1000, account=str, address=str)
    failures(attempts, 50, address=str)
    assert attempts.begin("anna", "", 0.0)
    assert failures(attempts, 50, address=lambda i: "") == OF_ADDRESS - 1


def test_failures_are_forgotten_after_a_quarter_of_an_hour():
    attempts = Attempts()
    failures(attempts, OF_ADDRESS)
    assert not attempts.begin("anna", "a", WINDOW - 1.0)
    assert attempts.begin("anna", "a", WINDOW)


def test_a_success_does_not_count_and_does_not_forget_failures():
    attempts = Attempts()
    for _ in range(100):
        assert attempts.begin("anna", "a", 0.0)
        attempts.succeeded("anna", "a")
    failures(attempts, OF_ADDRESS - 1)
    assert attempts.begin("anna", "a", 0.0)
    attempts.succeeded("anna", "a")
    assert attempts.begin("anna", "a", 0.0)
    assert not attempts.begin("anna", "a", 0.0)
