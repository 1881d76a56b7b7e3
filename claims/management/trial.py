"""A claim tried out at the terminal: looked up, read and weighed, with nothing stored.

Takes the same steps as a worker (the article's links, the search providers, the
guarded client, the reading child, the weighing) and keeps everything in memory. The
team's library is not asked: it is the one place that needs the database.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from claims.management.client import open_client, open_search_client
from claims.models import Page, Snapshot
from claims.text.articles import read_article
from claims.text.kept import keep_text
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity
from claims.text.queries import build_queries, read_frame
from claims.text.topic import context_of, read_topic
from claims.vocabulary import FetchReason, ProviderName, SearchOutcome
from claims.web.client import Client, Fetched
from claims.web.errors import FetchError, HostBusy
from claims.web.reading_child import PageReader
from claims.web.search.cited import CitedSearch
from claims.web.search.protocol import SearchProvider
from claims.web.urls import canonical_url
from claims.workflow.gather import outcome_of
from claims.workflow.gather.providers import open_provider
from claims.workflow.gather.setups import default_setup
from claims.workflow.weigh import Making, Surroundings, Weighing, weigh_snapshots

QUERIES_PER_PROVIDER = 3
RESULTS_PER_QUERY = 8
MAX_PAGES = 40
FETCHED_AT_ONCE = 16
# Pages of one host wait for their turn this long.
LONGEST_TURN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One query to one provider: how it ended, how many links it gave, or why it gave none."""

    provider: str
    query: str
    outcome: SearchOutcome
    results: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that could not be had, with the reason from the closed list."""

    url: str
    reason: FetchReason
    detail: str


@dataclass(slots=True)
class Trial:
    """What a claim's trial brought."""

    claim: str
    quantities: tuple[Quantity, ...]
    weighing: Weighing = field(default_factory=lambda: Weighing((), {}))
    pages: list[Snapshot] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Article:
    """The claim's article as far as a trial needs it."""

    published: date | None
    topic: tuple[str, ...]
    before: str
    links: tuple[tuple[str, str], ...]
    text: str


def try_claim(
    claim: str, *, article: str = "", urls: Sequence[str] = (), published: date | None = None
) -> Trial:
    """Look for, read and weigh sources for ``claim``; with ``urls`` nothing else is asked.

    ``article`` is the text the claim stands in: it gives the day, the topic and the links.
    """
    around = _read_around(claim, article, published)
    quantities = tuple(read_quantities(claim, published=around.published))
    trial = Trial(claim, quantities)
    client = open_client()
    named = {canonical_url(url): url for url in urls}
    wanted = list(named.values()) or _search(trial, around)
    _read_pages(trial, client, wanted)
    surroundings = Surroundings(around.published, context_of(around.topic, around.before))
    making = [Making(around.text, around.published)] if around.text else []
    trial.weighing = weigh_snapshots(claim, quantities, surroundings, trial.pages, making=making)
    return trial


def _read_around(claim: str, article: str, published: date | None) -> _Article:
    if not article:
        return _Article(published, (), "", (), "")
    kept = keep_text(article)
    reading = read_article(kept.text)
    at = kept.text.find(claim)
    before = kept.text[max(0, at - 400) : at] if at > 0 else ""
    topic = read_topic(kept.text, reading.title or "")
    return _Article(published or reading.published, topic, before, kept.links, kept.text)


def _search(trial: Trial, around: _Article) -> list[str]:
    """The URLs that the article cites and that the providers name, each once, in turns."""
    frame = read_frame(trial.claim, trial.quantities)
    queries = build_queries(trial.claim, frame, topic=around.topic)
    found: list[list[str]] = []
    if around.text:
        cited = CitedSearch(around.links, around.text)
        found.append(_ask(trial, cited, "", 3 * RESULTS_PER_QUERY))
    for provider in _open_providers(open_search_client()):
        for query in queries[:QUERIES_PER_PROVIDER]:
            found.append(_ask(trial, provider, query.text, RESULTS_PER_QUERY))
    by_page = {canonical_url(url): url for links in found for url in links}
    return list(by_page.values())[:MAX_PAGES]


def _ask(trial: Trial, provider: SearchProvider, query: str, limit: int) -> list[str]:
    try:
        links = [one.url for one in provider.search(query, limit=limit)]
    except FetchError as problem:
        outcome = outcome_of(problem)
        trial.asked.append(Asked(provider.name, query, outcome, problem=str(problem)))
        return []
    outcome = SearchOutcome.FOUND if links else SearchOutcome.FOUND_NOTHING
    trial.asked.append(Asked(provider.name, query, outcome, len(links)))
    return links


def _open_providers(client: Client) -> list[SearchProvider]:
    """The places that the environment sets up; what an admin set stands in the database."""
    setups = (default_setup(name) for name in ProviderName)
    asked = (one for one in setups if one.is_ready and one.kind.dials and one.kind.purposes)
    return [open_provider(one, client) for one in asked]


def _read_pages(trial: Trial, client: Client, urls: Sequence[str]) -> None:
    """Fetch side by side, read one after another in the child."""
    with (
        ThreadPoolExecutor(FETCHED_AT_ONCE) as pool,
        PageReader(deadline_seconds=settings.FETCH_DEADLINE_SECONDS) as reader,
    ):
        for number, (url, back) in enumerate(
            zip(urls, pool.map(lambda url: _fetch(client, url), urls), strict=True), start=1
        ):
            try:
                if isinstance(back, FetchError):
                    raise back
                page = reader.read(
                    back.body,
                    url=back.final_url,
                    content_type=back.content_type,
                    charset=back.charset,
                    name=back.file_name,
                )
            except FetchError as problem:
                trial.unread.append(Unread(url, problem.reason, str(problem)))
                continue
            trial.pages.append(
                Snapshot(
                    pk=number,
                    page=Page(pk=number, url=url),
                    final_url=back.final_url,
                    title=page.title,
                    publisher=page.publisher,
                    published_on=page.published,
                    text=page.text,
                    reader=page.reader,
                    links=[{"url": to, "text": words} for to, words in page.links],
                )
            )


def _fetch(client: Client, url: str) -> Fetched | FetchError:
    """The page, or why there is none; a host that wants a pause gets it."""
    give_up_at = time.monotonic() + LONGEST_TURN_SECONDS
    while True:
        try:
            return client.fetch(url)
        except HostBusy as busy:
            if time.monotonic() > give_up_at:
                return busy
            time.sleep(min(busy.retry_after_seconds or 1.0, 2.0))
        except FetchError as problem:
            return problem
