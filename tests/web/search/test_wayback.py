"""The archive's two interfaces, against a server that speaks them, faults included."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from claims.web.client import Client
from claims.web.errors import Forbidden, RateLimited, Unreadable
from claims.web.search.wayback import Archive, find_copy
from tests.site.server import Exchange, Site

PAGE = "https://daily.example/mines?id=3"
NAMES = ["timestamp", "original", "statuscode", "mimetype", "digest"]
EARLY = ["20200105080000", PAGE, "200", "text/html", "AAAA"]
LATE = ["20240301120000", PAGE, "200", "text/html", "BBBB"]


@pytest.fixture
def archive(site: Site) -> Archive:
    """The archive on this machine."""
    return Archive(site.url("/available"), site.url("/cdx"), site.url("/web"))


def add_index(site: Site, *rows: list[str]) -> None:
    """An index that honours from, to and a negative limit as the published one does."""

    def answer(exchange: Exchange) -> None:
        asked = exchange.request.query
        left = [
            row
            for row in rows
            if asked.get("from", "") <= row[0] <= asked.get("to", "9") and row[2] == "200"
        ]
        limit = int(asked["limit"])
        left = left[limit:] if limit < 0 else left[:limit]
        exchange.answer(json.dumps([NAMES, *left] if left else []), content_type="text/plain")

    site.add("/cdx", answer)


def add_availability(site: Site, closest: Any, **options: Any) -> None:
    snapshots = {"closest": closest} if closest else {}
    body = json.dumps({"url": PAGE, "archived_snapshots": snapshots})
    site.add("/available", body, content_type="application/json", **options)


def closest(stamp: str, **more: Any) -> dict[str, Any]:
    url = f"http://web.archive.org/web/{stamp}/{PAGE}"
    return {"available": True, "url": url, "timestamp": stamp, "status": "200", **more}


@pytest.mark.parametrize(
    ("on", "stamp"),
    [
        (date(2024, 3, 1), LATE[0]),
        (date(2024, 2, 29), EARLY[0]),
        (date(2019, 1, 1), EARLY[0]),
    ],
)
def test_the_page_as_it_was_on_a_day(
    site: Site, client: Client, archive: Archive, on: date, stamp: str
) -> None:
    add_index(site, EARLY, LATE)
    found = find_copy(client, PAGE, on, archive=archive)
    assert found is not None
    assert found.taken_at == datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    assert found.url == site.url(f"/web/{stamp}/{PAGE}")
    assert found.raw_url == site.url(f"/web/{stamp}id_/{PAGE}")
    assert site.seen[0].query["url"] == PAGE
    assert "/available" not in site.paths()


def test_the_newest_copy_by_availability(site: Site, client: Client, archive: Archive) -> None:
    add_availability(site, closest("20240301120000"))
    found = find_copy(client, PAGE, archive=archive)
    assert found is not None
    assert (found.taken_at.year, found.digest) == (2024, "")
    assert site.paths() == ["/available"]


@pytest.mark.parametrize(
    "said",
    [None, closest("20240301120000", available=False), closest("20240301120000", status="404")],
)
def test_where_availability_knows_none_the_index_is_asked(
    site: Site, client: Client, archive: Archive, said: Any
) -> None:
    add_availability(site, said)
    add_index(site, EARLY, ["20240301120000", PAGE, "404", "text/html", "C"])
    found = find_copy(client, PAGE, archive=archive)
    assert found is not None
    assert (found.taken_at.year, found.digest) == (2020, "AAAA")


def test_no_copy_is_an_answer(site: Site, client: Client, archive: Archive) -> None:
    add_availability(site, None)
    add_index(site)
    assert find_copy(client, PAGE, archive=archive) is None
    assert find_copy(client, PAGE, date(2024, 1, 1), archive=archive) is None


def test_a_fault_of_one_is_made_good_by_the_other(
    site: Site, client: Client, archive: Archive
) -> None:
    site.add("/cdx", "", status=503)
    add_availability(site, closest("20231231000000"))
    found = find_copy(client, PAGE, date(2024, 1, 1), archive=archive)
    assert found is not None
    assert site.seen[-1].query["timestamp"] == "20240101235959"


def test_faults_of_both_are_told(site: Site, client: Client, archive: Archive) -> None:
    site.add("/available", "", status=429, headers=(("Retry-After", "60"),))
    site.add("/cdx", "", status=429, headers=(("Retry-After", "90"),))
    with pytest.raises(RateLimited) as caught:
        find_copy(client, PAGE, archive=archive)
    assert caught.value.retry_after_seconds == 90
    site.add("/available", "", status=403)
    with pytest.raises(Forbidden):
        find_copy(client, PAGE, archive=archive)


@pytest.mark.parametrize(
    "rows",
    [
        "{}",
        "[3]",
        "<html>",
        json.dumps([NAMES, LATE])[:40],
    ],
)
def test_answers_that_are_none(site: Site, client: Client, archive: Archive, rows: str) -> None:
    site.add("/cdx", rows)
    site.add("/available", rows)
    with pytest.raises(Unreadable):
        find_copy(client, PAGE, date(2024, 1, 1), archive=archive)


@pytest.mark.parametrize(
    "row",
    [
        ["20241399000000", PAGE, "200", "text/html", "X"],
        ["2024", PAGE, "200", "text/html", "X"],
        ["20240301120000", "javascript:alert(1)", "200", "text/html", "X"],
        ["20240301120000"],
    ],
)
def test_rows_that_are_no_copy(
    site: Site, client: Client, archive: Archive, row: list[str]
) -> None:
    site.add("/cdx", json.dumps([NAMES, row]))
    add_availability(site, None)
    assert find_copy(client, PAGE, date(2024, 1, 1), archive=archive) is None
