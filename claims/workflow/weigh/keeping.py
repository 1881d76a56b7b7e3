"""Keeping: a weighing as evidence rows, under the job's lease, and the ticket made ready."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from claims.models.bodies import lock_bodies
from claims.models.claim import Claim
from claims.models.evidence import Evidence
from claims.models.history import move_ticket
from claims.models.job import Job
from claims.models.page import Passage, Snapshot
from claims.models.ticket import Ticket
from claims.vocabulary import SearchStop, Stance, TicketState
from claims.workflow.weigh.holding import recompare
from claims.workflow.weigh.origins import keep_origins
from claims.workflow.weigh.weighing import Weighed, Weighing

GoOn = Callable[[Ticket, int], SearchStop | None]
Span = tuple[int, int, int]
"""A snapshot's id, and where a passage starts and ends in its text."""


def keep_weighing(job: Job, ticket: Ticket, weighing: Weighing, go_on: GoOn) -> Ticket | None:
    """Store the evidence, end the job and make the ticket *ready*; ``None`` if the lease was lost.

    ``go_on`` is asked with the locked ticket and the number of origins that say something: it
    owes another round and gives ``None``, or gives why there is none, which the ticket keeps.
    A ticket that was closed meanwhile keeps its evidence and stays closed. One that gathers
    another round by now goes on gathering: only its own weighing ends a round.
    """
    with transaction.atomic():
        if not Job.objects.held([job]):
            return None
        ticket = (
            Ticket.objects.select_for_update(of=("self",))
            .select_related("team", "claim")
            .get(pk=ticket.pk)
        )
        origins = store_evidence(ticket, weighing)
        _hold_again(ticket, weighing)
        Job.objects.finish([job])
        if ticket.state == TicketState.GATHERING and is_of_round(job, ticket):
            stop = go_on(ticket, count_speaking(weighing, origins, list_aside(ticket)))
            if stop is not None:
                ticket = move_ticket(
                    ticket,
                    "make_ready",
                    actor=None,
                    changes={"evidence": len(weighing.passages)},
                    ready_at=timezone.now(),
                    search_stop=stop,
                )
    return ticket


def count_speaking(
    weighing: Weighing, origins: Mapping[int, int], aside: Collection[Span] = ()
) -> int:
    """How many of the ``origins`` (by page id) say something for or against the claim.

    A page without one carries the claim's own article, and is not heard. ``aside`` are the spans
    of passages that a person put aside.
    """
    speaking = (one for one in weighing.passages if one.stance.stance != Stance.NEUTRAL)
    heard = (one for one in speaking if (one.snapshot.pk, one.start, one.end) not in aside)
    return len({origins.get(one.snapshot.page_id) for one in heard} - {None})


def list_aside(ticket: Ticket) -> set[Span]:
    """The spans of the ticket's passages of which a person said that they do not bear on it."""
    span = ("passage__snapshot_id", "passage__start", "passage__end")
    return set(Evidence.objects.filter(ticket=ticket, is_aside=True).values_list(*span))


def is_of_round(job: Job, ticket: Ticket) -> bool:
    """Whether a weighing is of the ticket's round, which stands in its key, and of none before."""
    return job.key.split(":")[2:3] == [str(ticket.round)]


def make_ready_unweighed(job: Job) -> None:
    """A ticket whose round's weighing failed for good is ready all the same; its history says so.

    A weighing of an earlier round, owed after an edit of the frame, ends nothing.
    """
    with transaction.atomic():
        ticket = (
            Ticket.objects.select_for_update(of=("self",))
            .filter(pk=job.subject_id, state=TicketState.GATHERING)
            .first()
        )
        if ticket is not None and is_of_round(job, ticket):
            move_ticket(
                ticket,
                "make_ready",
                actor=None,
                note="Weighing the pages failed on every attempt; the evidence may be incomplete.",
                ready_at=timezone.now(),
            )


def store_evidence(ticket: Ticket, weighing: Weighing) -> dict[int, int]:
    """Add or refresh evidence by passage; numbers and people's words on it stay as they are.

    A copy whose text was let go of since it was weighed gives none: its passages are not there.
    Gives the independent origin of each page, by its id, as the machine and people see it.
    """
    known = {
        (piece.passage.snapshot_id, piece.passage.start, piece.passage.end): piece
        for piece in Evidence.objects.filter(ticket=ticket).select_related("passage__snapshot")
    }
    last = Evidence.objects.filter(ticket=ticket).aggregate(last=Max("number"))["last"] or 0
    standing = _hold_copies(weighing.passages)
    passages = _keep_passages(standing)
    for one in standing:
        found = known.get((one.snapshot.pk, one.start, one.end))
        if found is not None:
            piece = found
        else:
            last += 1
            passage = passages[one.snapshot.pk, one.start, one.end]
            piece = Evidence(ticket=ticket, passage=passage, number=last)
        piece.score = one.score
        piece.score_reasons = list(one.score_reasons)
        piece.suggested_stance = one.stance.stance
        piece.confidence = one.stance.confidence
        piece.stance_reasons = list(one.stance.reasons)
        piece.outcome = one.comparison.outcome
        piece.comparison = one.comparison.to_json()
        piece.save()
    # Origins are settled for all pieces: one not chosen now must not keep an old number.
    return keep_origins(ticket, weighing.origins)


def _hold_again(ticket: Ticket, weighing: Weighing) -> None:
    """Compare what this weighing left out with the claim as it stands, and all if it changed.

    An edit of the frame waits for the ticket's row as this does, so it is seen here or it
    compares by itself afterwards.
    """
    claim = Claim.objects.get(pk=ticket.claim_id)
    ticket.claim = claim
    is_stale = claim.version != weighing.claim_version
    done = () if is_stale else {(one.snapshot.pk, one.start, one.end) for one in weighing.passages}
    recompare(ticket, but=done)


def _hold_copies(weighed: Sequence[Weighed]) -> list[Weighed]:
    """Those whose copy has its text still, which nobody lets go of until the transaction ends."""
    lock_bodies({one.snapshot.sha256 for one in weighed}, shared=True)
    ids = {one.snapshot.pk for one in weighed}
    gone = Snapshot.objects.filter(pk__in=ids, body_deleted_at__isnull=False)
    gone_ids = set(gone.values_list("pk", flat=True))
    return [one for one in weighed if one.snapshot.pk not in gone_ids]


def _keep_passages(weighed: Sequence[Weighed]) -> dict[tuple[int, int, int], Passage]:
    """The passages as rows, by snapshot id and span; those that are new are stored.

    In one order for everybody: two tickets weighed at once share pages, and must
    not lock their passages crosswise.
    """
    rows = [Passage.cut(one.snapshot, one.start, one.end) for one in weighed]
    rows.sort(key=lambda row: (row.snapshot_id, row.start, row.end))
    Passage.objects.bulk_create(rows, ignore_conflicts=True)
    stored = Passage.objects.filter(snapshot_id__in={row.snapshot_id for row in rows})
    return {(row.snapshot_id, row.start, row.end): row for row in stored}
