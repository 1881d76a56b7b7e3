"""Rereading: a rating given without seeing the first, and a verdict edited by its second reader.

Promises: who reads blind gives rating and reasons before the first verdict can be seen; the
same rating makes it final, another one leaves it to a third person. An edited verdict is a new
version beside the old one: final where somebody else gave that rating, else proposed by its
editor and waiting for somebody else, so that nobody confirms their own.
"""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from claims.models.access import Person
from claims.models.ticket import Ticket
from claims.models.verdict import Draft, Verdict
from claims.vocabulary import ReadOutcome, TicketAction
from claims.workflow.decide.checking import Decision, check_rating, check_words, choose_evidence
from claims.workflow.decide.confirming import end_second_read, keep_read, open_second_read
from claims.workflow.decide.freezing import freeze_evidence
from claims.workflow.decide.gate import check_gate, keep_waivers, refuse_unwaived
from claims.workflow.decide.writing import make_final, said_by, supersede, write_verdict


def read_blind(
    ticket: Ticket, decision: Decision, *, by: Person, expected_version: int | None = None
) -> Verdict:
    """Give a rating and reasons of one's own to a sealed verdict, which is open from then on.

    Raises :class:`DecisionRefused` at a field, :class:`TicketMoved`, :class:`MoveRefused`.
    """
    check_words(decision)
    with transaction.atomic():
        row, verdict = open_second_read(
            ticket, by=by, expected_version=expected_version, is_blind=True
        )
        rating = check_rating(row, decision)
        choose_evidence(row, decision)
        is_same = rating.pk == verdict.rating_id
        outcome = ReadOutcome.AGREED if is_same else ReadOutcome.DISAGREED
        if is_same:
            make_final(verdict, by=by)
        else:
            verdict.is_sealed = False
            verdict.save(update_fields=["is_sealed"])
        keep_read(verdict, outcome, by=by, rating=rating, rationale=decision.rationale.strip())
        ratings = {"first": verdict.rating_label, "second": rating.label}
        end_second_read(
            row, TicketAction.BLIND_READ, {"version": verdict.version, **ratings}, by=by
        )
        Draft.objects.filter(ticket=row, author_id=by.pk).delete()
    return verdict


def edit_verdict(
    ticket: Ticket, decision: Decision, *, by: Person, expected_version: int | None = None
) -> Verdict:
    """Write the proposed verdict anew as its second reader; gives the new version.

    Final where its rating is the first reviewer's or the blind reader's, else proposed. Raises
    as :func:`read_blind` does.
    """
    with transaction.atomic():
        row, old = open_second_read(ticket, by=by, expected_version=expected_version)
        if old.correction_of is not None:
            decision = replace(
                decision,
                correction_class=decision.correction_class or old.correction_class,
                correction_reason=decision.correction_reason or old.correction_reason,
            )
        check_words(decision)
        rating = check_rating(row, decision)
        evidence = choose_evidence(row, decision)
        checks = check_gate(row, evidence, decision.decisive_ids)
        refuse_unwaived(checks, decision.waivers)
        backer = _backer_of(old, rating.pk)
        new = write_verdict(
            row,
            decision,
            rating,
            checks,
            evidence,
            reviewer_id=backer or int(by.pk or 0),
            correction_of=old.correction_of,
            review_seconds=old.review_seconds,
        )
        new.edited_by_id = by.pk
        old.second_reviewer_id, old.has_agreed = by.pk, rating.pk == old.rating_id
        old.save(update_fields=["second_reviewer", "has_agreed"])
        supersede(old)
        keep_read(old, ReadOutcome.EDITED, by=by, rating=rating)
        new.save()
        keep_waivers(new, checks, decision.waivers)
        freeze_evidence(new, evidence, decision)
        if backer is not None:
            make_final(new, by=by)
        changes = {
            **said_by(new),
            "version": [old.version, new.version],
            "rating": [old.rating_label, new.rating_label],
        }
        end_second_read(row, TicketAction.VERDICT_EDITED, changes, by=by)
        Draft.objects.filter(ticket=row, author_id=by.pk).delete()
    return new


def _backer_of(verdict: Verdict, rating_id: int) -> int | None:
    """Who gave that rating independently of an editor; ``None`` where nobody did."""
    if verdict.rating_id == rating_id:
        return verdict.reviewer_id
    read = verdict.reads.filter(is_blind=True, rating_id=rating_id).first()
    return read.reader_id if read else None
