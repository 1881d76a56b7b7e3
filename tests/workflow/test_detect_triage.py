"""Detection and triage: once, with offsets that slice back, by the team's threshold and cap."""

from __future__ import annotations

from datetime import date

import pytest

from claims.models import Appearance, Article, Claim, Team, Ticket, TicketEvent
from claims.vocabulary import TicketState
from claims.workflow.detect import detect_article
from claims.workflow.ingest import ingest_text
from claims.workflow.reframe import FrameRefused, edit_frame
from claims.workflow.triage import open_ticket, triage_article
from tests.people import Desk, make_team, open_one, ready_one

SALT = "The port handled 48,000 tonnes of salt in 2023, up 12 per cent on the year before."
SHIPS = "Exports of copper rose to $1.4 billion last year, the ministry said on Monday."
FISH = "Nearly 70 per cent of the catch was landed by 31 boats, according to the harbour office."
PLAIN = "It was a fine day and people walked along the pier."


def article_of(team: Team, *sentences: str, title: str = "Harbour news") -> Article:
    text = f"{title}\n\n" + "\n\n".join(sentences)
    return ingest_text(team, text, published_on=date(2024, 3, 1)).article


@pytest.fixture
def team(db: None) -> Team:
    return make_team("detect-desk")


def test_offsets_slice_back_and_numbers_lie_inside(team: Team) -> None:
    article = article_of(team, f"{SALT} {PLAIN}", FISH)
    assert detect_article(article) == Appearance.objects.count() > 1
    for seen in Appearance.objects.select_related("claim"):
        assert article.text[seen.start : seen.end] == seen.claim.text
        for number in seen.claim.quantities.all():
            assert seen.claim.text[number.start : number.end] == number.text
    assert "Harbour news" not in set(Claim.objects.values_list("text", flat=True))


def test_twice_is_once(team: Team) -> None:
    article = article_of(team, SALT, SHIPS)
    first = detect_article(article), len(triage_article(article))
    counts = Claim.objects.count(), Appearance.objects.count(), TicketEvent.objects.count()
    again = Article.objects.get()
    assert (detect_article(again), len(triage_article(again))) == (first[0], 0)
    assert counts == (
        Claim.objects.count(),
        Appearance.objects.count(),
        TicketEvent.objects.count(),
    )


def test_a_wording_in_two_articles_is_one_claim(team: Team) -> None:
    first, second = article_of(team, SALT, SHIPS), article_of(team, FISH, SALT, title="Later")
    for article in (first, second):
        detect_article(article)
        triage_article(article)
    claim = Claim.objects.get(text=SALT)
    assert [one.article for one in claim.appearances.order_by("id")] == [first, second]
    assert claim.quantities.count() == len({q.position for q in claim.quantities.all()}) == 2
    assert Ticket.objects.filter(claim=claim).count() == 1
    for seen in claim.appearances.all():
        assert seen.article.text[seen.start : seen.end] == SALT


def test_a_wording_twice_in_one_article_has_two_places(team: Team) -> None:
    article = article_of(team, f"{SALT} {PLAIN}", FISH, f"{SHIPS} {SALT}")
    detect_article(article)
    assert Claim.objects.get(text=SALT).appearances.count() == 2


def test_threshold(team: Team) -> None:
    article = article_of(team, SALT, PLAIN)
    detect_article(article)
    team.claim_threshold = 1.0
    article.team = team
    assert triage_article(article) == []
    team.claim_threshold = 0.0
    assert len(triage_article(article)) == Claim.objects.count()


def test_cap_best_first_and_the_rest_is_left_out_and_can_be_opened(team: Team) -> None:
    team.ticket_cap, team.claim_threshold = 2, 0.3
    article = article_of(team, SALT, SHIPS, FISH)
    article.team = team
    detect_article(article)
    opened = triage_article(article)
    left = Claim.objects.filter(ticket__isnull=True).order_by("-score")
    article.refresh_from_db()
    assert len(opened) == 2
    assert article.left_out == left.filter(score__gte=0.3).count() == 1
    assert min(one.claim.score for one in opened) >= left[0].score
    article.team = team
    assert triage_article(article) == []
    ticket, is_new = open_ticket(left[0])
    assert is_new
    assert open_ticket(ticket.claim) == (ticket, False)


def test_what_an_older_article_brought_uses_up_no_room(team: Team) -> None:
    team.ticket_cap = 2
    team.save()
    older = article_of(team, SALT, FISH)
    newer = article_of(team, SALT, FISH, SHIPS, title="Later")
    for article in (older, newer):
        detect_article(article)
        triage_article(article)
    assert Ticket.objects.filter(claim__text=SHIPS).exists()


def test_a_ticket_opens_with_priority_and_history(team: Team) -> None:
    ticket = open_one(team, SALT)
    line = TicketEvent.objects.get()
    assert ticket.state == TicketState.OPEN
    assert (line.action, line.to_state, line.sequence) == ("opened", "open", 1)
    assert 0 < ticket.priority <= 100


# The frame ----------------------------------------------------------------------


def test_the_same_part_of_two_sentences_is_two_claims(team: Team) -> None:
    said = "Kenya mined 40 tonnes of gold in 2023 and sold 12 tonnes in 2024."
    other = said.replace("Kenya", "Chile")
    for sentence in (said, other):
        detect_article(article_of(team, sentence, title=f"On {sentence[:5]}"))
    parts = Claim.objects.filter(text="sold 12 tonnes in 2024.").order_by("id")
    assert [one.self_contained for one in parts] == [
        "[Kenya] sold 12 tonnes in 2024.",
        "[Chile] sold 12 tonnes in 2024.",
    ]
    assert [one.place for one in parts] == ["Kenya", "Chile"]
    assert all(one.context_before.endswith("gold in 2023 and") for one in parts)


def test_editing_the_frame_keeps_what_was_there(desk: Desk) -> None:
    ticket = ready_one(desk.team)
    old = ticket.claim.measured
    claim = edit_frame(
        ticket, {"measured": "rock salt ", "period_from": date(2023, 1, 1)}, by=desk.ben
    )
    line = TicketEvent.objects.latest("id")
    assert (claim.measured, claim.version) == ("rock salt", 1)
    assert line.changes["measured"] == [old, "rock salt"]
    assert edit_frame(ticket, {"measured": "rock salt"}, by=desk.ben).version == 1
    assert TicketEvent.objects.latest("id") == line


def test_an_edit_over_a_newer_frame_is_refused(desk: Desk) -> None:
    ticket = ready_one(desk.team)
    edit_frame(ticket, {"place": "Norway"}, by=desk.ben, expected_version=0)
    with pytest.raises(FrameRefused) as refused:
        edit_frame(ticket, {"place": "Chile"}, by=desk.chloe, expected_version=0)
    assert refused.value.field == "version"
    assert Claim.objects.get(pk=ticket.claim_id).place == "Norway"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"measured": "x" * 301}, "measured"),
        ({"place": "a\x00b"}, "place"),
        ({"claimant": "a\ud800"}, "claimant"),
        ({"self_contained": "  "}, "self_contained"),
        ({"self_contained": "x" * 2001}, "self_contained"),
        ({"period_from": date(2024, 1, 1), "period_to": date(2023, 1, 1)}, "period_to"),
    ],
)
def test_a_frame_that_cannot_be_kept_is_refused(
    desk: Desk, changes: dict[str, object], field: str
) -> None:
    ticket = ready_one(desk.team)
    with pytest.raises(FrameRefused) as refused:
        edit_frame(ticket, changes, by=desk.ben)
    assert refused.value.field == field
    assert Claim.objects.get(pk=ticket.claim_id).version == 0
