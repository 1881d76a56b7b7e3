"""The address table: every reserved range, its neighbours, and the forms that hide one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.web.addresses import is_allowed_address

# Written out again on purpose: a range dropped from the table must fail here.
RESERVED = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24
198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 255.255.255.255/32
::/128 ::1/128 ::/96 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64
100:0:0:1::/64
2001::/32 2001:1::1/128 2001:2::/48 2001:3::/32 2001:4:112::/48 2001:10::/28 2001:20::/28
2001:30::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10
fec0::/10 ff00::/8
""".split()  # noqa: SIM905

# Just outside a reserved range, and public.
NEIGHBOURS = """
1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.1.255
192.0.3.0 192.31.195.255 192.31.197.0 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0
198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255
2000:: 2001:200:: 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff 2001:db9:: 2003::
2620:4f:7fff:: 2620:4f:8001::
3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff 3fff:1000::
""".split()  # noqa: SIM905


def ends_of(network: IPv4Network | IPv6Network) -> set[str]:
    last = network.num_addresses - 1
    return {str(network[index]) for index in {0, min(1, last), last}}


@pytest.mark.parametrize("text", RESERVED)
def test_every_reserved_range_is_refused_at_both_ends(text: str) -> None:
    network = ip_network(text)
    assert [end for end in ends_of(network) if is_allowed_address(end)] == []


@pytest.mark.parametrize("address", NEIGHBOURS)
def test_what_lies_beside_a_reserved_range_is_allowed(address: str) -> None:
    assert is_allowed_address(address)


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("::ffff:93.184.216.34", True),
        ("::ffff:127.0.0.1", False),
        ("::ffff:a9fe:a9fe", False),
        ("64:ff9b::5db8:d822", True),
        ("64:ff9b::10.0.0.1", False),
        ("2002:5db8:d822::1", True),
        ("2002:7f00:1::", False),
        ("2002:c0a8:101::1", False),
        ("2001:0:5db8:d822:0:0:f5ff:fffe", False),
        ("::93.184.216.34", False),
        ("::ffff:0:93.184.216.34", False),
        ("2606:2800::5efe:10.0.0.1", False),
        ("2606:2800::200:5efe:127.0.0.1", False),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("fe80::1%eth0", False),
        ("2606:2800::1%1", False),
        ("not an address", False),
        ("", False),
        ("127.1", False),
    ],
)
def test_forms_that_carry_another_address(address: str, is_allowed: bool) -> None:
    assert is_allowed_address(address) is is_allowed


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_like_the_address_inside(inner: IPv4Address) -> None:
    mapped = ip_address(f"::ffff:{inner}")
    assert is_allowed_address(mapped) == is_allowed_address(inner)


@given(st.ip_addresses(v=6))
def test_nothing_outside_global_unicast_is_allowed(address: object) -> None:
    text = str(address)
    if is_allowed_address(text):
        assert text[0] in "23" or text.startswith(("::ffff:", "64:ff9b::"))
