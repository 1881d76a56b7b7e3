"""The Wayback Machine: the copy of a page as it was on a day, or the newest one.

Written against the published interfaces: the availability API
(``/wayback/available?url=&timestamp=`` with ``archived_snapshots.closest``) and the CDX
server (``/cdx/search/cdx?output=json``, the first row naming the columns). Promises a
copy that was answered with status 200, the nearest one on or before the day where there
is one; ``None`` means that there is no copy, which is an answer. It fetches no copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from claims.web.errors import FetchError, TryAgain, Unreadable
from claims.web.search.protocol import Asking, fetch_json
from claims.web.urls import parse_http_url

COLUMNS = ("timestamp", "original", "statuscode", "mimetype", "digest")
STAMP = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class Archive:
    """Where an archive with these interfaces stands."""

    availability_url: str = "https://archive.org/wayback/available"
    cdx_url: str = "https://web.archive.org/cdx/search/cdx"
    copies_url: str = "https://web.archive.org/web"


WAYBACK = Archive()


@dataclass(frozen=True, slots=True)
class Copy:
    """One kept copy.

    ``url`` shows it to people (with the archive's banner), ``raw_url`` gives its bytes as
    they came from the server; ``taken_at`` is aware, UTC. ``original`` is the address it
    was taken from, ``digest`` the archive's own (base32 SHA-1, ``""`` where not told).
    """

    url: str
    raw_url: str
    original: str
    taken_at: datetime
    digest: str = ""


def find_copy(
    client: Asking, url: str, on: date | None = None, *, archive: Archive = WAYBACK
) -> Copy | None:
    """The archive's copy of a page: the last one on or before the day ``on``, else the first after.

    Without a day the newest one. Where one interface has a passing fault or knows no copy, the
    other is asked. Raises a leaf of :class:`FetchError` where neither answers.
    """
    original = str(parse_http_url(url))
    ways = [_ask_index, _ask_availability] if on else [_ask_availability, _ask_index]
    fault: FetchError | None = None
    for way in ways:
        try:
            found = way(client, original, on, archive)
        except (TryAgain, Unreadable) as problem:
            fault = problem
            continue
        if found is not None:
            return found
    if fault is not None:
        raise fault
    return None


def _ask_availability(client: Asking, url: str, on: date | None, archive: Archive) -> Copy | None:
    asked = {"url": url} | ({"timestamp": f"{on:%Y%m%d}235959"} if on else {})
    answer = fetch_json(client, f"{archive.availability_url}?{urlencode(asked)}")
    snapshots = answer.get("archived_snapshots") if isinstance(answer, dict) else None
    if not isinstance(snapshots, dict):
        raise Unreadable("The archive's answer does not say which copies there are.")
    closest = snapshots.get("closest")
    if not isinstance(closest, dict) or closest.get("available") is not True:
        return None
    if str(closest.get("status", "200")) != "200":
        return None
    return _make_copy(closest.get("timestamp"), url, "", archive)


def _ask_index(client: Asking, url: str, on: date | None, archive: Archive) -> Copy | None:
    """The last copy up to the day (a negative limit counts from the end), else the first after."""
    if on is None:
        return _ask_rows(client, url, {"limit": "-1", "fastLatest": "true"}, archive)
    before = {"to": f"{on:%Y%m%d}235959", "limit": "-1"}
    found = _ask_rows(client, url, before, archive)
    return found or _ask_rows(client, url, {"from": f"{on:%Y%m%d}", "limit": "1"}, archive)


def _ask_rows(client: Asking, url: str, bounds: dict[str, str], archive: Archive) -> Copy | None:
    asked = {
        "url": url,
        "output": "json",
        "fl": ",".join(COLUMNS),
        "filter": "statuscode:200",
        **bounds,
    }
    rows = fetch_json(client, f"{archive.cdx_url}?{urlencode(asked)}")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Unreadable("The archive's index did not answer with rows.")
    copies = [_read_row(rows[0], row, archive) for row in rows[1:]]
    return next((copy for copy in reversed(copies) if copy is not None), None)


def _read_row(names: list[Any], row: list[Any], archive: Archive) -> Copy | None:
    told = {str(name): value for name, value in zip(names, row, strict=False)}
    original = told.get("original")
    if told.get("statuscode") != "200" or not isinstance(original, str):
        return None
    return _make_copy(told.get("timestamp"), original, str(told.get("digest") or ""), archive)


def _make_copy(stamp: object, original: str, digest: str, archive: Archive) -> Copy | None:
    """A copy of a timestamp of 14 digits; ``None`` for one that is no time.

    Its address is built here and not taken from the answer, which may name any host.
    """
    if not isinstance(stamp, str) or len(stamp) != 14:
        return None
    try:
        taken_at = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
        page = str(parse_http_url(original))
    except (ValueError, FetchError):
        return None
    return Copy(
        url=f"{archive.copies_url}/{stamp}/{page}",
        raw_url=f"{archive.copies_url}/{stamp}id_/{page}",
        original=page,
        taken_at=taken_at,
        digest=digest[:64],
    )
