"""Rights that end while a person works: the next request is refused, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse

from claims.admin import standing
from claims.models import Draft, Membership, Ticket
from claims.vocabulary import Role, TicketState
from claims.workflow.assign import assign_ticket, expire_reservations, take_ticket
from tests.admin.matrix.acts import REASONS, act, form_of
from tests.admin.matrix.conftest import Two
from tests.admin.matrix.rows import digest_rows

Enter = Callable[[str], Client]


def remove(person: Any) -> None:
    Membership.objects.filter(user=person).delete()


def switch_off(person: Any) -> None:
    get_user_model().objects.filter(pk=person.pk).update(is_active=False)


def shut_out(person: Any) -> None:
    get_user_model().objects.filter(pk=person.pk).update(is_staff=False)


def lower(person: Any) -> None:
    Membership.objects.filter(user=person).update(role=Role.CONTRIBUTOR)


def change_password(person: Any) -> None:
    fresh = get_user_model().objects.get(pk=person.pk)
    fresh.set_password("another long pass phrase")
    fresh.save()


# What is done to the person → what the page, and a posted verdict, answer next.
ENDINGS = [(remove, 404, 404), (switch_off, 302, 302), (shut_out, 302, 302),
           (lower, 200, 403), (change_password, 302, 302)]  # fmt: skip


@pytest.mark.parametrize(("end", "page", "verdict"), ENDINGS)
def test_the_very_next_request_is_refused(
    two: Two, enter: Enter, end: Callable[[Any], None], page: int, verdict: int
) -> None:
    person, ticket = two.people["reviewer"], two.far.ticket
    client = enter("reviewer")
    take_ticket(ticket, person)
    typed = form_of(ticket) | {"rationale": REASONS}
    address = reverse("admin:claims_ticket_change", args=[ticket.pk])
    assert client.get(address).status_code == 200
    assert client.post(act(ticket, "draft"), typed).status_code == 200
    end(person)
    with transaction.atomic():
        before = digest_rows()
        response = client.post(act(ticket, "decide"), typed)
        assert response.status_code == verdict
        if verdict == 403:
            # What was typed comes back on the page.
            assert REASONS in response.content.decode()
        assert digest_rows() == before
        transaction.set_rollback(True)
    assert client.get(address).status_code == page
    exported = client.get(reverse("admin:claims_export_verdicts")).status_code
    assert exported == {404: 403}.get(page, page)
    # What was typed stays its author's, and nobody else's.
    assert Draft.objects.get(ticket=ticket, author=person).fields["rationale"] == REASONS
    if end is not change_password and end is not shut_out:
        assert expire_reservations() == 1
        fresh = Ticket.objects.get(pk=ticket.pk)
        assert (fresh.state, fresh.reserved_by_id) == (TicketState.READY, None)
        assert expire_reservations() == 0
    else:
        assert expire_reservations() == 0


def test_a_ticket_given_to_somebody_who_left_is_anybodys(two: Two, enter: Enter) -> None:
    assign_ticket(two.far.ticket, two.people["reviewer"], by=two.people["lead"])
    remove(two.people["reviewer"])
    lead = enter("lead")
    assert lead.post(act(two.far.ticket, "take"), {}).status_code == 302
    assert Ticket.objects.get(pk=two.far.ticket.pk).reserved_by == two.people["lead"]


def test_control_rights_that_are_kept_from_one_request_to_the_next_are_caught(
    two: Two, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A standing remembered per person lets the removed reviewer go on for one more request."""
    kept: dict[int, standing.Standing] = {}
    asked = standing.standing_of

    def remember(request: Any) -> standing.Standing:
        return kept.setdefault(request.user.pk, asked(request))

    from claims.admin.ticket_panels import desk as held

    client = enter("reviewer")
    address = act(two.far.ticket, "draft")
    monkeypatch.setattr(held, "standing_of", remember)
    assert client.post(address, {"rationale": "x"}).status_code == 200
    lower(two.people["reviewer"])
    assert client.post(address, {"rationale": "x"}).status_code == 200
    monkeypatch.undo()
    assert client.post(address, {"rationale": "x"}).status_code == 403
