"""Verdicts: versioned, confirmed by somebody else, corrected beside the old one, never lost."""

from __future__ import annotations

from typing import Any

import pytest

from claims.lifecycle import MoveRefused
from claims.models import Draft, Rating, RatingScale, Ticket, TicketEvent, Verdict, VerdictEvidence
from claims.models.history import TicketMoved
from claims.vocabulary import ConfirmationPolicy, SourceType, TicketState, VerdictState
from claims.workflow.assign import take_ticket
from claims.workflow.decide import (
    DecisionRefused,
    close_ticket,
    confirm_verdict,
    decide_ticket,
    reopen_for_correction,
    send_back,
)
from claims.workflow.publish import publish_ticket, select_verdicts
from claims.workflow.recheck import verify_history
from claims.workflow.weigh import set_stance
from tests.people import (
    WAIVED,
    Desk,
    a_decision,
    add_evidence,
    make_desk,
    make_person,
    ready_many,
    ready_one,
    taken_one,
)
from tests.together import run_together


def decided_by(person: Any, desk: Desk, **fields: Any) -> tuple[Ticket, Verdict]:
    ticket = taken_one(desk.team, person)
    verdict = decide_ticket(
        ticket, a_decision(ticket, **fields), by=person, expected_version=ticket.version
    )
    return fresh(ticket), verdict


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def use_policy(desk: Desk, policy: ConfirmationPolicy) -> None:
    desk.team.confirmation = policy
    desk.team.save()


# The form -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"rationale": "too short"}, "rationale"),
        ({"rationale": " " * 50}, "rationale"),
        ({"rationale": "x" * 20_001}, "rationale"),
        ({"rationale": "x" * 30 + "\x00"}, "rationale"),
        ({"rationale": "x" * 30 + "\ud800"}, "rationale"),
        ({"waivers": {}}, "waiver_origins"),
        ({"waivers": dict.fromkeys(WAIVED, "so")}, "waiver_origins"),
        ({"waivers": dict.fromkeys(WAIVED, "x" * 2_001)}, "waiver_origins"),
        ({"waivers": dict.fromkeys(WAIVED, "No source \x00 at all.")}, "waiver_origins"),
        ({"rationale": "The table says otherwise, see [7]."}, "rationale"),
        ({"confidence": "utter"}, "confidence"),
        ({"evidence_ids": frozenset({999})}, "evidence"),
        ({"tolerance": "x" * 301}, "tolerance"),
        ({"correction_class": "huge"}, "correction_class"),
        ({"what_would_change": "\x00"}, "what_would_change"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(
    desk: Desk, fields: dict[str, Any], field: str
) -> None:
    ticket = taken_one(desk.team, desk.ben)
    with pytest.raises(DecisionRefused) as refused:
        decide_ticket(
            ticket, a_decision(ticket, **fields), by=desk.ben, expected_version=ticket.version
        )
    assert refused.value.field == field
    assert not Verdict.objects.exists()
    assert fresh(ticket).version == ticket.version


def test_a_rating_of_another_scale_or_a_retired_one_is_refused(desk: Desk) -> None:
    ticket = taken_one(desk.team, desk.ben)
    foreign = RatingScale.objects.get(slug="plain-3").ratings.first()
    retired = Rating.objects.get(scale=desk.team.scale, label="Half true")
    retired.is_retired = True
    retired.save()
    for rating in (foreign, retired):
        assert rating is not None
        decision = a_decision(ticket)
        decision = type(decision)(rating.pk, decision.rationale, waivers=WAIVED)
        with pytest.raises(DecisionRefused) as refused:
            decide_ticket(ticket, decision, by=desk.ben, expected_version=ticket.version)
        assert refused.value.field == "rating"


def test_evidence_of_another_ticket_is_refused(desk: Desk) -> None:
    foreign = add_evidence(ready_one(desk.team))
    ticket = taken_one(desk.team, desk.ben)
    decision = a_decision(ticket, evidence_ids=frozenset({foreign.pk}))
    with pytest.raises(DecisionRefused):
        decide_ticket(ticket, decision, by=desk.ben, expected_version=ticket.version)
    assert fresh(ticket).state == TicketState.IN_REVIEW


@pytest.mark.parametrize("name", ["chloe", "dan", "eve"])
def test_only_the_holder_decides(desk: Desk, name: str) -> None:
    ticket = taken_one(desk.team, desk.ben)
    with pytest.raises(MoveRefused):
        decide_ticket(
            ticket,
            a_decision(ticket),
            by=getattr(desk, name),
            expected_version=ticket.version,
        )
    assert not Verdict.objects.exists()


# Frozen evidence -----------------------------------------------------------------


def test_a_verdict_keeps_a_copy_of_what_it_rests_on(desk: Desk) -> None:
    ticket = taken_one(desk.team, desk.ben)
    official = add_evidence(ticket, suggested_stance="refutes")
    press = add_evidence(ticket, "Nobody counted the salt.", source_type=SourceType.MEDIA, origin=2)
    set_stance(press, "supports", by=desk.ben)
    verdict = decide_ticket(
        ticket,
        a_decision(
            ticket, evidence_ids=frozenset({press.pk}), decisive_ids=frozenset({official.pk})
        ),
        by=desk.ben,
        expected_version=ticket.version,
    )
    assert (verdict.evidence_count, verdict.independent_origins) == (2, 2)
    assert verdict.is_primary_reached
    set_stance(press, "refutes", by=desk.ben)
    snapshot = official.passage.snapshot
    cited = VerdictEvidence.objects.order_by("number")
    assert [(one.stance, one.is_decisive) for one in cited] == [
        ("refutes", True),
        ("supports", False),
    ]
    assert cited[0].quote == snapshot.text[cited[0].start : cited[0].end]
    assert cited[0].snapshot_sha256 == snapshot.sha256


def test_the_words_of_the_scale_are_copied(desk: Desk) -> None:
    _, verdict = decided_by(desk.ben, desk)
    Rating.objects.filter(pk=verdict.rating_id).update(label="Wrong")
    stored = Verdict.objects.get()
    assert (stored.rating_label, stored.rating_value) == ("False", 1)
    assert (stored.rating_best, stored.rating_worst) == (5, 1)


def test_deciding_drops_the_own_draft_only(desk: Desk) -> None:
    ticket = taken_one(desk.team, desk.ben)
    for person in (desk.ben, desk.chloe):
        Draft.objects.create(ticket=ticket, author=person, fields={"rationale": "half"})
    decide_ticket(ticket, a_decision(ticket), by=desk.ben, expected_version=ticket.version)
    assert Draft.objects.get().author == desk.chloe


# Confirmation ----------------------------------------------------------------------


def test_without_a_policy_the_verdict_is_final_at_once(desk: Desk) -> None:
    use_policy(desk, ConfirmationPolicy.NONE)
    ticket, verdict = decided_by(desk.ben, desk)
    assert verdict.state == VerdictState.FINAL
    assert publish_ticket(ticket, by=desk.ada).state == TicketState.PUBLISHED


def test_another_reviewer_confirms(desk: Desk) -> None:
    ticket, verdict = decided_by(desk.ben, desk)
    assert verdict.state == VerdictState.PROPOSED
    with pytest.raises(MoveRefused, match="waits for its confirmation"):
        publish_ticket(ticket, by=desk.ada)
    confirmed = confirm_verdict(ticket, by=desk.chloe, note="Agreed.")
    assert (confirmed.state, confirmed.second_reviewer, confirmed.has_agreed) == (
        VerdictState.FINAL,
        desk.chloe,
        True,
    )
    assert fresh(ticket).version == ticket.version + 1
    with pytest.raises(MoveRefused):
        confirm_verdict(fresh(ticket), by=desk.ada)


@pytest.mark.parametrize("policy", [ConfirmationPolicy.OTHER_REVIEWER, ConfirmationPolicy.LEAD])
def test_nobody_confirms_their_own(desk: Desk, policy: ConfirmationPolicy) -> None:
    use_policy(desk, policy)
    ticket, _ = decided_by(desk.ada, desk)
    for act in (confirm_verdict, send_back):
        with pytest.raises(MoveRefused, match="their own"):
            act(ticket, by=desk.ada, note="I agree with myself.")


def test_where_a_lead_is_wanted_a_reviewer_does_not_confirm(desk: Desk) -> None:
    use_policy(desk, ConfirmationPolicy.LEAD)
    ticket, _ = decided_by(desk.ben, desk)
    with pytest.raises(MoveRefused, match="wants a lead"):
        confirm_verdict(ticket, by=desk.chloe)
    assert confirm_verdict(ticket, by=desk.ada).state == VerdictState.FINAL


@pytest.mark.parametrize("name", ["dan", "eve"])
def test_strangers_and_contributors_confirm_nothing(desk: Desk, name: str) -> None:
    ticket, _ = decided_by(desk.ben, desk)
    for act in (confirm_verdict, send_back):
        with pytest.raises(MoveRefused):
            act(ticket, by=getattr(desk, name), note="No.")


def test_sent_back_returns_to_its_reviewer_and_a_new_version_follows(desk: Desk) -> None:
    ticket, first = decided_by(desk.ben, desk)
    with pytest.raises(DecisionRefused):
        send_back(ticket, by=desk.chloe, note="  ")
    back = send_back(ticket, by=desk.chloe, note="Which year?")
    assert (back.state, back.reserved_by) == (TicketState.IN_REVIEW, desk.ben)
    second = decide_ticket(
        back, a_decision(back, "Half true"), by=desk.ben, expected_version=back.version
    )
    first.refresh_from_db()
    assert (first.state, first.has_agreed, first.second_note) == (
        VerdictState.SENT_BACK,
        False,
        "Which year?",
    )
    assert (second.version, second.rating_label) == (2, "Half true")
    assert confirm_verdict(fresh(ticket), by=desk.chloe).version == 2


# Publication and correction ---------------------------------------------------------


def published(desk: Desk) -> Ticket:
    ticket, _ = decided_by(desk.ben, desk)
    confirm_verdict(ticket, by=desk.chloe)
    return publish_ticket(fresh(ticket), by=desk.ada)


def told(desk: Desk) -> list[tuple[int, str]]:
    return [(one.version, one.state) for one in select_verdicts(teams=[desk.team])]


def test_only_a_lead_publishes(desk: Desk) -> None:
    ticket, _ = decided_by(desk.ben, desk)
    confirm_verdict(ticket, by=desk.chloe)
    for person in (desk.ben, desk.chloe, desk.dan, desk.eve):
        with pytest.raises(MoveRefused):
            publish_ticket(fresh(ticket), by=person)
    assert publish_ticket(fresh(ticket), by=desk.ada).published_at


def test_the_published_verdict_stands_until_its_correction_is_final(desk: Desk) -> None:
    ticket = published(desk)
    assert told(desk) == [(1, "final")]
    with pytest.raises(DecisionRefused):
        reopen_for_correction(ticket, by=desk.ben, note=" ")
    open_again = reopen_for_correction(ticket, by=desk.ben, note="The register was revised.")
    assert told(desk) == [(1, "final")]
    with pytest.raises(DecisionRefused) as refused:
        decide_ticket(
            open_again,
            a_decision(ticket, "True"),
            by=desk.ben,
            expected_version=open_again.version,
        )
    assert [name for name, _ in refused.value.flaws] == ["correction_class", "correction_reason"]
    correction = decide_ticket(
        open_again,
        a_decision(
            ticket, "True", correction_class="substantial", correction_reason="A revised register."
        ),
        by=desk.ben,
        expected_version=open_again.version,
    )
    assert correction.correction_of is not None
    assert correction.correction_of.version == 1
    assert told(desk) == [(1, "final")]
    confirm_verdict(fresh(ticket), by=desk.chloe)
    assert told(desk) == [(2, "final")]
    publish_ticket(fresh(ticket), by=desk.ada)
    assert told(desk) == [(2, "final")]
    assert [one.state for one in Verdict.objects.order_by("version")] == [
        VerdictState.SUPERSEDED,
        VerdictState.FINAL,
    ]
    everything = select_verdicts(teams=[desk.team], all_versions=True)
    assert [one.version for one in everything] == [1, 2]
    assert verify_history().is_sound


def test_a_correction_sent_back_leaves_the_published_verdict(desk: Desk) -> None:
    ticket = reopen_for_correction(published(desk), by=desk.ben, note="Revised.")
    decide_ticket(
        ticket,
        a_decision(
            ticket, "True", correction_class="update", correction_reason="A revised register."
        ),
        by=desk.ben,
        expected_version=ticket.version,
    )
    send_back(fresh(ticket), by=desk.chloe, note="Not so.")
    assert told(desk) == [(1, "final")]


def test_a_published_verdict_is_not_made_to_vanish_by_closing(desk: Desk) -> None:
    ticket = reopen_for_correction(published(desk), by=desk.ben, note="Revised.")
    with pytest.raises(DecisionRefused, match="only through a correction"):
        close_ticket(ticket, "duplicate", by=desk.ben)
    assert told(desk) == [(1, "final")]


def test_closing_needs_a_reason_of_the_list(desk: Desk) -> None:
    ticket = taken_one(desk.team, desk.ben)
    with pytest.raises(DecisionRefused):
        close_ticket(ticket, "bored", by=desk.ben)
    with pytest.raises(MoveRefused):
        close_ticket(ticket, "duplicate", by=desk.chloe)
    closed = close_ticket(ticket, "duplicate", by=desk.ben, note="See ticket 1.")
    assert (closed.state, closed.close_reason, closed.reserved_by) == (
        TicketState.CLOSED,
        "duplicate",
        None,
    )


# Two at once ---------------------------------------------------------------------------


def test_who_saves_second_is_told_who_was_first(desk: Desk) -> None:
    seen = taken_one(desk.team, desk.ben)
    decide_ticket(seen, a_decision(seen), by=desk.ben, expected_version=seen.version)
    late = a_decision(seen, "True")
    for stale in (seen, fresh(seen)):
        with pytest.raises(TicketMoved, match="Ben was first: verdict proposed"):
            decide_ticket(stale, late, by=desk.ada, expected_version=seen.version)
    assert late.rationale
    assert Verdict.objects.get().rating_label == "False"


@pytest.mark.django_db(transaction=True)
def test_twenty_pairs_of_verdicts_lose_nothing_and_warn_every_time() -> None:
    desk = make_desk()
    tickets = [take_ticket(one, desk.ben) for one in ready_many(desk.team, 20)]

    def decide_all(number: int) -> tuple[int, int]:
        person, label = ((desk.ben, "True"), (desk.ada, "False"))[number]
        kept = warned = 0
        for ticket in tickets:
            own = Ticket.objects.select_related("team", "claim").get(pk=ticket.pk)
            try:
                decide_ticket(
                    own, a_decision(own, label), by=person, expected_version=ticket.version
                )
                kept += 1
            except TicketMoved as moved:
                warned += moved.event is not None
        return kept, warned

    ends = run_together(2, decide_all)
    assert sum(kept for kept, _ in ends) == 20
    assert sum(warned for _, warned in ends) == 20
    assert Verdict.objects.count() == 20
    assert TicketEvent.objects.filter(action="verdict_proposed").count() == 20
    assert verify_history().is_sound


@pytest.mark.django_db(transaction=True)
def test_control_a_plain_save_loses_what_the_other_wrote() -> None:
    desk = make_desk()
    pks = [ticket.pk for ticket in ready_many(desk.team, 20)]
    lost = 0
    for pk in pks:
        first, second = Ticket.objects.get(pk=pk), Ticket.objects.get(pk=pk)
        first.close_reason = "opinion"
        first.save()
        second.priority = 99
        second.save()
        lost += Ticket.objects.get(pk=pk).close_reason == ""
    assert lost == 20


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_confirm_at_once_one_does() -> None:
    desk = make_desk()
    people = [make_person(f"second{n}", desk.team, "reviewer") for n in range(8)]  # type: ignore[arg-type]
    ticket, _ = decided_by(desk.ben, desk)

    def confirm(number: int) -> bool:
        try:
            confirm_verdict(fresh(ticket), by=people[number], expected_version=ticket.version)
        except (TicketMoved, MoveRefused):
            return False
        return True

    assert sum(run_together(8, confirm)) == 1
    assert Verdict.objects.get().state == VerdictState.FINAL


def test_a_ticket_goes_round_again(desk: Desk) -> None:
    ticket, _ = decided_by(desk.ben, desk)
    back = send_back(ticket, by=desk.chloe, note="Which year?")
    released = take_ticket(Ticket.objects.get(pk=_release(back, desk).pk), desk.chloe)
    verdict = decide_ticket(
        released, a_decision(released), by=desk.chloe, expected_version=released.version
    )
    assert (verdict.version, verdict.reviewer) == (2, desk.chloe)


def _release(ticket: Ticket, desk: Desk) -> Ticket:
    from claims.workflow.assign import release_ticket

    return release_ticket(ticket, desk.ben)
