"""Planning: which searches a ticket owes, written with the move that wants them."""

from __future__ import annotations

from django.db import transaction

from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Claim
from claims.models.history import move_ticket
from claims.models.job import Job
from claims.models.search import Search
from claims.models.ticket import Ticket
from claims.text.quantity import Period
from claims.text.queries import Frame, Query, build_queries, number_variants
from claims.text.topic import read_topic
from claims.vocabulary import JobKind, SearchPurpose
from claims.workflow.gather.providers import CITED, providers_in_use, purposes_of

MAX_QUERY_CHARS = 300
# Politeness: no provider is asked more often than this in one round of a ticket.
MAX_QUERIES_PER_PROVIDER = 3


def plan_searches(ticket: Ticket) -> Ticket:
    """Owe the first round of searches of an open ticket and move it to *gathering*."""
    with transaction.atomic():
        ticket = move_ticket(ticket, "gather", actor=None)
        _owe_searches(ticket, _queries_of(ticket))
    return ticket


def gather_more(
    ticket: Ticket, *, by: Person, query: str = "", expected_version: int | None = None
) -> Ticket:
    """A reviewer wants another round, with a query of their own or with the claim as now framed.

    The ticket comes back to the same person when the round is over.
    """
    typed = " ".join(query.split())[:MAX_QUERY_CHARS]
    with transaction.atomic():
        ticket = move_ticket(
            ticket,
            "gather_more",
            actor=by,
            note=typed,
            expected_version=expected_version,
            round=ticket.round + 1,
            assigned_to_id=by.pk,
        )
        queries = (Query(typed, SearchPurpose.SUPPORT),) if typed else _queries_of(ticket)
        _owe_searches(ticket, queries)
    return ticket


def frame_of_claim(ticket: Ticket) -> Frame:
    """The claim's frame as the reviewer left it."""
    claim = ticket.claim
    number = claim.quantities.first()
    has_period = claim.period_from or claim.period_to
    return Frame(
        quantity=number.as_read() if number else None,
        measured=claim.measured or None,
        of_what=claim.of_what or None,
        place=claim.place or None,
        period=Period(claim.period_from, claim.period_to) if has_period else None,
        claimant=claim.claimant or None,
    )


def _queries_of(ticket: Ticket) -> tuple[Query, ...]:
    """The queries of the claim as framed, with the topic of the article it first stood in."""
    article = (
        Article.objects.filter(appearances__claim_id=ticket.claim_id)
        .order_by("published_on", "id")
        .first()
    )
    topic = read_topic(article.text, article.title) if article else ()
    return build_queries(word_as_meant(ticket.claim), frame_of_claim(ticket), topic=topic)


def word_as_meant(claim: Claim) -> str:
    """The claim's wording with what a person corrected of its numbers, for searching alone.

    A corrected number stands in place of the one that was read, a struck one is gone, and
    what a person says is measured, of what and counted is among the words.
    """
    text, added = claim.self_contained, []
    for row in claim.quantities.order_by("position"):
        fixed = row.corrected
        if not row.is_added and {"value", "unit"} & fixed:
            text = text.replace(row.text, next(iter(number_variants(row.as_read())), ""), 1)
        added += [
            getattr(row, slot) for slot in ("measured", "of_what", "counted") if slot in fixed
        ]
    for one in claim.machine.get("struck", ()):
        text = text.replace(str(one["text"]), "", 1)
    return " ".join([text, *(words for words in added if words and words not in text)])


def _owe_searches(ticket: Ticket, queries: tuple[Query, ...]) -> None:
    rows = [
        Search(
            ticket=ticket,
            round=ticket.round,
            provider=provider,
            query=query.text[:MAX_QUERY_CHARS],
            purpose=query.purpose,
        )
        for provider in providers_in_use()
        for query in _queries_for(provider, queries)
    ]
    cites = Article.objects.filter(appearances__claim_id=ticket.claim_id)
    if ticket.round == 1 and cites.exists():
        rows.insert(
            0,
            Search(ticket=ticket, provider=CITED, round=1, purpose=SearchPurpose.CITED),
        )
    Search.objects.bulk_create(rows)
    Job.objects.owe_many(JobKind.SEARCH, [str(row.pk) for row in rows], team=ticket.team)


def _queries_for(provider: str, queries: tuple[Query, ...]) -> list[Query]:
    """The first queries of the purposes the provider takes; the rest is for later rounds."""
    wanted = purposes_of(provider)
    chosen = [query for query in queries if query.purpose in wanted]
    return chosen[:MAX_QUERIES_PER_PROVIDER]
