"""Confirming: a waiting file becomes claims, tickets and history in one transaction.

Exactly once rests on the database, not on the order of clicks: the import's row is locked and
says *done* in the transaction that stores its claims; a team's imports go one after another;
a wording is unique in a team, so what somebody else stores in the same instant is found and
linked. What was read from the file is read again from the bytes that were previewed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.lifecycle import START
from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Appearance, Claim, Quantity
from claims.models.claim_import import ClaimImport, ImportedRow
from claims.models.history import append_openings
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.vocabulary import ImportedAs, ImportState
from claims.web.urls import canonical_url
from claims.workflow.take_in.making import MadeClaim, make_claim, priority_of
from claims.workflow.take_in.sorting import SortedRow, sort_rows
from claims.workflow.take_in.waiting import reread

BATCH = 2_000
# Others may store one of the claims between our look and our write; the third look has it.
TRIES = 3


def confirm_import(source: ClaimImport, *, by: Person | None) -> tuple[ClaimImport, bool]:
    """Take a waiting file in; gives its row and whether this call did it. Twice is once.

    Raises ``ClaimImport.DoesNotExist`` where the file waits no longer, and
    :class:`~claims.workflow.take_in.waiting.ImportRefused` where it can no longer be read.
    """
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=source.team_id)
        waiting = (
            ClaimImport.objects.select_for_update(of=("self",))
            .select_related("team")
            .get(pk=source.pk)
        )
        if waiting.state == ImportState.DONE:
            return waiting, False
        for tried in range(1, TRIES + 1):
            try:
                with transaction.atomic():
                    _store(waiting, by)
                break
            except IntegrityError:
                if tried == TRIES:
                    raise
        return waiting, True


def _store(source: ClaimImport, by: Person | None) -> None:
    rows = sort_rows(source.team, reread(source).rows)
    made = _store_claims(source.team, rows)
    claims = _claims_without_ticket(rows, made)
    ids = {place: one.claim_id for place, one in enumerate(rows) if one.claim_id is not None}
    ids.update({place: one.claim.pk for place, one in made.items()})
    _open_tickets(source, rows, claims, by)
    ImportedRow.objects.bulk_create(
        (_imported(source, one, ids[one.first]) for one in rows), batch_size=BATCH
    )
    _link_articles(source.team, rows, ids)
    became = [one.became for one in rows]
    source.state = ImportState.DONE
    source.body = b""
    source.row_count = len(rows)
    source.new_count = became.count(ImportedAs.NEW)
    source.known_count = became.count(ImportedAs.KNOWN)
    source.repeated_count = became.count(ImportedAs.REPEATED)
    source.ticket_count = len(claims)
    source.confirmed_by_id = by.pk if by else None
    source.confirmed_at = timezone.now()
    source.save()


def _store_claims(team: Team, rows: Sequence[SortedRow]) -> dict[int, MadeClaim]:
    """Store the new claims with their numbers; gives them by their place in the file."""
    fresh = [place for place, one in enumerate(rows) if one.became == ImportedAs.NEW]
    # One order for everybody: two who store the same wordings must not lock crosswise.
    fresh.sort(key=lambda place: rows[place].digest)
    made = {place: make_claim(team, rows[place].row, rows[place].digest) for place in fresh}
    Claim.objects.bulk_create((one.claim for one in made.values()), batch_size=BATCH)
    Quantity.objects.bulk_create(
        (
            Quantity.from_read(one.claim, position, number)
            for one in made.values()
            for position, number in enumerate(one.numbers)
        ),
        batch_size=BATCH,
    )
    return made


def _claims_without_ticket(
    rows: Sequence[SortedRow], made: Mapping[int, MadeClaim]
) -> dict[int, tuple[Claim, bool]]:
    """Claims that want a ticket, by place, and whether each holds a number."""
    wanting = {place: (one.claim, bool(one.numbers)) for place, one in made.items()}
    places = {
        one.claim_id: place
        for place, one in enumerate(rows)
        if one.became == ImportedAs.KNOWN and one.first == place
    }
    # Locked, so that nobody opens a ticket on one of them before this transaction ends.
    locked = list(
        Claim.objects.filter(pk__in=list(places), ticket=None)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if locked:
        ids = [claim.pk for claim in locked]
        # Asked again under the lock: one may have been opened while it was waited for.
        opened = set(Ticket.objects.filter(claim__in=ids).values_list("claim_id", flat=True))
        holding = Quantity.objects.filter(claim__in=ids).values_list("claim_id", flat=True)
        numbered = set(holding.distinct().order_by())
        for claim in locked:
            if claim.pk not in opened:
                wanting[places[claim.pk]] = (claim, claim.pk in numbered)
    return wanting


def _open_tickets(
    source: ClaimImport,
    rows: Sequence[SortedRow],
    claims: Mapping[int, tuple[Claim, bool]],
    by: Person | None,
) -> None:
    """Open the tickets in the order of the file, each with its first line of history."""
    now = timezone.now()
    places = sorted(claims)
    tickets = Ticket.objects.bulk_create(
        (
            Ticket(
                team=source.team,
                claim=claims[place][0],
                state=START,
                priority=priority_of(rows[place].row, *claims[place]),
                created_at=now,
            )
            for place in places
        ),
        batch_size=BATCH,
    )
    append_openings(
        [
            (
                ticket,
                rows[place].row.note,
                {
                    "priority": ticket.priority,
                    "import": source.pk,
                    "line": rows[place].row.line,
                },
            )
            for ticket, place in zip(tickets, places, strict=True)
        ],
        actor=by,
    )


def _imported(source: ClaimImport, one: SortedRow, claim_id: int) -> ImportedRow:
    row = one.row
    return ImportedRow(
        source=source,
        line=row.line,
        claim_id=claim_id,
        became=one.became,
        article_title=row.article_title,
        article_url=row.article_url,
        article_published=row.article_published,
        said_on=row.said_on,
        language=row.language,
        note=row.note,
        external_id=row.external_id,
    )


def _link_articles(team: Team, rows: Sequence[SortedRow], ids: Mapping[int, int]) -> None:
    """Where the team has the article that a row names, and the claim's words stand in it: link.

    An appearance is a span of a text. Where the words do not stand there, nothing is made up:
    the row keeps the article's title and address as the file gave them.
    """
    named: dict[str, list[SortedRow]] = {}
    for one in rows:
        if one.row.article_url:
            named.setdefault(canonical_url(one.row.article_url), []).append(one)
    articles = Article.objects.filter(team=team, canonical_url__in=list(named)).exclude(text="")
    found = []
    for article in articles.only("canonical_url", "text").iterator(chunk_size=100):
        for one in named[article.canonical_url]:
            start = article.text.find(one.row.claim_text)
            if start >= 0:
                end = start + len(one.row.claim_text)
                claim_id = ids[one.first]
                found.append(Appearance(claim_id=claim_id, article=article, start=start, end=end))
    Appearance.objects.bulk_create(found, ignore_conflicts=True, batch_size=BATCH)
