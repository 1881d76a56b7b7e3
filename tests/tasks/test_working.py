"""Real workers take one article from its text to ready tickets, whatever its sources do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.cache import cache

from claims.models import Evidence, Job, Page, Search, Snapshot, Ticket, TicketEvent
from claims.models.job import MAX_ATTEMPTS
from claims.tasks import nudge, open_and_gather, work_analyses, work_fetches
from claims.vocabulary import JobKind, JobState, SearchOutcome, TicketState
from claims.workflow.ingest import ingest_claim, ingest_text
from claims.workflow.recheck import verify_history, verify_snapshots
from tests.people import Desk, make_desk
from tests.site.server import Exchange, Site
from tests.stack.running import free_port
from tests.tasks.workers import (
    Worker,
    all_jobs_ended,
    idle_workers,
    tell_jobs,
    wait_until,
    work_until,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CLAIM = "The harbour of Varnholm handled 48,000 tonnes of salt in 2023, the port authority said."
AGREES = "The harbour of Varnholm handled 48,000 tonnes of salt in 2023, the yearbook shows."
DIFFERS = "In 2023 the harbour of Varnholm handled 31,000 tonnes of salt, the customs office said."


def page_of(sentence: str, title: str) -> str:
    filler = "Salt has been loaded at the old quay since the railway was built. " * 4
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head><body><article>"
        f"<h1>{title}</h1><p>{filler}</p><p>{sentence}</p><p>{filler}</p></article></body></html>"
    )


@pytest.fixture(scope="module")
def tired() -> Iterator[Site]:
    """A host of its own that asks to be left alone for an hour: all of it then is."""
    with Site() as site:
        site.add("/busy", "later", status=429, headers=(("Retry-After", "3600"),))
        yield site


@pytest.fixture(scope="module")
def running_web(tired: Site) -> Iterator[Site]:
    """A small web with its own search, pages that agree and differ, and pages that misbehave."""
    with Site(robots="User-agent: *\nDisallow: /closed\n") as site:
        site.add("/agrees", page_of(AGREES, "Yearbook of ports"))
        site.add("/differs", page_of(DIFFERS, "Customs figures"))

        def slow(exchange: Exchange) -> None:
            exchange.wait(1.5)
            exchange.answer(page_of(AGREES, "Slow yearbook"))

        def flaky(exchange: Exchange) -> None:
            if site.paths().count("/flaky") < 2:
                exchange.answer("not now", status=503)
            else:
                exchange.answer(page_of(DIFFERS, "Second try"))

        site.add("/slow", slow)
        site.add("/flaky", flaky)
        site.add("/gone", "gone", status=410)
        site.add("/closed/register", page_of(AGREES, "Not for programs"))
        site.add("/empty", "<html><body></body></html>")
        site.add("/odd", page_of(AGREES, "Odd headers"), headers=(("X-Odd", "a\x00b\xff"),))
        found = ["agrees", "differs", "slow", "flaky", "gone", "closed/register", "empty"]
        results = [{"url": f"/{name}", "title": f"{name}\x00\ud800"} for name in found]
        results.append({"url": tired.url("/busy"), "title": "busy"})

        def search(exchange: Exchange) -> None:
            wanted = results if "salt" in exchange.request.query.get("q", "").lower() else []
            limit = int(exchange.request.query["limit"])
            at = limit * (site.paths().count("/search") - 1) % max(len(results), 1)
            exchange.answer(
                json.dumps({"results": wanted[at : at + limit]}), content_type="application/json"
            )

        site.add("/search", search)
        yield site


@pytest.fixture(scope="module")
def workers(
    running_web: Site,
    tired: Site,
    django_db_setup: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[Worker]]:
    """One worker of each queue, started once: each test's rows are new to them."""
    log, closed = tmp_path_factory.mktemp("workers"), free_port()
    environ = {
        "FACTCHECK_FETCH_ALLOW": ",".join(
            f"127.0.0.1:{port}" for port in (running_web.port, tired.port, closed)
        ),
        "FACTCHECK_SAMPLE_WEB_URL": running_web.url("").rstrip("/"),
        "FACTCHECK_WIKIPEDIA_API_URL": f"http://127.0.0.1:{closed}/w/api.php",
    }
    with Worker("fetch", log, **environ) as fetch, Worker("analyse", log, **environ) as analyse:
        yield [fetch, analyse]


@pytest.fixture
def web(running_web: Site, workers: list[Worker]) -> Site:
    """The web as if nobody had asked it anything."""
    # A worker may still be at the pages of the test before, and keep what it reads there.
    names = {worker.name for worker in workers}
    wait_until(lambda: names <= idle_workers(), 60)
    cache.clear()
    running_web.seen.clear()
    return running_web


@pytest.fixture
def searched(settings: object, web: Site) -> None:
    """The providers as the workers know them, for what the test process plans itself."""
    settings.SAMPLE_WEB_URL = web.url("").rstrip("/")  # type: ignore[attr-defined]
    settings.WIKIPEDIA_API_URL = "http://127.0.0.1:9/w/api.php"  # type: ignore[attr-defined]


def logs_of(workers: list[Worker]) -> str:
    return "\n".join(worker.told() for worker in workers)


def outcome_of(web: Site, path: str) -> tuple[str, str]:
    page = Page.objects.get(canonical_url=web.url(path))
    return page.outcome, page.reason


def test_one_article_from_its_text_to_ready_tickets(
    web: Site, tired: Site, workers: list[Worker]
) -> None:
    # A process remembers robots.txt for a minute: one that was never here has to ask.
    fetch = workers[0]
    fetch.kill_tree()
    fetch.restart()
    wait_until(lambda: fetch.name in idle_workers(), 60, fetch.told)
    cache.clear()
    web.seen.clear()
    desk: Desk = make_desk()
    links = [f"[{path}]({web.url(path)})" for path in ("/odd", "/gone")]
    text = f"Salt at Varnholm\n\n{CLAIM} See {' and '.join(links)}.\n"
    article = ingest_text(desk.team, text, published_on=date(2024, 5, 2)).article
    # Late, doubled and needless hints change nothing.
    for _ in range(5):
        nudge()
    work_until(lambda: Ticket.objects.exists() and all_jobs_ended(), 90, lambda: logs_of(workers))
    article.refresh_from_db()
    ticket = Ticket.objects.get(claim__text__contains="48,000 tonnes")
    assert (article.state, ticket.state) == ("read", TicketState.READY)

    # Every search says how it ended, the empty and the silent ones too.
    ended = {(one.provider, one.outcome) for one in Search.objects.filter(ticket=ticket)}
    assert ("cited", SearchOutcome.FOUND) in ended
    assert ("library", SearchOutcome.FOUND_NOTHING) in ended
    assert ("sample_web", SearchOutcome.FOUND) in ended
    assert {o for provider, o in ended if provider == "wikipedia"} == {
        SearchOutcome.COULD_NOT_REACH
    }
    assert all(one.ended_at and (one.result_count or one.detail) for one in Search.objects.all())

    # Every page says how its fetch ended.
    assert outcome_of(web, "/agrees") == outcome_of(web, "/slow") == ("ok", "")
    assert outcome_of(web, "/flaky") == ("ok", "")
    assert outcome_of(web, "/odd") == ("ok", "")
    assert outcome_of(web, "/gone") == ("failed", "gone")
    assert outcome_of(web, "/closed/register") == ("refused", "robots_refused")
    assert outcome_of(tired, "/busy") == ("failed", "rate_limited")
    assert "/closed/register" not in web.paths()

    # Nothing was done twice.
    assert max(Counter(Snapshot.objects.values_list("page_id", flat=True)).values()) == 1
    asked = Counter(web.paths())
    assert {path: asked[path] for path in ("/agrees", "/differs", "/slow", "/gone")} == {
        "/agrees": 1, "/differs": 1, "/slow": 1, "/gone": 1,
    }  # fmt: skip
    assert asked["/flaky"] == 2
    assert asked["/robots.txt"] == 1
    assert max(Job.objects.values_list("attempts", flat=True)) <= MAX_ATTEMPTS

    # What was found is weighed, provable, and set by nobody.
    evidence = Evidence.objects.filter(ticket=ticket)
    assert {one.suggested_stance for one in evidence} >= {"supports", "refutes"}
    for piece in evidence.select_related("passage__snapshot"):
        passage = piece.passage
        assert passage.snapshot.text[passage.start : passage.end] == passage.quote
    assert not evidence.exclude(stance="").exists()
    assert list(verify_snapshots()) == []
    assert verify_history().is_sound
    assert list(TicketEvent.objects.filter(ticket=ticket).values_list("to_state", flat=True)) == [
        "open",
        "gathering",
        "ready",
    ]


def test_nothing_found_is_ready_all_the_same(
    web: Site, workers: list[Worker], searched: None
) -> None:
    desk = make_desk()
    claim = ingest_claim(desk.team, "The tram line carried 12,000 riders in 2019.")[0]
    _, is_new = open_and_gather(claim, by=desk.ben)
    assert is_new
    work_until(lambda: Ticket.objects.get().state == TicketState.READY, 60, tell_jobs)
    assert not Evidence.objects.exists()
    assert set(Search.objects.values_list("outcome", flat=True)) == {
        SearchOutcome.FOUND_NOTHING,
        SearchOutcome.COULD_NOT_REACH,
    }
    assert Ticket.objects.get().ready_at


def test_five_deliveries_of_each_hint_work_each_job_once(
    web: Site, workers: list[Worker], searched: None
) -> None:
    desk = make_desk()
    open_and_gather(ingest_claim(desk.team, CLAIM)[0], by=desk.ben)

    def hint_five_times() -> bool:
        for _ in range(5):
            work_fetches.delay()
            work_analyses.delay()
        return all_jobs_ended() and Ticket.objects.get().state == TicketState.READY

    wait_until(hint_five_times, 60, lambda: logs_of(workers))
    assert not Job.objects.exclude(state=JobState.DONE).exclude(kind=JobKind.FETCH).exists()
    pages = Counter(Snapshot.objects.values_list("page_id", flat=True))
    assert set(pages.values()) == {1}
    passages = Counter(Evidence.objects.values_list("passage_id", flat=True))
    assert set(passages.values()) == {1}
    asked = Counter(web.paths())
    assert asked["/agrees"] == 1
