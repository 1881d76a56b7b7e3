"""Only web addresses are clickable, each shows its host, and no form sends a person elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client
from django.urls import reverse

from claims.admin.outside import outside_link
from claims.models import Article, FactCheck, Page, SearchResult, Snapshot, VerdictEvidence
from tests.admin.conftest import LogIn
from tests.admin.hostile.lines import LEAVING, LINKS, dead_lines
from tests.admin.hostile.planting import open_append_only_tables
from tests.admin.ticket.rows import PASSWORD
from tests.admin.world import World

REL = {"noopener", "noreferrer", "nofollow"}


class Links(HTMLParser):
    """The links of a page that leave the house."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = (dict(attrs).get("href") or "").strip()
        if tag == "a" and not href.startswith(("/admin/", "#", "?", ".")) and href:
            self.outside.append(dict(attrs))


def links_of(page: str) -> list[dict[str, str | None]]:
    links = Links()
    links.feed(page)
    return links.outside


def test_there_are_enough_lines() -> None:
    assert len(dead_lines()) >= 200
    assert len(set(map(repr, dead_lines()))) == len(dead_lines())


def test_no_line_becomes_a_link() -> None:
    assert [line for line in dead_lines() if outside_link(line)] == []


def test_a_looser_rule_would_let_lines_through() -> None:
    def by_its_beginning(line: object) -> bool:
        return str(line).strip().lower().startswith(("http:", "https:"))

    def by_its_scheme(line: object) -> bool:
        try:
            return urlsplit(str(line)).scheme in ("", "http", "https")
        except ValueError:
            return False

    for rule in (by_its_beginning, by_its_scheme):
        assert sum(map(rule, dead_lines())) >= 25


@pytest.mark.parametrize("stored", LINKS)
def test_a_link_leads_to_the_host_it_shows(stored: str) -> None:
    link = outside_link(stored)
    assert (link, link.host) == LINKS[stored]
    assert link.isascii()
    assert urlsplit(link).netloc == link.host
    assert outside_link(str(link)) == link


def is_storable(line: object) -> bool:
    """Whether a column of addresses could hold it."""
    return isinstance(line, str) and len(line) <= 2000 and not re.search("[\x00\ud800]", line)


def test_every_page_that_shows_addresses_keeps_to_the_rule(world: World, log_in: LogIn) -> None:
    """Both kinds of line in every column that holds an address; the pages tell them apart."""
    client = log_in(world.boss)
    desk = world.near
    dead = list(map(str, filter(is_storable, dead_lines())))
    addresses = [
        reverse(f"admin:claims_{noun}_change", args=[getattr(desk, noun).pk])
        for noun in ("article", "page", "snapshot", "verdict", "ticket")
    ]
    found_by = SearchResult.objects.filter(page__team=desk.team).earliest("pk").search_id
    addresses.append(reverse("admin:claims_search_change", args=[found_by]))
    odd: list[Any] = [*dead[:240], None, 7, {}]
    links = [{"text": str(one), "url": one} for one in odd]
    Snapshot.objects.filter(pk=desk.snapshot.pk).update(links=links)
    open_append_only_tables()
    for line in dead[::25]:
        _store(desk, line)
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 200, address
            assert links_of(response.content.decode()) == [], (address, line)
    for stored, (href, host) in [*LINKS.items()][::3]:
        _store(desk, stored)
        for address in addresses:
            page = client.get(address).content.decode()
            found = links_of(page)
            assert found or "/ticket/" in address, (address, stored)
            for link in found:
                # Evidence names its quote behind the address, for the browser alone.
                told, quoted = link["href"] or "", ":~:text=" in (link["href"] or "")
                bare = (told.partition("#")[0], href.partition("#")[0])
                assert bare[0] == bare[1] if quoted else told == href
                assert set((link["rel"] or "").split()) >= REL
                assert link["target"] == "_blank"
            assert not found or host in page


def _store(desk: Any, line: str) -> None:
    Article.objects.filter(pk=desk.article.pk).update(url=line)
    Page.objects.filter(team=desk.team).update(url=line)
    Snapshot.objects.filter(page__team=desk.team).update(final_url=line)
    VerdictEvidence.objects.filter(verdict=desk.verdict).update(url=line)
    FactCheck.objects.filter(team=desk.team).update(url=line)


def test_no_form_sends_a_person_elsewhere(world: World, log_in: LogIn, client: Client) -> None:
    ben = log_in(world.ben)
    answers: list[Any] = []
    for wanted in LEAVING:
        opened = reverse("admin:claims_claim_open", args=[world.near.claim.pk])
        answers += [
            ben.post(opened, {"back": wanted}),
            ben.post(reverse("admin:claims_ticket_take_next"), {"next": wanted}),
            ben.get(reverse("admin:login"), {"next": wanted}),
            client.get(reverse("admin:claims_ticket_changelist"), {"next": wanted}),
        ]
    # Passwords are slow to check, on purpose.
    for wanted in LEAVING[::5]:
        typed = {"username": "dan", "password": PASSWORD, "next": wanted}
        answers += [
            Client().post(reverse("admin:login"), typed),
            log_in(world.ben).post(reverse("admin:logout"), {"next": wanted}),
        ]
    for answer in answers:
        assert answer.status_code in (200, 302), answer.status_code
        assert _lands_at_home(answer), answer.headers["Location"]
    assert sum(answer.status_code == 302 for answer in answers) > 3 * len(LEAVING)


def test_a_redirect_that_trusts_its_address_would_leave() -> None:
    followed = [line for line in LEAVING if re.match(r"[/\\]|https?:[\x00-\x7f]*$", line)]
    landed = [_lands_at_home(HttpResponseRedirect(wanted)) for wanted in followed]
    assert landed.count(False) >= 15


def _lands_at_home(answer: HttpResponse) -> bool:
    """Judged as a browser reads it: tabs and line ends dropped, a backslash is a slash."""
    location = answer.headers.get("Location", "")
    for sign in "\t\r\n":
        location = location.replace(sign, "")
    location = location.strip("".join(map(chr, range(33)))).replace("\\", "/")
    return not location or re.match(r"(http://testserver)?/(?!/)", location) is not None
