"""How each place is set up now: the environment's settings, and over them what an admin set.

Promises one query for all places, and that a place is asked only when it is switched on
and has what it needs; where not, the reason is in plain words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from claims.models.page import Source
from claims.models.provider import Provider
from claims.vocabulary import ProviderName, SourceStanding
from claims.web.errors import FetchError
from claims.web.urls import parse_http_url
from claims.workflow.gather.catalogue import KINDS, Kind

MAX_TRUSTED = 100
SITE = re.compile(r"[a-z0-9.-]+\.[a-z0-9-]{2,}(?::\d{1,5})?(?:/[^\s\"']*)?\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}\Z")


@dataclass(frozen=True, slots=True)
class Setup:
    """One place as it is set up; ``quota`` is queries a day, ``None`` without a limit."""

    name: ProviderName
    is_on: bool
    base_url: str = ""
    key: str = field(default="", repr=False)
    quota: int | None = None
    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    quiet_until: datetime | None = None

    @property
    def kind(self) -> Kind:
        """What the place needs and offers."""
        return KINDS[self.name]

    @property
    def missing(self) -> str:
        """Why it cannot be asked although it is on; ``""`` where it can."""
        if self.kind.needs_key and not self.key:
            return "It has no key."
        if self.kind.has_url and self.kind.dials and not self.base_url:
            return "It has no address."
        if self.name == ProviderName.FEEDS and not self.places:
            return "No feed is listed."
        return ""

    @property
    def is_ready(self) -> bool:
        """Whether it is switched on and has what it needs."""
        return self.is_on and not self.missing

    def language_for(self, language: str) -> str:
        """The language to ask in: that of the text where it is listed, else the first listed."""
        if not self.languages:
            return language if LANGUAGE.match(language) else "en"
        return language if language in self.languages else self.languages[0]

    def is_quiet(self) -> bool:
        """Whether the service asked to be left alone until later."""
        return self.quiet_until is not None and self.quiet_until > timezone.now()


def read_setups() -> dict[ProviderName, Setup]:
    """Every place, in the order in which people see them."""
    rows = {row.name: row for row in Provider.objects.all()}
    setups = {name: _merge(name, rows.get(name)) for name in ProviderName}
    sites, engine = setups[ProviderName.SITES], setups[ProviderName.SEARXNG]
    if not sites.base_url:
        setups[ProviderName.SITES] = _merge(
            ProviderName.SITES, rows.get(ProviderName.SITES), base_url=engine.base_url
        )
    return setups


def setup_of(row: Provider) -> Setup:
    """The place of one row; the trusted sites stand at SearXNG's address unless at their own."""
    if row.name == ProviderName.SITES and not row.base_url:
        return read_setups()[ProviderName.SITES]
    return _merge(ProviderName(row.name), row)


def places_for_team(team_id: int) -> list[Setup]:
    """The places that take queries for a team now, in the order in which people see them."""
    return [
        setup
        for setup in read_setups().values()
        if setup.is_ready
        and setup.kind.purposes
        and (setup.name != ProviderName.SITES or setup.places or trusted_sites(team_id))
    ]


def default_setup(name: ProviderName) -> Setup:
    """The place as the environment has it, whatever an admin set."""
    on, url, key, places = _environment()[name]
    return Setup(name, on, url or KINDS[name].default_url, key, places=places)


def trusted_sites(team_id: int) -> tuple[str, ...]:
    """Hosts, or hosts and paths, of the publishers that a team marked as trusted."""
    rows = Source.objects.filter(team_id=team_id, standing=SourceStanding.TRUSTED)
    return tuple(rows.order_by("prefix").values_list("prefix", flat=True)[:MAX_TRUSTED])


def read_sites(text: str) -> tuple[str, ...]:
    """The sites of a list, one a line, in their normal form; raises ``ValueError`` with the line.

    >>> read_sites("https://www.Stats.example/\\n\\nun.example/data")
    ('stats.example', 'un.example/data')
    """
    sites = []
    for line in text.split("\n"):
        site = re.sub(r"\A(?:https?://)?(?:www\.)?", "", line.strip(), flags=re.IGNORECASE)
        host, slash, path = site.partition("/")
        site = f"{host.lower()}{slash}{path}".rstrip("/")
        if not site:
            continue
        if not SITE.match(site):
            raise ValueError(line.strip()[:100])
        sites.append(site)
    return tuple(dict.fromkeys(sites))


def read_feeds(text: str) -> tuple[str, ...]:
    """The addresses of a list of feeds, one a line; raises ``ValueError`` with the line."""
    feeds = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        try:
            feeds.append(str(parse_http_url(line)))
        except FetchError:
            raise ValueError(line[:100]) from None
    return tuple(dict.fromkeys(feeds))


def _merge(name: ProviderName, row: Provider | None, base_url: str = "") -> Setup:
    default = default_setup(name)
    base_url = base_url or default.base_url
    if row is None:
        return Setup(name, default.is_on, base_url, default.key, places=default.places)
    return Setup(
        name,
        default.is_on if row.is_on is None else row.is_on,
        row.base_url or base_url,
        row.key or default.key,
        row.daily_quota,
        tuple(row.languages.split()),
        tuple(row.places.split()) or default.places,
        row.quiet_until,
    )


def _environment() -> dict[ProviderName, tuple[bool, str, str, tuple[str, ...]]]:
    """On or off, address, key and list of every place, by the environment."""
    name = ProviderName
    searxng = settings.SEARXNG_URL
    return {
        name.CITED: (True, "", "", ()),
        name.LIBRARY: (True, "", "", ()),
        name.FACT_CHECKS: (bool(settings.FACT_CHECK_KEY), "", settings.FACT_CHECK_KEY, ()),
        name.SITES: (bool(searxng), "", "", tuple(settings.SEARCH_SITES)),
        name.SEARXNG: (bool(searxng), searxng, "", ()),
        name.BRAVE: (bool(settings.BRAVE_KEY), "", settings.BRAVE_KEY, ()),
        name.WIKIPEDIA: (bool(settings.WIKIPEDIA_API_URL), settings.WIKIPEDIA_API_URL, "", ()),
        name.GDELT: (settings.GDELT_ON, "", "", ()),
        name.FEEDS: (bool(settings.SEARCH_FEEDS), "", "", tuple(settings.SEARCH_FEEDS)),
        name.WAYBACK: (settings.WAYBACK_ON, "", "", ()),
        name.SAMPLE_WEB: (bool(settings.SAMPLE_WEB_URL), settings.SAMPLE_WEB_URL, "", ()),
    }
