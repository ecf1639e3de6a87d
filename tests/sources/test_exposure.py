from forewave.sources import exposure


def test_a_password_is_exposed_without_tls():
    (found,) = exposure.password("x", "h", "secret", tls=False)
    assert (found.severity, found.subject, found.host, found.shared) == ("warning", "x", "h", False)
    assert list(exposure.password("x", "h", "secret", tls=True)) == []
    assert list(exposure.password("x", "h", "", tls=False)) == []
    assert list(exposure.password("x", "h", None, tls=False)) == []


def test_a_server_that_may_send_any_station_concerns_the_other_sources():
    (found,) = exposure.any_station("x", ())
    assert (found.severity, found.shared, found.host) == ("note", True, "")
    assert list(exposure.any_station("x", ("XX.*",))) == []


def test_files_expose_nothing():
    assert list(exposure.none(object())) == []
