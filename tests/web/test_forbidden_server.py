"""A real server that nobody may reach: no spelling, name or redirect leads there.

Its port is one that is open to all, so that the address alone protects it. The name server
here says that *every* name is 127.0.0.1, as the worst one would.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from itertools import count, cycle, product
from pathlib import Path

import pytest

from claims.web.client import Client, ClientLimits
from claims.web.errors import FetchError
from claims.web.robots import MemoryRobotsStore, Robots
from tests.site.server import Site
from tests.web.test_client import authority

__all__ = ["authority"]

LOOPBACK = "127.0.0.1"
SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "127.0.0.1.", "0.0.0.0", "0", "127.127.127.127",
    "2130706433", "017700000001", "0x7f000001", "0x7f.1", "0x7f.0.0.0x1", "0177.0.0.01",
    "00000177.1", "127.0.0.0x1", "0x7F.0X0.0.1", "1.0.0.127.in-addr.arpa",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::127.0.0.1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]", "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
    "[2002:7f00:0001::1]", "[2001:0:7f00:1::]", "[fe80::1%25lo]", "[::1%25lo]", "[::1%lo]",
    "[::ffff:127.0.0.1%25lo]", "[v1.127]", "[127.0.0.1]",
    "localhost", "LOCALHOST", "localhost.", "ip6-localhost", "foo.localhost",
    "127%2e0%2e0%2e1", "%31%32%37.0.0.1", "127.0.0.1%00.example.org", "loc%61lhost",
    "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "١٢٧.٠.٠.١", "１２７.0.0.1",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "local\u00adhost", "local\u200bhost", "127.0.0.1\u3002",
    "user@127.0.0.1", "example.org@127.0.0.1", "user:pass@localhost", "127.0.0.1\\@example.org",
    "example.org\\@127.0.0.1", "example.org#@127.0.0.1", "\\\\127.0.0.1", "127.0.0.1\t",
    "127.0.0.1%20", "internal.example", "xn--n3h.example", "bücher.example",
]  # fmt: skip


@pytest.fixture(params=["http", "https"])
def forbidden(request: pytest.FixtureRequest, authority: Path) -> Iterator[Site]:
    """The server, with something to leak."""
    context = None
    if request.param == "https":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    with Site(tls=context) as running:
        running.add("/secret", "<p>internal")
        yield running


MakeOpen = Callable[..., Client]


@pytest.fixture
def make_open(forbidden: Site, authority: Path) -> MakeOpen:
    """Clients to whom nothing is closed but addresses; ``allow`` opens a pair by hand."""

    def make(
        resolver: Callable[[str], list[str]] = lambda host: [LOOPBACK],
        allow: tuple[tuple[str, int], ...] = (),
        ports: tuple[int, ...] = (),
    ) -> Client:
        limits = ClientLimits(
            deadline_seconds=2,
            connect_seconds=0.02,
            allowed_ports=frozenset({80, 443, forbidden.port, *ports}),
            ca_file=str(authority / "cert.pem"),
            allow=frozenset(allow),
        )
        return Client(limits, resolver=resolver, robots=Robots(MemoryRobotsStore()))

    return make


def test_control_the_server_answers_where_the_pair_is_allowed(
    forbidden: Site, make_open: MakeOpen
) -> None:
    client = make_open(allow=(("secure.example", forbidden.port),))
    fetched = client.fetch(forbidden.url("/secret", host="secure.example"))
    assert fetched.body == b"<p>internal"
    assert forbidden.paths() == ["/robots.txt", "/secret"]


def test_no_spelling_reaches_it(forbidden: Site, make_open: MakeOpen) -> None:
    client = make_open()
    for spelling in SPELLINGS:
        with pytest.raises(FetchError) as refused:
            client.fetch(forbidden.url("/secret", host=spelling))
        assert str(refused.value), spelling
    assert forbidden.seen == []


def written_otherwise() -> Iterator[str]:
    """127.0.0.1 with each of its parts in another base, in fewer parts, and in other figures."""
    bases = ("{}", "0x{:x}", "0X{:04X}", "0{:o}", "000{:o}")
    for parts in ((127, 0, 0, 1), (127, 0, 1), (127, 1), (2130706433,)):
        for chosen in product(bases, repeat=len(parts)):
            yield ".".join(base.format(part) for base, part in zip(chosen, parts, strict=True))
    zeros = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10, 0x1D7CE, 0x1D7EC)
    for zero, dot in product(zeros, ".。．｡"):
        figures = {ord("0") + place: chr(zero + place) for place in range(10)}
        yield "127.0.0.1".translate({**figures, ord("."): dot})


def test_no_spelling_that_can_be_made_of_it_reaches_it(
    forbidden: Site, make_open: MakeOpen
) -> None:
    client, spellings = make_open(), set(written_otherwise())
    assert len(spellings) > 700
    for spelling in spellings:
        with pytest.raises(FetchError):
            client.fetch(forbidden.url("/secret", host=spelling), respects_robots=False)
    assert forbidden.seen == []


def test_no_redirect_reaches_it(forbidden: Site, make_open: MakeOpen) -> None:
    with Site() as outside:
        client = make_open(allow=(outside.address,))
        for number, spelling in enumerate(SPELLINGS):
            target = forbidden.url("/secret", host=spelling).encode().decode("latin-1")
            url = outside.add(f"/{number}", b"", status=307, headers=(("Location", target),))
            with pytest.raises(FetchError):
                client.fetch(url)
        # Every redirect was really asked for, and none was followed.
        assert sum(path != "/robots.txt" for path in outside.paths()) == len(SPELLINGS)
    assert forbidden.seen == []


@pytest.mark.parametrize(
    "answers",
    [
        [[LOOPBACK]],
        [["93.184.216.34", LOOPBACK]],
        [[LOOPBACK, "93.184.216.34"]],
        [["93.184.216.34"], [LOOPBACK]],
        [["::ffff:127.0.0.1"]],
        [["64:ff9b::7f00:1"], ["2002:7f00:1::"]],
        [["fe80::1%lo"]],
    ],
)
def test_no_name_leads_there_whatever_it_answers(
    forbidden: Site, make_open: MakeOpen, answers: list[list[str]]
) -> None:
    turns, asked = cycle(answers), count()

    def resolver(host: str) -> list[str]:
        next(asked)
        return next(turns)

    client = make_open(resolver=resolver)
    for _ in range(20):
        with pytest.raises(FetchError):
            client.fetch(forbidden.url("/secret", host="rebinding.example"), respects_robots=False)
    assert forbidden.seen == []
    # One look-up a hop: what was vetted is what is dialled.
    assert next(asked) == 20


@pytest.mark.parametrize("scheme", ["file", "ftp", "gopher", "dict", "data", "jar", "ws", "ldap"])
def test_no_other_scheme_reaches_it(forbidden: Site, make_open: MakeOpen, scheme: str) -> None:
    client = make_open(allow=(forbidden.address,))
    with pytest.raises(FetchError):
        client.fetch(f"{scheme}://{LOOPBACK}:{forbidden.port}/secret")
    assert forbidden.seen == []


def test_no_port_outside_the_list_is_asked(forbidden: Site, make_open: MakeOpen) -> None:
    with Site() as other:
        other.add("/secret", "<p>internal")
        client = make_open(allow=(forbidden.address,))
        with pytest.raises(FetchError):
            client.fetch(other.url("/secret"))
        assert other.seen == []
