"""The network of an address, where requests are limited by who sends them."""

import ipaddress


def network_of(address: str) -> str:
    """The first 64 bits of IPv6, or 24 of IPv4: a sender often controls a whole network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((int(found) >> 64 << 64, 64)))
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((int(found) >> 8 << 8, 24)))
