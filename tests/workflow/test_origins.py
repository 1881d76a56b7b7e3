"""People merge and split origins, and no later weighing undoes it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from claims.models import (
    Appearance,
    Article,
    Correction,
    Evidence,
    PageOrigin,
    Snapshot,
    Ticket,
    TicketEvent,
)
from claims.vocabulary import CorrectionKind
from claims.web.snapshots import text_digest
from claims.workflow.decide.gate import count_origins
from claims.workflow.weigh import (
    OriginRefused,
    join_origins,
    restore_origins,
    split_origin,
    weigh_ticket,
)
from claims.workflow.weigh.keeping import count_speaking, store_evidence
from tests.people import Desk, add_evidence, ready_one
from tests.workflow.test_weigh import AGREES, DIFFERS, find
from tests.workflow.test_weigh import ticket as ticket

COPIED = f"{AGREES} (Reuters)"


def origins(ticket: Ticket) -> list[list[int]]:
    """The evidence numbers of each origin, in order."""
    held: dict[int, list[int]] = {}
    for piece in Evidence.objects.filter(ticket=ticket).order_by("number"):
        held.setdefault(piece.origin, []).append(piece.number)
    return sorted(held.values())


def page_id(ticket: Ticket, number: int) -> int:
    piece = Evidence.objects.select_related("passage__snapshot").get(ticket=ticket, number=number)
    return piece.passage.snapshot.page_id


def url(ticket: Ticket, number: int) -> str:
    return PageOrigin.objects.get(ticket=ticket, page=page_id(ticket, number)).page.url


@pytest.fixture
def ready(desk: Desk) -> Ticket:
    """Evidence 1 and 2 of one origin, 3 and 4 each of its own."""
    ticket = ready_one(desk.team)
    for origin in (1, 1, 2, 3):
        add_evidence(ticket, origin=origin, origin_reasons=["both credit Reuters"])
    return ticket


def test_a_person_merges_origins_and_the_whole_of_both_is_one(desk: Desk, ready: Ticket) -> None:
    join_origins(ready, page_id(ready, 2), page_id(ready, 3), by=desk.ada)
    assert origins(ready) == [[1, 2, 3], [4]]
    join_origins(ready, page_id(ready, 1), page_id(ready, 4), by=desk.ada)
    assert origins(ready) == [[1, 2, 3, 4]]
    first = Evidence.objects.get(ticket=ready, number=1)
    assert first.origin_reasons == ["both credit Reuters", "a reviewer said so"]
    with pytest.raises(OriginRefused, match="already"):
        join_origins(ready, page_id(ready, 4), page_id(ready, 2), by=desk.ada)


def test_a_page_set_apart_leaves_the_others_together(desk: Desk, ready: Ticket) -> None:
    for number in (3, 4):
        join_origins(ready, page_id(ready, number), page_id(ready, 1), by=desk.ada)
    split_origin(ready, page_id(ready, 1), by=desk.ada)
    assert origins(ready) == [[1], [2, 3, 4]]
    split_origin(ready, page_id(ready, 3), by=desk.ada)
    assert origins(ready) == [[1], [2, 4], [3]]
    with pytest.raises(OriginRefused, match="by itself"):
        split_origin(ready, page_id(ready, 3), by=desk.ada)
    join_origins(ready, page_id(ready, 1), page_id(ready, 3), by=desk.ada)
    assert origins(ready) == [[1, 3], [2, 4]]
    restore_origins(ready, by=desk.ada)
    assert origins(ready) == [[1, 2], [3], [4]]
    with pytest.raises(OriginRefused, match="as the machine"):
        restore_origins(ready, by=desk.ada)


def test_every_word_is_a_correction_and_a_line_of_history(desk: Desk, ready: Ticket) -> None:
    join_origins(ready, page_id(ready, 3), page_id(ready, 4), by=desk.ada)
    split_origin(ready, page_id(ready, 2), by=desk.ada)
    split, joined = Correction.objects.filter(kind=CorrectionKind.ORIGIN)
    assert joined.machine
    assert split.machine
    assert (joined.field, joined.machine["is_joined"]) == ("joined", False)
    assert (split.field, split.machine["is_joined"]) == ("apart", True)
    assert joined.person == {"is_joined": True, "pages": [url(ready, 3), url(ready, 4)]}
    assert split.machine["pages"] == [url(ready, 1), url(ready, 2)]
    event = TicketEvent.objects.filter(ticket=ready).latest("sequence")
    assert (event.actor, event.changes["independent_origins"]) == (desk.ada, [2, 3])


def test_a_page_of_another_ticket_is_refused(desk: Desk, ready: Ticket) -> None:
    other = add_evidence(ready_one(desk.team)).passage.snapshot.page_id
    with pytest.raises(OriginRefused, match="not on this ticket"):
        join_origins(ready, page_id(ready, 1), other, by=desk.ada)
    assert origins(ready) == [[1, 2], [3], [4]]


def test_weighing_again_keeps_what_people_said_and_renews_the_machines(
    desk: Desk, ticket: Ticket
) -> None:
    pages = find(ticket, COPIED, DIFFERS)
    with transaction.atomic():
        store_evidence(ticket, weigh_ticket(ticket))
    assert origins(ticket) == [[1, 2]], "one source holds both pages"
    split_origin(ticket, pages[1].pk, by=desk.ada)
    assert len(origins(ticket)) == 2
    pages += find(ticket, AGREES)
    weighing = weigh_ticket(ticket)
    with transaction.atomic():
        settled = store_evidence(ticket, weighing)
    assert settled[pages[0].pk] == settled[pages[2].pk] != settled[pages[1].pk]
    assert count_speaking(weighing, settled) == 2
    row = PageOrigin.objects.get(ticket=ticket, page=pages[0])
    assert any("same publisher" in link["reason"] for link in row.links)


def test_whom_a_page_cites_is_kept_with_its_origin(ticket: Ticket) -> None:
    quote = "In 2023 the harbour of Varnholm handled 48,000 tonnes of salt, according to the IMF."
    (page,) = find(ticket, quote)
    snapshot = page.snapshots.get()
    snapshot.links = [{"url": "https://www.imf.org/salt", "text": "report"}]
    snapshot.save()
    with transaction.atomic():
        store_evidence(ticket, weigh_ticket(ticket))
    (cited,) = PageOrigin.objects.get(ticket=ticket, page=page).cites
    assert (cited["page"], cited["url"]) == (None, "https://www.imf.org/salt")
    assert "IMF" in cited["name"]


def test_a_copy_of_the_claims_own_article_is_no_origin_beside_it(
    desk: Desk, ticket: Ticket
) -> None:
    body = " ".join(f"{AGREES} The quay has berth {number}." for number in range(12))
    article = Article.objects.create(
        team=desk.team, text=body, sha256=text_digest(body), published_on=date(2024, 5, 2)
    )
    Appearance.objects.create(claim=ticket.claim, article=article, start=0, end=len(AGREES))
    copy, earlier, other = find(ticket, f"{body} Elsewhere.", f"{body} Before.", DIFFERS)
    Snapshot.objects.filter(page=copy).update(published_on=date(2024, 5, 3))
    Snapshot.objects.filter(page=earlier).update(published_on=date(2024, 4, 30))
    weighing = weigh_ticket(ticket)
    with transaction.atomic():
        settled = store_evidence(ticket, weighing)
    # What was out before the article is not a copy of it.
    assert set(settled) == {earlier.pk, other.pk}
    assert weighing.independent == count_speaking(weighing, settled) == 1, "of one publisher"
    every = list(Evidence.objects.filter(ticket=ticket).select_related("passage__snapshot"))
    own = [piece for piece in every if piece.is_own_copy]
    assert {piece.passage.snapshot.page_id for piece in own} == {copy.pk}
    assert own[0].origin_reasons == ["a copy of the claim's own article"]
    assert own[0].origin not in set(settled.values())
    assert (count_origins(own), count_origins(every)) == (0, 1)
    # What a person merges with it is of the article's origin too; what is set apart is not.
    join_origins(ticket, other.pk, copy.pk, by=desk.ada)
    assert count_origins(list(Evidence.objects.filter(ticket=ticket))) == 0
    restore_origins(ticket, by=desk.ada)
    split_origin(ticket, copy.pk, by=desk.ada)
    with transaction.atomic():
        settled = store_evidence(ticket, weigh_ticket(ticket))
    assert (len(settled), len(set(settled.values()))) == (3, 2)
    event = TicketEvent.objects.filter(ticket=ticket).latest("sequence")
    assert event.changes["independent_origins"] == [1, 2]
    with pytest.raises(OriginRefused, match="by itself"):
        split_origin(ticket, copy.pk, by=desk.ada)
