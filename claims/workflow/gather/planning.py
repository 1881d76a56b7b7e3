"""Planning: which searches a ticket owes, written with the move that wants them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Claim
from claims.models.discussion import say_where, tell_lost
from claims.models.history import move_ticket
from claims.models.job import Job
from claims.models.search import Search
from claims.models.ticket import Ticket
from claims.text.number_writings import number_variants
from claims.text.quantity import Period
from claims.text.queries import Frame, Query, build_queries
from claims.text.topic import read_topic
from claims.vocabulary import JobKind, ProviderName, SearchPurpose
from claims.workflow.gather.following import follow_links
from claims.workflow.gather.setups import places_for_team, read_setups

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
    ticket: Ticket,
    *,
    by: Person,
    query: str = "",
    places: Collection[str] = (),
    expected_version: int | None = None,
) -> Ticket:
    """A reviewer wants another round, with a query of their own or with the claim as now framed.

    ``places`` names the providers to ask, none meaning all. The ticket comes back to the same
    person when the round is over; who held it before is told.
    """
    typed = " ".join(query.split())[:MAX_QUERY_CHARS]
    with transaction.atomic():
        tell_lost(ticket.reserved_by_id, [ticket], by=by, told=say_where(by))
        ticket = move_ticket(
            ticket,
            "gather_more",
            actor=by,
            note=typed,
            expected_version=expected_version,
            round=ticket.round + 1,
            search_stop="",
            assigned_to_id=by.pk,
        )
        queries = (Query(typed, SearchPurpose.SUPPORT),) if typed else _queries_of(ticket)
        _owe_searches(ticket, queries, only=places, is_typed=bool(typed))
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


def owe_next_round(ticket: Ticket) -> int:
    """Owe another round of a gathering ticket: queries that were not asked, and pages cited.

    Gives how many there are. The library alone makes no round: without a new page outside it
    has nothing new to say. Call it with the ticket's row locked.
    """
    searches = _new_searches(ticket, _queries_of(ticket), ticket.round + 1)
    cited = follow_links(ticket, ticket.round + 1)
    if not cited and all(one.provider == ProviderName.LIBRARY for one in searches):
        return 0
    _begin_round(ticket)
    _keep_searches(ticket, searches)
    return len(searches) + cited


def owe_cited_round(ticket: Ticket) -> int:
    """Owe a round of the pages alone that the ticket's evidence cites; gives how many.

    Call it with the ticket's row locked.
    """
    cited = follow_links(ticket, ticket.round + 1)
    if cited:
        _begin_round(ticket)
    return cited


def _begin_round(ticket: Ticket) -> None:
    ticket.round += 1
    Ticket.objects.filter(pk=ticket.pk).update(round=ticket.round)


def _owe_searches(
    ticket: Ticket,
    queries: tuple[Query, ...],
    *,
    only: Collection[str] = (),
    is_typed: bool = False,
) -> None:
    """Owe the ticket's round; a query that a person typed is asked again if it was before."""
    searches = _new_searches(ticket, queries, ticket.round, only=only, may_repeat=is_typed)
    cites = Article.objects.filter(appearances__claim_id=ticket.claim_id)
    is_first = ticket.round == 1 and read_setups()[ProviderName.CITED].is_ready
    if is_first and cites.exists():
        cited = Search(
            team=ticket.team,
            ticket=ticket,
            provider=ProviderName.CITED,
            round=1,
            purpose=SearchPurpose.CITED,
        )
        searches.insert(0, cited)
    _keep_searches(ticket, searches)


def _keep_searches(ticket: Ticket, searches: list[Search]) -> None:
    Search.objects.bulk_create(searches)
    Job.objects.owe_many(JobKind.SEARCH, [str(row.pk) for row in searches], team=ticket.team)


def _new_searches(
    ticket: Ticket,
    queries: tuple[Query, ...],
    number: int,
    *,
    only: Collection[str] = (),
    may_repeat: bool = False,
) -> list[Search]:
    """One round's queries, place by place, those that were asked already left out."""
    asked = {
        (provider, query.casefold())
        for provider, query in Search.objects.filter(ticket=ticket).values_list("provider", "query")
    }
    language = _language_of(ticket)
    searches = []
    for setup in places_for_team(ticket.team_id):
        if only and setup.name not in only:
            continue
        purposes = setup.kind.purposes
        fitting = [one for one in queries if may_repeat or one.purpose in purposes]
        fresh = [
            one
            for one in fitting
            if may_repeat or (setup.name, one.text[:MAX_QUERY_CHARS].casefold()) not in asked
        ]
        searches += [
            Search(
                team=ticket.team,
                ticket=ticket,
                round=number,
                provider=setup.name,
                query=one.text[:MAX_QUERY_CHARS],
                purpose=one.purpose,
                language=setup.language_for(language) if setup.kind.has_languages else "",
            )
            for one in fresh[:MAX_QUERIES_PER_PROVIDER]
        ]
    return searches


def _language_of(ticket: Ticket) -> str:
    articles = Article.objects.filter(appearances__claim_id=ticket.claim_id).exclude(language="")
    return articles.order_by("id").values_list("language", flat=True).first() or "en"
