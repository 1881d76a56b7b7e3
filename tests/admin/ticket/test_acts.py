"""Every POST of the page: who can, who cannot, and that a GET changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from claims.models import (
    Claim,
    Draft,
    Evidence,
    Job,
    Rating,
    Ticket,
    TicketEvent,
    Verdict,
)
from claims.vocabulary import CloseReason, ConfirmationPolicy, TicketState, VerdictState
from claims.workflow.assign import assign_ticket, expire_reservations, take_ticket
from tests.admin.ticket.conftest import As, act_on, page_of
from tests.admin.ticket.rows import House, make_ready, overdue

WHY = "The statistics office counts 69.2 per cent for 2024, see [1]."
VERBS = (
    "take",
    "release",
    "decide",
    "confirm",
    "send_back",
    "publish",
    "correct",
    "withdraw",
    "close",
    "gather",
    "frame",
    "frame_back",
    "number",
    "number_add",
    "number_strike",
    "stance",
    "outcome",
    "origin",
    "match",
    "draft",
    "renew",
)
JSON = {"headers": {"Accept": "application/json"}}


def verdict_of(ticket: Ticket, **changes: Any) -> dict[str, Any]:
    """A whole, honest verdict as the form posts it."""
    ticket.refresh_from_db()
    rating = Rating.objects.filter(scale=ticket.team.scale, label="Mostly true").get()
    piece, other = Evidence.objects.filter(ticket=ticket, number__in=(1, 3)).order_by("number")
    return {
        "version": ticket.version,
        "rating": rating.pk,
        "rationale": WHY,
        "evidence": [piece.pk, other.pk],
        "decisive": [piece.pk],
    } | changes


def snapshot_of(ticket: Ticket) -> tuple[int, int, int]:
    """What a look must leave as it was."""
    version = Ticket.objects.values_list("version", flat=True).get(pk=ticket.pk)
    return version, ticket.events.count(), Draft.objects.count()


def post(client: Client, ticket: Ticket, verb: str, data: dict[str, Any] | None = None) -> Any:
    """As the page posts it: with the version of the ticket that it shows."""
    seen = Ticket.objects.values_list("version", flat=True).get(pk=ticket.pk)
    return client.post(act_on(ticket, verb), {"version": seen} | (data or {}))


def state_of(ticket: Ticket) -> str:
    return Ticket.objects.values_list("state", flat=True).get(pk=ticket.pk)


def decide(client: Client, ticket: Ticket) -> None:
    assert post(client, ticket, "decide", verdict_of(ticket)).status_code == 302


def test_a_verdict_from_queue_to_correction(house: House, ready: Ticket, as_: As) -> None:
    ada, ben, lea = as_(house.ada), as_(house.ben), as_(house.lead)
    answer = ada.post("/admin/claims/ticket/take-next/")
    assert answer["Location"] == page_of(ready)
    decide(ada, ready)
    assert state_of(ready) == TicketState.DECIDED
    text = ada.get(page_of(ready)).content.decode()
    assert "This is your own verdict" in text
    assert f"{act_on(ready, 'confirm')}" not in text

    # Nobody confirms their own, and nothing unconfirmed is published.
    assert post(ada, ready, "confirm").status_code == 409
    assert post(lea, ready, "publish").status_code == 409
    assert post(ben, ready, "confirm", {"note": "Agreed."}).status_code == 302
    verdict = Verdict.objects.get(ticket=ready)
    assert (verdict.state, verdict.second_reviewer) == (VerdictState.FINAL, house.ben)
    assert verdict.evidence_count == 2

    assert post(ben, ready, "publish").status_code == 403
    assert post(lea, ready, "publish").status_code == 302
    assert state_of(ready) == TicketState.PUBLISHED
    assert "Published verdict" in ada.get(page_of(ready)).content.decode()

    assert post(ada, ready, "correct", {"note": ""}).status_code == 422
    assert post(ada, ready, "correct", {"note": "The office revised 2024."}).status_code == 302
    text = ada.get(page_of(ready)).content.decode()
    assert "Corrected verdict" in text
    assert WHY in text, "the published rationale is what the correction starts from"
    answer = post(ada, ready, "decide", verdict_of(ready))
    assert answer.status_code == 422
    assert "Say what is corrected and why." in answer.content.decode()
    more = {"correction_class": "update", "correction_reason": "Revised by the office."}
    assert post(ada, ready, "decide", verdict_of(ready, **more)).status_code == 302
    assert Verdict.objects.filter(ticket=ready).count() == 2


def test_second_reader_sends_back_with_a_note(house: House, held: Ticket, as_: As) -> None:
    decide(as_(house.ada), held)
    ben = as_(house.ben)
    answer = post(ben, held, "send_back", {"note": " "})
    assert answer.status_code == 422
    assert "Say what is missing" in answer.content.decode()
    assert post(ben, held, "send_back", {"note": "What of 2023?"}).status_code == 302
    text = as_(house.ada).get(page_of(held)).content.decode()
    assert "Sent back by <bdi>Ben Varga</bdi>" in text
    assert "What of 2023?" in text
    assert WHY in text, "the sent-back rationale is still in the form"


def test_team_that_wants_a_lead_refuses_a_reviewer(house: House, held: Ticket, as_: As) -> None:
    house.team.confirmation = ConfirmationPolicy.LEAD
    house.team.save()
    decide(as_(house.ada), held)
    assert act_on(held, "confirm") not in as_(house.ben).get(page_of(held)).content.decode()
    assert post(as_(house.ben), held, "confirm").status_code == 409
    assert post(as_(house.lead), held, "confirm").status_code == 302


def test_team_without_second_read_decides_at_once(house: House, held: Ticket, as_: As) -> None:
    house.team.confirmation = ConfirmationPolicy.NONE
    house.team.save()
    decide(as_(house.ada), held)
    assert Verdict.objects.get(ticket=held).state == VerdictState.FINAL


@pytest.mark.parametrize("verb", VERBS)
def test_foreign_ticket_is_not_there(house: House, held: Ticket, as_: As, verb: str) -> None:
    before = TicketEvent.objects.count()
    answer = post(as_(house.eve), held, verb, verdict_of(held, note="x", close_reason="opinion"))
    assert answer.status_code == 404
    assert "nearly 70" not in answer.content.decode()
    assert TicketEvent.objects.count() == before


def test_foreign_page_and_state_are_not_there(house: House, held: Ticket, as_: As) -> None:
    for path in (page_of(held), act_on(held, "state"), act_on(held, "history")):
        assert as_(house.eve).get(path).status_code == 404, path
    assert (
        as_(house.eve).get("/admin/claims/ticket/99999999999999999999/change/").status_code == 404
    )


@pytest.mark.parametrize("verb", VERBS)
def test_contributor_may_nothing(house: House, held: Ticket, as_: As, verb: str) -> None:
    before = (state_of(held), TicketEvent.objects.count(), Draft.objects.count())
    data = verdict_of(held, note="x", close_reason="opinion", stance="supports", query="q")
    assert post(as_(house.dan), held, verb, data).status_code == 403
    assert (state_of(held), TicketEvent.objects.count(), Draft.objects.count()) == before


@pytest.mark.parametrize("verb", ["release", "decide", "close", "gather", "frame", "stance"])
def test_reviewer_does_not_act_on_a_ticket_in_other_hands(
    house: House, held: Ticket, as_: As, verb: str
) -> None:
    before = (state_of(held), TicketEvent.objects.count())
    piece = Evidence.objects.filter(ticket=held).first()
    assert piece is not None
    data = verdict_of(held, note="x", close_reason="opinion", query="q", measured="exports")
    if verb == "stance":
        data |= {"evidence": piece.pk, "stance": "supports"}
    assert post(as_(house.ben), held, verb, data).status_code == 409
    assert (state_of(held), TicketEvent.objects.count()) == before


@pytest.mark.parametrize("verb", VERBS)
def test_get_does_not_act(house: House, held: Ticket, as_: As, verb: str) -> None:
    before = TicketEvent.objects.count()
    # As after a login on the way: the page, not a blank refusal.
    answer = as_(house.lead).get(act_on(held, verb))
    assert (answer.status_code, answer.headers["Location"]) == (302, page_of(held))
    assert as_(house.eve).get(act_on(held, verb)).status_code == 404
    assert (state_of(held), TicketEvent.objects.count()) == (TicketState.IN_REVIEW, before)


def test_anonymous_is_sent_to_log_in(held: Ticket) -> None:
    for verb in VERBS:
        answer = Client().post(act_on(held, verb))
        assert answer.status_code == 302
        assert "/login/" in answer["Location"]


def test_posts_need_the_token(house: House, held: Ticket) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(house.ada)
    for verb in VERBS:
        assert strict.post(act_on(held, verb)).status_code == 403, verb
    assert strict.post("/admin/claims/ticket/take-next/").status_code == 403


def test_the_page_itself_takes_no_post(house: House, held: Ticket, as_: As) -> None:
    answer = as_(house.lead).post(page_of(held), {"state": "published", "priority": "1"})
    assert answer.status_code == 403
    assert state_of(held) == TicketState.IN_REVIEW


def test_take_next_says_when_nothing_waits(house: House, as_: As) -> None:
    answer = as_(house.ada).post("/admin/claims/ticket/take-next/", follow=True)
    assert "Nothing waits" in answer.content.decode()
    away = as_(house.ada).post(
        "/admin/claims/ticket/take-next/", {"next": "https://elsewhere.example/"}
    )
    assert away["Location"] == "/admin/claims/ticket/"


def test_take_next_keeps_to_own_teams(house: House, ready: Ticket, as_: As) -> None:
    assert as_(house.dan).post("/admin/claims/ticket/take-next/").status_code == 403
    foreign = as_(house.eve).post("/admin/claims/ticket/take-next/", {"team": house.team.pk})
    assert foreign.status_code == 403
    assert as_(house.eve).post("/admin/claims/ticket/take-next/").status_code == 302
    assert state_of(ready) == TicketState.READY


def test_taking_a_ticket_given_to_another_is_refused(house: House, ready: Ticket, as_: As) -> None:
    assign_ticket(ready, house.ben, by=house.lead)
    answer = post(as_(house.ada), ready, "take")
    assert answer.status_code == 409
    assert "assigned to somebody else" in answer.content.decode()
    assert post(as_(house.ben), ready, "take").status_code == 302


def test_a_ticket_of_a_removed_member_is_offered_again(
    house: House, ready: Ticket, as_: As
) -> None:
    assign_ticket(ready, house.ben, by=house.lead)
    taking = act_on(ready, "take")
    page = as_(house.ada).get(page_of(ready)).content.decode()
    assert taking not in page
    assert "was given to" in page
    house.ben.memberships.all().delete()
    assert taking in as_(house.ada).get(page_of(ready)).content.decode()
    assert post(as_(house.ada), ready, "take").status_code == 302


def test_release_close_and_renew(house: House, held: Ticket, as_: As) -> None:
    ada = as_(house.ada)
    first = held.reserved_until
    answer = ada.post(act_on(held, "renew"), **JSON)
    assert answer.status_code == 200
    held.refresh_from_db()
    assert first is not None
    assert held.reserved_until is not None
    assert held.reserved_until >= first
    assert as_(house.ben).post(act_on(held, "renew"), **JSON).status_code == 409

    assert post(ada, held, "release", {"note": "Needs Chinese."}).status_code == 302
    assert state_of(held) == TicketState.READY
    assert "Needs Chinese." in ada.get(page_of(held)).content.decode()

    answer = post(ada, held, "close", {"close_reason": "boredom", "note": "kept words"})
    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()
    assert post(ada, held, "close", {"close_reason": "opinion"}).status_code == 302
    assert "Closed without a verdict" in ada.get(page_of(held)).content.decode()


def test_search_again_owes_a_round(house: House, held: Ticket, as_: As) -> None:
    data = {"query": "rare earth statistics 2024", "version": held.version}
    assert post(as_(house.ada), held, "gather", data).status_code == 302
    held.refresh_from_db()
    assert (held.state, held.round) == (TicketState.GATHERING, 2)
    assert Job.objects.filter(kind="search", team=house.team).exists()
    assert post(as_(house.ada), held, "gather", {"query": "x" * 301}).status_code == 422


def test_stance_is_set_and_taken_back(house: House, held: Ticket, as_: As) -> None:
    piece = Evidence.objects.filter(ticket=held, number=3).get()
    ada, data = as_(house.ada), {"evidence": piece.pk, "stance": "supports"}
    answer = ada.post(act_on(held, "stance"), data, **JSON)
    assert answer.json()["said"].startswith("[3] is marked")
    piece.refresh_from_db()
    assert (piece.stance, piece.stance_by) == ("supports", house.ada)
    ada.post(act_on(held, "stance"), data, **JSON)
    piece.refresh_from_db()
    assert (piece.stance, piece.stance_by) == ("", None)
    assert ada.post(act_on(held, "stance"), data | {"stance": "maybe"}).status_code == 422


def test_stance_on_evidence_of_another_ticket_is_refused(
    house: House, held: Ticket, as_: As
) -> None:
    other = make_ready(house.other, "There are 17 rare earth elements.")
    piece = Evidence.objects.filter(ticket=other).first()
    assert piece is not None
    data = {"evidence": piece.pk, "stance": "supports"}
    assert post(as_(house.ada), held, "stance", data).status_code == 422
    answer = post(as_(house.ada), held, "decide", verdict_of(held, evidence=[piece.pk]))
    assert answer.status_code == 422
    assert "not on this ticket" in answer.content.decode()
    piece.refresh_from_db()
    assert piece.stance == ""


def test_frame_is_corrected_and_compared_again(house: House, held: Ticket, as_: As) -> None:
    ada = as_(house.ada)
    data = {
        "claim_version": held.claim.version,
        "self_contained": "China accounts for nearly 60 per cent of global production.",
        "measured": "mine production",
        "period_from": "2024-01-01",
        "period_to": "2024-12-31",
    }
    assert post(ada, held, "frame", data).status_code == 302
    claim = Claim.objects.get(pk=held.claim_id)
    assert (claim.measured, claim.place) == ("mine production", "China")
    first = Evidence.objects.filter(ticket=held, number=1).get()
    assert first.outcome == "differs"
    text = ada.get(page_of(held)).content.decode()
    assert "corrected the frame" in text
    answer = post(ada, held, "frame", {"claim_version": claim.version, "period_from": "0000-01-01"})
    assert answer.status_code == 422
    assert "Write the day as" in answer.content.decode()


def test_draft_is_kept_restored_and_dropped(house: House, held: Ticket, as_: As) -> None:
    ada = as_(house.ada)
    piece = Evidence.objects.filter(ticket=held, number=2).get()
    data = {
        "rationale": "Half a **sent** [2]", "evidence": [piece.pk], "tolerance": "one point",
        "confidence": "low", "waiver_primary": "There is no register yet.",
    }  # fmt: skip
    saved = ada.post(act_on(held, "draft"), data, **JSON)
    assert saved.json()["saved_at"]
    text = ada.get(page_of(held)).content.decode()
    assert "Half a **sent** [2]" in text
    assert 'Half a <strong>sent</strong> <a class="tk-cite" href="#e-2">[2]</a>' in text
    assert '<option value="low" selected>' in text
    assert "There is no register yet." in text
    assert "is restored" in text
    assert f'value="{piece.pk}" form="verdict-form" data-tick="2" checked' in text
    assert "Half a **sent" not in as_(house.lead).get(page_of(held)).content.decode()
    assert post(ada, held, "draft", {"discard": "1"}).status_code == 302
    assert not Draft.objects.exists()
    too_long = ada.post(act_on(held, "draft"), {"rationale": "x" * 2_000_001}, **JSON)
    assert too_long.status_code == 413


def test_preview_says_how_it_reads_and_what_is_missing(house: House, held: Ticket, as_: As) -> None:
    before = snapshot_of(held)
    ticked = Evidence.objects.get(ticket=held, number=1).pk
    words = {"rationale": "<b>So</b> says [3], not [99].", "decisive": [ticked]}
    told = as_(house.ada).post(act_on(held, "preview"), words, **JSON).json()
    link = '<a class="tk-cite" href="#e-3">[3]</a>'
    assert told["markup"] == f"<p>&lt;b&gt;So&lt;/b&gt; says {link}, not [99].</p>\n"
    assert [(line["item"], line["is_met"]) for line in told["gate"]] == [
        ("origins", True), ("primary", True), ("anchored", True), ("contrary", True),
    ]  # fmt: skip
    foreign = Evidence.objects.get(ticket=make_ready(house.other), number=1).pk
    alone = as_(house.ada).post(act_on(held, "preview"), {"evidence": [foreign]}, **JSON).json()
    assert alone["gate"][0]["words"] == "0 of 2 independent origins"
    long = as_(house.ada).post(act_on(held, "preview"), {"rationale": "x" * 1_000_000}, **JSON)
    assert long.json()["markup"] == "At most 20,000 characters; this has 1,000,000."
    assert as_(house.dan).post(act_on(held, "preview"), words, **JSON).status_code == 403
    assert snapshot_of(held) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rating": ""}, "Choose a rating."),
        ({"rating": "999999"}, "Choose a rating of your team"),
        ({"rating": "9" * 400}, "Choose a rating of your team"),
        ({"rationale": "Too short."}, "at least 20 characters"),
        ({"rationale": "x" * 1_000_000}, "At most 20,000 characters"),
        ({"rationale": f"{WHY}\x00"}, "cannot be stored"),
        ({"evidence": [], "decisive": []}, "1 of 2 independent origins"),
        ({"evidence": ["9" * 30], "decisive": []}, "1 of 2 independent origins"),
        ({"tolerance": "x" * 301}, "At most 300"),
        ({"rationale": "A <script>alert(1)</script> [9] " + WHY}, "no evidence [9] on this"),
        ({"what_would_change": "x" * 1_000_000}, "At most 2,000 characters"),
        ({"confidence": "<b>high</b>"}, "Choose low, medium or high"),
        ({"evidence": [], "waiver_origins": "x" * 1_000_000}, "this has 1,000,000"),
        ({"evidence": [], "waiver_origins": "so"}, "at least 10 characters"),
        ({"version": ""}, "out of date"),
    ],
)
def test_bad_field_is_said_at_the_field_and_all_is_kept(
    house: House, held: Ticket, as_: As, changes: dict[str, Any], said: str
) -> None:
    typed = verdict_of(held, what_would_change="A revision of the table.") | changes
    answer = post(as_(house.ada), held, "decide", typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert typed["what_would_change"][:24] in text
    assert escape(str(typed["rationale"]).replace("\x00", "")[:40]) in text
    assert state_of(held) == TicketState.IN_REVIEW
    assert not Verdict.objects.exists()


def test_waiver_stands_in_for_evidence(house: House, held: Ticket, as_: As) -> None:
    waived = dict.fromkeys(("waiver_origins", "waiver_primary"), "Nobody publishes this.")
    data = verdict_of(held, evidence=[], decisive=[]) | waived
    assert post(as_(house.ada), held, "decide", data).status_code == 302
    assert "Nobody publishes this." in as_(house.ben).get(page_of(held)).content.decode()


def test_reservation_that_ran_out_while_typing(house: House, held: Ticket, as_: As) -> None:
    typed = verdict_of(held)
    overdue(held)
    expire_reservations()
    answer = post(as_(house.ada), held, "decide", typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "<bdi>The workbench</bdi></b> was first: put the ticket back" in text
    assert WHY in text
    held.refresh_from_db()
    take_ticket(held, house.ada)
    assert WHY in as_(house.ada).get(page_of(held)).content.decode(), "the draft came back"


@pytest.mark.parametrize(
    "verb", ["confirm", "send_back", "publish", "correct", "withdraw", "close"]
)
def test_nobody_judges_a_version_they_did_not_name(
    house: House, held: Ticket, as_: As, verb: str
) -> None:
    before = list(TicketEvent.objects.values_list("pk", flat=True))
    data = {"note": "I typed this.", "close_reason": CloseReason.OPINION}
    answer = as_(house.lead).post(act_on(held, verb), data)
    assert answer.status_code == 422
    assert "which version of the ticket was read" in answer.content.decode()
    assert list(TicketEvent.objects.values_list("pk", flat=True)) == before


def test_a_published_verdict_is_withdrawn_with_its_reason(
    house: House, held: Ticket, as_: As
) -> None:
    lea, ada = as_(house.lead), as_(house.ada)
    decide(ada, held)
    assert post(as_(house.ben), held, "confirm", {"note": "Agreed."}).status_code == 302
    assert act_on(held, "withdraw") not in lea.get(page_of(held)).content.decode()
    assert post(lea, held, "publish").status_code == 302
    assert act_on(held, "withdraw") in lea.get(page_of(held)).content.decode()
    assert act_on(held, "withdraw") not in ada.get(page_of(held)).content.decode()
    assert post(ada, held, "withdraw", {"note": "Mine."}).status_code == 403
    refused = post(lea, held, "withdraw", {"note": " "})
    assert refused.status_code == 422
    assert "Say why the published verdict is taken back." in refused.content.decode()

    # The scale changes meanwhile; what was given says what it said.
    rating = Verdict.objects.get(ticket=held).rating
    Rating.objects.filter(pk=rating.pk).update(
        label="Renamed", colour="#000000", definition="New.", examples="Seen here.\n\n<b>There</b>"
    )
    why = {"note": "The office took its table back."}
    assert post(lea, held, "withdraw", why).status_code == 302
    text = lea.get(page_of(held)).content.decode()
    assert "<b>Withdrawn</b> by <bdi>Lea Brightwell</bdi>" in text
    assert "Published until this is final" not in text
    assert "<dd><bdi>Seen here.</bdi></dd><dd><bdi>&lt;b&gt;There&lt;/b&gt;</bdi></dd>" in text
    assert f'<div class="tk-told" style="--rating: {rating.colour}">' in text
    listed = lea.get("/admin/corrections/").content.decode()
    assert "The office took its table back." in listed
    told = lea.get("/admin/corrections/corrections.csv")
    assert b'"withdrawn"' in b"".join(told.streaming_content)
    page = reverse("admin:claims_verdict_change", args=[Verdict.objects.get(ticket=held).pk])
    sheet = lea.get(page).content.decode()
    assert "The office took its table back." in sheet
    assert rating.definition in sheet
