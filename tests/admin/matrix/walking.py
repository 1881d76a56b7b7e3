"""Every address of the site, read from its own resolver, filled in for the rows of one desk."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import unquote

from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from claims.models import ClaimImport, Errand, Provider
from claims.vocabulary import ProviderName
from tests.admin.world import Desk

PARAMETER = re.compile(r"<[^>]*>|\(\?P<\w+>[^)]*\)")
# What stands in an address for a parameter that names no row.
FILLS = {"(?P<app_label>claims|auth)": "claims", "(?P<url>.*)": "nothing-here"}


@dataclass(frozen=True, slots=True)
class Route:
    """One pattern of the resolver: as written, and the noun whose row it names, if any."""

    pattern: str
    noun: str

    def fill(self, desk: Desk) -> str:
        """The address for this desk's row."""
        filled = re.sub(r"[\^$]", "", self.pattern)
        for parameter, value in FILLS.items():
            filled = filled.replace(parameter, value)
        key = str(key_of(self.noun, desk)) if self.noun else ""
        return "/" + PARAMETER.sub(key, filled)


class PlainClient(Client):
    """A browser that keeps no copy of each template's context, which would be most of its time."""

    def request(self, **request: Any) -> Any:
        """The answer; an error in a view is a 500, as for a person."""
        response = self.handler(self._base_environ(**request))  # type: ignore[attr-defined]
        self.cookies.update(response.cookies)
        return response


def list_routes(urlconf: str | None = None) -> list[Route]:
    """Every route that can be reached from the root."""
    return [_route(pattern) for pattern in _walk(get_resolver(urlconf))]


def key_of(noun: str, desk: Desk) -> int:
    """The key of the desk's row of a noun."""
    if noun == "import":
        return int(ClaimImport.objects.filter(team=desk.team).earliest("pk").pk)
    if noun == "errand":
        return int(Errand.objects.filter(team=desk.team).earliest("pk").pk)
    if noun == "user":
        people = get_user_model()._default_manager.filter(memberships__team=desk.team)
        return int(people.order_by("pk")[0].pk)
    if noun == "provider":
        return int(Provider.objects.get(name=ProviderName.BRAVE).pk)
    row: Any = desk.team.scale if noun == "ratingscale" else getattr(desk, noun)
    return int(row.pk)


def ask(
    client: Client, method: str, address: str, data: Any = None, *, is_undone: bool = True
) -> Any:
    """One request, undone afterwards unless told not to: rows, session and cookies as they were."""
    cookies = client.cookies.output(header="", sep="; ")
    with transaction.atomic():
        response = getattr(client, method)(address, data)
        response.told = told_by(response)
        transaction.set_rollback(is_undone)
    client.cookies = SimpleCookie(cookies)
    return response


def told_by(response: Any) -> str:
    """All that a response says: its body and its headers, also as they read when unquoted."""
    parts = response.streaming_content if response.streaming else [response.content]
    raw = b"".join(parts)
    if response.headers.get("Content-Type") == "application/warc":
        raw = gzip.decompress(raw)
    body = raw.decode("utf-8", "replace")
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{body}\n{headers}\n{unquote(headers)}\n{response.cookies.output()}"


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        written = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield written
        else:
            yield from _walk(one, written)


def _route(pattern: str) -> Route:
    held = re.match(r"admin/(?:claims|auth)/(\w+)/.*<|.*<int:(import|errand)_id>", pattern)
    return Route(pattern, (held.group(1) or held.group(2)) if held else "")
