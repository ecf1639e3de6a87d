"""Which addresses count as one sender."""

from forewave.network_address import network_of


def test_a_network_counts_as_one():
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1") == network_of("10.0.0.200")
    assert network_of("10.0.0.1") != network_of("10.0.1.1")


def test_what_is_no_address_counts_by_itself():
    assert network_of("unix") == "unix"
    assert network_of("") == ""
