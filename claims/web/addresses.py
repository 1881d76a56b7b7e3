"""Which IP addresses may be connected to, by a table of our own.

It promises *public unicast only*: every range of the IANA special-purpose
registries (IPv4 and IPv6) is refused, and of IPv6 only ``2000::/3`` is open at
all. Forms that carry an IPv4 address which the network would deliver to
(IPv4-mapped, NAT64, 6to4) are judged by the address inside; forms that nothing
public uses (IPv4-compatible, translated, Teredo) are refused whole.

The standard library's ``is_global`` and ``is_private`` are not used: they pass
multicast, relay and transition ranges, and change with the patch level of Python.
"""

from __future__ import annotations

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)

# IANA IPv4 Special-Purpose Address Registry, with multicast and class E.
RESERVED_V4: tuple[IPv4Network, ...] = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation 1
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # automatic multicast tunnelling
        "192.88.99.0/24",  # 6to4 relay
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112 direct delegation
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation 2
        "203.0.113.0/24",  # documentation 3
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, limited broadcast
    )
)

GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")

# IANA IPv6 Special-Purpose Address Registry inside 2000::/3; the rest of IPv6 is refused anyway.
RESERVED_V6: tuple[IPv6Network, ...] = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, AMT, ORCHID, drones
        "2001:db8::/32",  # documentation
        "2620:4f:8000::/48",  # AS112 direct delegation
        "3fff::/20",  # documentation
    )
)

IPV4_MAPPED = IPv6Network("::ffff:0:0/96")
NAT64 = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")
# RFC 5214: the interface part of an ISATAP address, local or global flavour.
ISATAP_MARKS = frozenset({0x0000_5EFE, 0x0200_5EFE})

IPAddress = IPv4Address | IPv6Address


def is_allowed_address(address: str | IPAddress) -> bool:
    """Whether a connection to this address is allowed.

    Takes an address object or its text; text that is no address, or one with a
    zone id, is not allowed.

    >>> is_allowed_address("93.184.216.34"), is_allowed_address("::ffff:127.0.0.1")
    (True, False)
    """
    if isinstance(address, str):
        try:
            address = ip_address(address)
        except ValueError:
            return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in RESERVED_V4)
    return _is_allowed_v6(address)


def _is_allowed_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    number = int(address)
    if address in IPV4_MAPPED or address in NAT64:
        return is_allowed_address(IPv4Address(number & 0xFFFF_FFFF))
    if address not in GLOBAL_UNICAST_V6 or any(address in network for network in RESERVED_V6):
        return False
    if address in SIX_TO_FOUR and not is_allowed_address(IPv4Address(number >> 80 & 0xFFFF_FFFF)):
        return False
    if number >> 32 & 0xFFFF_FFFF in ISATAP_MARKS:
        return is_allowed_address(IPv4Address(number & 0xFFFF_FFFF))
    return True
