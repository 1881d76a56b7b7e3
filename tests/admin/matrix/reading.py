"""A person's every page, with what changes from one minute to the next taken out."""

from __future__ import annotations

import re
from typing import TypeAlias

from django.test import Client

from tests.admin.matrix.walking import ask, list_routes
from tests.admin.world import Desk

# Address → status and what was told.
Reading: TypeAlias = dict[str, tuple[int, str]]
# Also lists that are sorted, searched and narrowed.
NARROWED = (
    "admin/claims/ticket/?queue=waiting",
    "admin/claims/ticket/?assigned=somebody&o=-3",
    "admin/claims/ticket/?q=mines",
    "admin/claims/claim/?q=exports&score=weak",
    "admin/claims/verdict/?version=all&o=4",
    "admin/claims/snapshot/?q=production",
    "admin/claims/source/?q=sample&o=2",
    "admin/search/?s=production&extended=1",
    "admin/export/verdicts.csv?versions=all&file=evidence",
)
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|"token": "\w+"|csrftoken=[^\n]*|sessionid=[^\n]*'
    r"|\b\d+ (?:min|minutes|h|d|s)\b(?: ago)?|just now|datetime=\"[^\"]*\""
    r"|(?:Expires|Last-Modified|Content-Length): [^\n]*"
    r"|X-CSRFToken[^}]*|messages=[^\n]*"
    r"|WARC-(?:Record-ID|Date|Block-Digest): [^\n]*|created: [^\n]*"
)


def read_pages(client: Client, desk: Desk) -> Reading:
    """Every address by GET, for the person's own desk."""
    addresses = [route.fill(desk) for route in list_routes()]
    addresses += [f"/{narrowed}" for narrowed in NARROWED]
    return {address: read(client, address) for address in addresses if address != "/healthz"}


def read(client: Client, address: str) -> tuple[int, str]:
    """One address: status and what was told, without what changes by itself."""
    response = ask(client, "get", address)
    return response.status_code, steady(response.told)


def steady(told: str) -> str:
    """What was told, without tokens and the time."""
    return CHANGING.sub("…", told)
