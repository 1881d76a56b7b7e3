"""Re-check: prove that history and stored copies are what they were.

Promises to name the first bad row and never to mend it. The head is one digest
over the last digest of every ticket's chain. A chain cannot show that events
were cut off its end, or that it was written anew: a head kept outside the
database can, and it goes on doing so while history grows, because it names the
last event it covers.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from claims.models.bodies import BodyDamaged, load_body
from claims.models.history import digest_event
from claims.models.house import walk_record
from claims.models.instant import one_instant
from claims.models.page import Passage, Snapshot
from claims.models.team import Team
from claims.models.ticket import Ticket, TicketEvent
from claims.models.verdict import SAID_IN, Verdict
from claims.web.snapshots import text_digest

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class HistoryProof:
    """What a walk over all history found; ``first_bad`` is ``None`` when it holds.

    ``records`` lines are in the house's record, ``record_head`` is the last one's digest.
    """

    tickets: int
    events: int
    head: str
    last_event: int
    first_bad: dict[str, Any] | None
    kept_head: str | None = None
    records: int = 0
    record_head: str = ""
    kept_record: str | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing was altered, removed or reordered."""
        return self.first_bad is None


def verify_history(
    *, kept_until: int | None = None, kept_records: int | None = None
) -> HistoryProof:
    """Walk every ticket's chain by sequence, and the house's record, at one instant.

    ``kept_until`` is the last event of a head that was kept; the proof then holds,
    as ``kept_head``, what that head must be if nothing it covers was touched. ``kept_records``
    does the same for the record's head, as ``kept_record``.
    """
    head, kept = hashlib.sha256(), hashlib.sha256()
    count = tickets = last_event = 0
    first_bad: dict[str, Any] | None = None
    with one_instant():
        states = dict(Ticket.objects.values_list("pk", "state"))
        said_on = _beside(Verdict.objects.all())
        for ticket_id, events in _chains(TicketEvent.objects.all()):
            tickets += 1
            count += len(events)
            last_event = max(last_event, *(event.pk for event in events))
            expected = states.pop(ticket_id, None)
            first_bad = first_bad or _walk(ticket_id, events, expected, said_on(ticket_id))
            head.update(_line(ticket_id, events))
            covered = [event for event in events if event.pk <= (kept_until or 0)]
            if covered:
                kept.update(_line(ticket_id, covered))
        if states and first_bad is None:
            missing = min(states)
            first_bad = {"ticket": missing, "sequence": 0, "problem": "the ticket has no history"}
        digests, bad_record = walk_record()
    at = kept_records or 0
    return HistoryProof(
        tickets=tickets,
        events=count,
        head=head.hexdigest(),
        last_event=last_event,
        first_bad=first_bad or bad_record,
        kept_head=None if kept_until is None else kept.hexdigest(),
        records=len(digests),
        record_head=digests[-1] if digests else "",
        kept_record=digests[at - 1] if 0 < at <= len(digests) else "",
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a team's rows, looked at by id: up to which, how many, and what is wrong."""

    last: int
    count: int
    problems: tuple[str, ...]


def check_histories(team: Team, *, after: int, limit: int = 500) -> Part | None:
    """Walk the chains of the team's next tickets; ``None`` where there are no more."""
    with one_instant():
        rows = Ticket.objects.filter(team=team, pk__gt=after).order_by("pk")
        states = dict(rows.values_list("pk", "state")[:limit])
        if not states:
            return None
        walked = dict(_chains(TicketEvent.objects.filter(ticket__in=list(states))))
        said_on = _beside(Verdict.objects.filter(ticket__in=list(states)))
        said = {pk: said_on(pk) for pk in states}
    problems = []
    for pk, state in states.items():
        bad: dict[str, Any] | None = {"problem": "it has no history"}
        if pk in walked:
            bad = _walk(pk, walked[pk], state, said[pk])
        if bad is not None:
            line = f", line {bad['sequence']}" if "sequence" in bad else ""
            problems.append(f"Ticket {pk}{line}: {bad['problem']}")
    return Part(max(states), len(states), tuple(problems))


def check_copies(team: Team, *, after: int, seconds: float = 5.0) -> Part | None:
    """Hold the team's next stored copies against what was kept; ``None`` where there are no more.

    Looks for so long, at one at least.
    """
    ends_at = time.monotonic() + seconds
    last, count, problems = after, 0, []
    rows = Snapshot.objects.filter(page__team=team, pk__gt=after).order_by("pk")
    light = rows.defer("links", "tables", "media", "headers", "search")
    for snapshot in light[:CHUNK].iterator(50):
        last, count = snapshot.pk, count + 1
        if problem := problem_of_snapshot(snapshot):
            problems.append(f"Copy {snapshot.pk}: {problem}")
        if time.monotonic() > ends_at:
            break
    return Part(last, count, tuple(problems)) if count else None


def verify_snapshots(*, limit: int | None = None) -> Iterator[tuple[int, str]]:
    """Ids of snapshots whose bytes, text or quotes are not what was kept, with the problem."""
    rows = Snapshot.objects.order_by("pk").defer("links", "tables", "media", "headers", "search")
    for snapshot in rows[:limit] if limit else rows.iterator(chunk_size=200):
        problem = problem_of_snapshot(snapshot)
        if problem:
            yield snapshot.pk, problem


def problem_of_snapshot(snapshot: Snapshot) -> str:
    """Why a snapshot no longer proves what it showed; empty when it does.

    A copy whose body was deleted shows nothing any more; its digests and quotes stay.
    """
    if snapshot.body_deleted_at is not None:
        return "" if not snapshot.text else "Its body was deleted, but its text was not."
    try:
        load_body(snapshot.body_path, snapshot.sha256)
    except BodyDamaged as problem:
        return str(problem)
    if snapshot.read_at is None:
        return ""
    if text_digest(snapshot.text) != snapshot.text_sha256:
        return "The shown text is not what was read from the page: its digest differs."
    for passage in Passage.objects.filter(snapshot=snapshot):
        if snapshot.text[passage.start : passage.end] != passage.quote:
            return f"The quote at {passage.start} to {passage.end} is not in the shown text."
    return ""


def _chains(within: QuerySet[TicketEvent]) -> Iterator[tuple[int, list[TicketEvent]]]:
    chain: list[TicketEvent] = []
    rows = within.order_by("ticket_id", "sequence")
    for event in rows.iterator(chunk_size=CHUNK):
        if chain and chain[0].ticket_id != event.ticket_id:
            yield chain[0].ticket_id, chain
            chain = []
        chain.append(event)
    if chain:
        yield chain[0].ticket_id, chain


def _beside(rows: QuerySet[Verdict]) -> Callable[[int], dict[int, str]]:
    """The digests of what a ticket's verdicts say, by version; ask in the order of tickets."""
    ordered = rows.order_by("ticket_id", "version").iterator(chunk_size=CHUNK)
    groups = groupby(ordered, key=attrgetter("ticket_id"))
    waiting: tuple[int, dict[int, str]] = (0, {})

    def said_on(ticket_id: int) -> dict[int, str]:
        nonlocal waiting
        while waiting[0] < ticket_id:
            found = next(groups, None)
            if found is None:
                return {}
            waiting = (found[0], {one.version: one.digest_words() for one in found[1]})
        return waiting[1] if waiting[0] == ticket_id else {}

    return said_on


def _walk(
    ticket_id: int, events: list[TicketEvent], expected: str | None, said: Mapping[int, str]
) -> dict[str, Any] | None:
    """The first bad row of one chain; ``expected`` is the state the ticket is in.

    ``said`` are the digests of its verdicts' words as they stand.
    """
    previous, state = "", ""
    for place, event in enumerate(events, start=1):
        problem = _problem_with(event, place, previous, state) or _problem_of(event, said)
        if problem:
            return {"ticket": ticket_id, "sequence": event.sequence, "problem": problem}
        previous, state = event.digest, event.to_state or state
    if expected == state:
        return None
    problem = f"history ends {state or 'nowhere'} but the ticket is {expected or 'gone'}"
    return {"ticket": ticket_id, "sequence": len(events), "problem": problem}


def _problem_of(event: TicketEvent, said: Mapping[int, str]) -> str:
    """Whether a line tells of a verdict that says something else now; old lines keep no digest."""
    kept, version = event.changes.get(SAID_IN), event.changes.get("version")
    number = version[-1] if isinstance(version, list) else version
    if kept is None or said.get(number) == kept:
        return ""
    return f"version {number} of the verdict does not say what was given"


def _line(ticket_id: int, events: list[TicketEvent]) -> bytes:
    return f"{ticket_id}:{events[-1].digest}\n".encode()


def _problem_with(event: TicketEvent, place: int, previous: str, state: str) -> str:
    if event.sequence != place:
        return f"event {place} is missing"
    if event.previous_digest != previous:
        return "it does not follow the event before it"
    if digest_event(event) != event.digest:
        return "its words are not those that were written"
    if event.from_state and event.from_state != state:
        return f"it leaves {event.from_state} but the ticket was {state}"
    return ""
