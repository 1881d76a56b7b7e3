"""A key in a header: it reaches the service it is for and nobody else."""

from __future__ import annotations

from claims.web.client import Client
from tests.site.server import Site
from tests.web.conftest import MakeClient

KEY = "k3y-of-the-desk"
SECRET = ("X-Subscription-Token", KEY)


def test_a_key_is_sent_and_not_kept(site: Site, client: Client) -> None:
    site.add("/api", "{}", content_type="application/json")
    fetched = client.fetch(
        site.url("/api"), accept=frozenset(), respects_robots=False, secret=SECRET
    )
    assert site.seen[0].headers["x-subscription-token"] == KEY
    assert KEY not in repr(fetched)
    assert KEY not in str(fetched.request_headers)


def test_a_key_does_not_follow_a_redirect_elsewhere(site: Site, make_client: MakeClient) -> None:
    with Site() as other:
        other.add("/there", "{}", content_type="application/json")
        site.add("/within", "", status=302, headers=(("Location", "/away"),))
        site.add("/away", "", status=302, headers=(("Location", other.url("/there")),))
        client = make_client(allow=frozenset({site.address, other.address}))
        client.fetch(site.url("/within"), accept=frozenset(), secret=SECRET)
        assert [seen.headers.get("x-subscription-token") for seen in site.seen] == [KEY, KEY]
        assert "x-subscription-token" not in other.seen[0].headers


def test_a_key_cannot_begin_another_header(site: Site, client: Client) -> None:
    site.add("/api", "{}")
    client.fetch(site.url("/api"), secret=(SECRET[0], "one\r\nX-Other: two"))
    assert "x-other" not in site.seen[-1].headers
