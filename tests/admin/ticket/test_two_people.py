"""Two people on one ticket lose nothing; the stock admin beside it does, on the same rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.forms import model_to_dict
from django.test import Client, override_settings
from django.urls import path

from claims.models import Claim, Draft, Evidence, Rating, Ticket, Verdict
from claims.vocabulary import ConfirmationPolicy, TicketState
from tests.admin.ticket.conftest import As, act_on, page_of
from tests.admin.ticket.rows import House
from tests.admin.ticket.test_acts import WHY, verdict_of

SECOND = "The journal counted 63 per cent, but that was 2019; see [4]."

stock_site = admin.AdminSite(name="stock")


class StockAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What Django gives for nothing: a form over the row, saved whole."""

    raw_id_fields = ("team",)


@admin.register(Ticket, site=stock_site)
class StockTicketAdmin(StockAdmin):
    fields = ("state", "priority", "close_reason")


@admin.register(Claim, site=stock_site)
class StockClaimAdmin(StockAdmin):
    fields = ("measured", "place", "claimant")


urlpatterns = [path("stock/", stock_site.urls)]


@pytest.fixture
def lea_beside_ada(house: House, held: Ticket, as_: As) -> tuple[Client, Client]:
    """Ada holds the ticket; Lea leads and may decide it too. Both have the page open."""
    ada, lea = as_(house.ada), as_(house.lead)
    for client in (ada, lea):
        assert client.get(page_of(held)).status_code == 200
    return ada, lea


def test_second_verdict_is_refused_with_who_what_when_and_kept(
    house: House, held: Ticket, lea_beside_ada: tuple[Client, Client]
) -> None:
    ada, lea = lea_beside_ada
    hers = verdict_of(held)
    theirs = verdict_of(held, rationale=SECOND, what_would_change="A newer table.")
    assert ada.post(act_on(held, "decide"), hers).status_code == 302

    answer = lea.post(act_on(held, "decide"), theirs)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody saved this ticket first" in text
    assert "<bdi>Ada Okafor</bdi></b> was first: decided at" in text
    assert "Rating: <bdi>Mostly true</bdi>" in text
    assert "it is now decided" in text
    assert SECOND in text, "what was typed is on the page"
    draft = Draft.objects.get(ticket=held, author=house.lead)
    assert draft.fields["rationale"] == SECOND
    assert draft.fields["what_would_change"] == "A newer table."
    assert Verdict.objects.get(ticket=held).rationale == WHY


def test_what_was_kept_can_be_sent_again(
    house: House, held: Ticket, lea_beside_ada: tuple[Client, Client]
) -> None:
    ada, lea = lea_beside_ada
    stale = verdict_of(held, rationale=SECOND)
    # Ada gives the ticket back and takes it again: it is in review as before, but newer.
    ada.post(act_on(held, "release"), {"version": held.version})
    ada.post(act_on(held, "take"))
    answer = lea.post(act_on(held, "decide"), stale)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'id="verdict-form"' in text
    assert "submit again" in text
    held.refresh_from_db()
    assert f'name="version" value="{held.version}"' in text
    again = lea.post(act_on(held, "decide"), stale | {"version": held.version})
    assert again.status_code == 302
    assert Verdict.objects.get(ticket=held).rationale == SECOND


def test_double_submit_gives_one_verdict(
    house: House, held: Ticket, lea_beside_ada: tuple[Client, Client]
) -> None:
    ada, _ = lea_beside_ada
    typed = verdict_of(held)
    answers = [ada.post(act_on(held, "decide"), typed) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 409]
    assert "You saved this ticket elsewhere" in answers[1].content.decode()
    assert Verdict.objects.filter(ticket=held).count() == 1


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("release", {"note": "typed"}),
        ("close", {"note": "typed", "close_reason": "opinion"}),
        ("gather", {"query": "typed"}),
    ],
)
def test_stale_moves_are_refused_and_kept(
    house: House,
    held: Ticket,
    lea_beside_ada: tuple[Client, Client],
    verb: str,
    data: dict[str, Any],
) -> None:
    ada, lea = lea_beside_ada
    seen = held.version
    ada.post(act_on(held, "release"), {"version": seen})
    ada.post(act_on(held, "take"))
    answer = lea.post(act_on(held, verb), data | {"version": seen})
    assert answer.status_code == 409
    assert "<bdi>Ada Okafor</bdi></b> was first: took the ticket at" in answer.content.decode()
    assert "typed" in answer.content.decode()
    held.refresh_from_db()
    assert held.state == TicketState.IN_REVIEW


def test_stale_second_reads_are_refused(house: House, held: Ticket, as_: As) -> None:
    assert as_(house.ada).post(act_on(held, "decide"), verdict_of(held)).status_code == 302
    held.refresh_from_db()
    seen = {"version": held.version, "note": "I typed this."}
    assert as_(house.ben).post(act_on(held, "confirm"), seen).status_code == 302
    answer = as_(house.lead).post(act_on(held, "send_back"), seen)
    assert answer.status_code == 409
    assert "<bdi>Ben Varga</bdi></b> was first: confirmed" in answer.content.decode()


def test_second_edit_of_the_frame_is_refused_and_kept(
    house: House, held: Ticket, lea_beside_ada: tuple[Client, Client]
) -> None:
    ada, lea = lea_beside_ada
    seen = held.claim.version
    first = {"claim_version": seen, "measured": "mine production"}
    second = {"claim_version": seen, "measured": "refined output", "place": "the world"}
    assert ada.post(act_on(held, "frame"), first).status_code == 302
    answer = lea.post(act_on(held, "frame"), second)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Ada Okafor was first at" in text
    assert "measured: production → mine production" in text
    assert "You typed as measured: <bdi>refined output</bdi>" in text
    assert 'value="the world"' in text
    assert Claim.objects.get(pk=held.claim_id).measured == "mine production"
    kept = second | {"claim_version": seen + 1}
    assert lea.post(act_on(held, "frame"), kept).status_code == 302
    assert Claim.objects.get(pk=held.claim_id).measured == "refined output"


def test_many_pairs_lose_nothing(house: House, held: Ticket, as_: As) -> None:
    """Twenty pairs of saves: each second one is warned and its words are kept."""
    house.team.confirmation = ConfirmationPolicy.NONE
    house.team.save()
    ada, lea = as_(house.ada), as_(house.lead)
    for turn in range(20):
        held.refresh_from_db()
        seen, words = held.version, f"Words of turn {turn} that must not be lost, see [1]."
        ada.post(act_on(held, "release"), {"version": seen})
        ada.post(act_on(held, "take"))
        answer = lea.post(act_on(held, "decide"), verdict_of(held, version=seen, rationale=words))
        assert answer.status_code == 409
        assert words in answer.content.decode()
        assert Draft.objects.get(ticket=held, author=house.lead).fields["rationale"] == words
    assert not Verdict.objects.exists()


@override_settings(ROOT_URLCONF="tests.admin.ticket.test_two_people")
def test_control_stock_admin_loses_the_first_save(house: House, held: Ticket) -> None:
    """The same two sessions before Django's own form: the second save wins in silence."""
    first, second = Client(), Client()
    for client in (first, second):
        client.force_login(house.boss)
    frame = f"/stock/claims/claim/{held.claim_id}/change/"
    # What the second person's form was filled with when it was opened.
    stale = model_to_dict(held.claim, fields=StockClaimAdmin.fields)
    assert first.post(frame, stale | {"measured": "mine production"}).status_code == 302
    assert second.post(frame, stale | {"place": "the world"}).status_code == 302
    claim = Claim.objects.get(pk=held.claim_id)
    assert claim.place == "the world"
    assert claim.measured == "production", "the first person's edit is gone"

    ticket = f"/stock/claims/ticket/{held.pk}/change/"
    stale = model_to_dict(Ticket.objects.get(pk=held.pk), fields=StockTicketAdmin.fields)
    assert first.post(ticket, stale | {"priority": "99"}).status_code == 302
    assert second.post(ticket, stale | {"close_reason": "opinion"}).status_code == 302
    assert Ticket.objects.get(pk=held.pk).priority == 72, "and so is the priority"


def test_evidence_of_the_verdict_is_what_was_ticked(house: House, held: Ticket, as_: As) -> None:
    """Ticked and decisive pieces come through as they were, whatever stances do meanwhile."""
    pieces = list(Evidence.objects.filter(ticket=held).order_by("number"))
    typed = verdict_of(held, evidence=[pieces[0].pk, pieces[2].pk], decisive=[pieces[2].pk])
    lea = as_(house.lead)
    lea.post(act_on(held, "stance"), {"evidence": pieces[4].pk, "stance": "refutes"})
    assert as_(house.ada).post(act_on(held, "decide"), typed).status_code == 302
    verdict = Verdict.objects.get(ticket=held)
    assert list(verdict.cited.values_list("number", "is_decisive")) == [(1, False), (3, True)]
    assert verdict.rating == Rating.objects.get(scale=house.team.scale, label="Mostly true")
