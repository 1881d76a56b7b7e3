"""The discussion, who else is here, and the notices' page, as a browser meets them."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from claims.models import (
    Comment,
    CommentDraft,
    DigestPlan,
    Membership,
    Notice,
    Presence,
    Ticket,
)
from claims.workflow.discuss import say
from tests.admin.ticket.conftest import As
from tests.admin.ticket.rows import House, make_ready, make_ticket


def act(ticket: Ticket, verb: str) -> str:
    return reverse(f"admin:claims_ticket_{verb}", args=[ticket.pk])


def page(ticket: Ticket) -> str:
    return reverse("admin:claims_ticket_change", args=[ticket.pk])


NOTICES = "/admin/notices/"
WAYS = "/admin/notices/ways/"


def test_a_day_of_talk_from_the_first_word_to_the_notice(house: House, as_: As) -> None:
    ticket = make_ready(house.team)
    ben, ada = as_(house.ben), as_(house.ada)
    posted = ben.post(act(ticket, "comment"), {"text": "<b>Which</b> year, @ada?"})
    assert posted.status_code == 302
    assert posted.url.endswith("#talk")
    body = ada.get(page(ticket)).content.decode()
    assert "&lt;b&gt;Which&lt;/b&gt; year, " in body
    assert '<b class="tk-named">@ada</b>' in body
    notices = ada.get(NOTICES)
    assert "Ben Varga" in notices.content.decode()
    items = [one for group in notices.context["sidebar_navigation"] for one in group["items"]]
    assert next(one["badge"] for one in items if one["title"] == "Notices") == "1"
    opened = ada.post(NOTICES, {"act": "open", "notice": Notice.objects.get().pk})
    assert opened.url.endswith(f"/{ticket.pk}/change/#talk")
    assert Notice.objects.get().read_at is not None
    root = Comment.objects.get().pk
    ada.post(act(ticket, "comment"), {"text": "2023.", "thread": root})
    ada.post(act(ticket, "settle"), {"thread": root, "act": "settle"})
    body = ben.get(page(ticket)).content.decode()
    assert "Settled by <bdi>Ada Okafor</bdi>" in body
    assert "2 comments" in body
    assert ben.post(NOTICES, {"act": "all"}).status_code == 302
    assert not Notice.objects.filter(read_at=None).exists()


def test_what_is_refused_stays_in_the_thread_it_was_typed_in(house: House, as_: As) -> None:
    ticket = make_ready(house.team)
    root = say(ticket, "Which year?", by=house.ben)
    long = "word " * 1_200
    answer = as_(house.ada).post(act(ticket, "comment"), {"text": long, "thread": root.pk})
    assert answer.status_code == 422
    talk = answer.context["talk"]
    assert (talk.threads[0].typed, talk.threads[0].error) == (long, "At most 5,000 characters.")
    assert not talk.typed
    foreign = say(make_ticket(house.team, "It is 9."), "Elsewhere.", by=house.ben)
    for verb, extra in (("comment", {"text": "x"}), ("settle", {"act": "settle"})):
        given = as_(house.ada).post(act(ticket, verb), {"thread": foreign.pk, **extra})
        assert given.status_code == 422
    assert Comment.objects.count() == 2


def test_two_at_one_ticket_see_each_other_until_one_leaves(house: House, as_: As) -> None:
    ticket = make_ready(house.team)
    ben, ada = as_(house.ben), as_(house.ada)
    assert ben.post(act(ticket, "here"), {"typing": "1"}).json() == {"others": []}
    seen = ada.post(act(ticket, "here")).json()["others"]
    assert seen == [{"name": "Ben Varga", "is_typing": True}]
    assert "Ben Varga is typing here" in ada.get(page(ticket)).content.decode()
    ben.post(act(ticket, "here"), {"left": "1"})
    assert ada.post(act(ticket, "here")).json() == {"others": []}
    # What was said long ago is not believed, and not kept.
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert ben.post(act(ticket, "here")).json() == {"others": []}
    Presence.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    other = make_ready(house.team, "It is 9.")
    ada.post(act(other, "here"))
    assert Presence.objects.filter(person=house.ada).count() == 1


def test_each_chooses_what_to_be_told_and_sees_only_ones_own(house: House, as_: As) -> None:
    ticket = make_ready(house.team)
    ada = as_(house.ada)
    chosen = {"team": house.team.pk, "app": ["given", "replied"], "mail": ["given"]}
    assert ada.post(WAYS, {**chosen, "hook": ["given"]}).status_code == 302
    kept = Membership.objects.get(user=house.ada)
    assert set(kept.muted) == {"mentioned", "taken_away", "sent_back", "due_soon", "overdue"}
    assert set(kept.unmailed) == {"replied", *kept.muted}
    assert kept.hooked == [], "the team has no webhook, so its boxes are closed"
    say(ticket, "@ada @ben", by=house.lead)
    assert list(Notice.objects.values_list("person__username", flat=True)) == ["ben"]
    number = Notice.objects.get().pk
    assert ada.post(NOTICES, {"act": "open", "notice": number}).url == NOTICES
    assert Notice.objects.get().read_at is None
    ada.post(WAYS, {"team": house.other.pk})
    assert not Membership.objects.exclude(team=house.team).exclude(muted=[]).exists()


def test_what_is_typed_into_a_thread_keeps_itself_until_it_is_said(house: House, as_: As) -> None:
    ticket = make_ready(house.team)
    root = say(ticket, "Which year?", by=house.ben).pk
    ada, address = as_(house.ada), act(ticket, "comment_draft")
    saved = ada.post(address, {"text": "The 2023 \x00one", "thread": root})
    assert saved.json()["saved_at"]
    ada.post(address, {"text": "A new <thread>"})
    talk = ada.get(page(ticket)).context["talk"]
    assert (talk.threads[0].typed, talk.typed) == ("The 2023 one", "A new <thread>")
    assert "A new &lt;thread&gt;" in ada.get(page(ticket)).content.decode()
    talk = as_(house.ben).get(page(ticket)).context["talk"]
    assert (talk.threads[0].typed, talk.typed) == ("", ""), "a draft is its author's own"
    # What is said is no draft, also where the last save comes after it.
    said = {"text": "The 2023 one.", "thread": root}
    assert ada.post(act(ticket, "comment"), said).status_code == 302
    assert ada.post(address, said).json() == {"saved_at": None}
    ada.post(address, {"text": "  "})
    assert not CommentDraft.objects.exists()
    # A refused comment stays in its form, and its draft too.
    long = "word " * 1_200
    ada.post(address, {"text": long})
    assert ada.post(act(ticket, "comment"), {"text": long}).context["talk"].typed == long
    assert ada.get(page(ticket)).context["talk"].typed == long
    assert ada.post(address, {"text": "a" * 20_001}).status_code == 413
    foreign = say(make_ticket(house.team, "It is 9."), "Elsewhere.", by=house.ben).pk
    assert ada.post(address, {"text": "x", "thread": foreign}).json() == {"saved_at": None}
    assert CommentDraft.objects.get().thread is None


def test_a_wrong_hour_is_told_and_a_right_one_kept(house: House, as_: As) -> None:
    ada = as_(house.ada)
    assert ada.get(WAYS).status_code == 200
    for hour in ("24", "-1", "\x00", ""):
        answer = ada.post(WAYS, {"act": "plan", "rhythm": "daily", "hour": hour})
        assert answer.status_code == 422
    assert not DigestPlan.objects.exists()
    ada.post(WAYS, {"act": "plan", "rhythm": "daily", "hour": "18"})
    ada.post(WAYS, {"act": "plan", "rhythm": "hourly", "hour": "18"})
    plan = DigestPlan.objects.get()
    assert (plan.person, plan.rhythm, plan.hour) == (house.ada, "hourly", 18)
