"""Telling: what each chose, one mail a turn, and nothing that somebody may not read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import (
    Digest,
    DigestPlan,
    Job,
    Membership,
    Notice,
    Ticket,
    Verdict,
    Webhook,
)
from claims.vocabulary import JobKind, NoticeKind, Role
from claims.workflow.assign import assign_ticket, hand_over, take_ticket
from claims.workflow.decide import decide_ticket
from claims.workflow.discuss import say
from claims.workflow.equip import add_shipped_scales
from claims.workflow.tell import free_digest, owe_digests
from claims.workflow.tell.digests import SHOWN, build_mail
from claims.workflow.tell.posts import describe_notice, sign
from tests.people import (
    Desk,
    a_decision,
    make_desk,
    make_person,
    open_one,
    ready_one,
    taken_one,
)
from tests.together import meet_once, run_together

SEVEN = datetime(2026, 3, 2, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mailing(settings: LazySettings) -> None:
    settings.MAIL_ON = True
    settings.PUBLIC_URL = "https://facts.example.org"


def give_address(*people: Any) -> None:
    for person in people:
        person.email = f"{person.username}@people.example"
        person.save()


def note(desk: Desk, text: str = "Which year, @ben?", at: datetime = SEVEN) -> Notice:
    """Ada names Ben, an hour before ``at``."""
    say(open_one(desk.team), text, by=desk.ada)
    notice = Notice.objects.latest("id")
    Notice.objects.filter(pk=notice.pk).update(at=at - timedelta(hours=1))
    return notice


def mailed(**fields: Any) -> list[str]:
    """Who has a mail's row, oldest first."""
    rows = Digest.objects.filter(**fields).order_by("id")
    return list(rows.values_list("person__username", flat=True))


def text_of(digest: Digest) -> str:
    mail = build_mail(digest.pk)
    assert mail is not None
    return str(mail.body)


def test_each_is_told_by_the_ways_that_each_chose(desk: Desk) -> None:
    give_address(desk.ben, desk.chloe, desk.dan)
    Webhook.objects.create(team=desk.team, url="https://hooks.example/", secret="s", is_on=True)
    rows = Membership.objects.filter(team=desk.team)
    rows.filter(user=desk.ben).update(muted=["mentioned"], hooked=["mentioned", "given"])
    rows.filter(user=desk.chloe).update(unmailed=["mentioned"])
    rows.filter(user=desk.dan).update(muted=["mentioned"], unmailed=["mentioned"])
    DigestPlan.objects.create(person=desk.ada, rhythm="never")
    say(open_one(desk.team), "@ada @ben @chloe @dan", by=desk.chloe)
    ways = {one.person: (one.is_in_app, one.wants_mail) for one in Notice.objects.all()}
    assert ways == {desk.ada: (True, False), desk.ben: (False, True)}
    (job,) = Job.objects.filter(kind=JobKind.SEND_HOOK)
    assert job.subject_id == Notice.objects.get(person=desk.ben).pk
    assert not Notice.objects.of(desk.ben).exists(), "not in the app"
    assign_ticket(ready_one(desk.team), desk.ben, by=desk.ada)
    given = Notice.objects.get(kind=NoticeKind.GIVEN)
    assert (given.is_in_app, given.wants_mail) == (True, True)
    Webhook.objects.update(is_on=False)
    note(desk)
    assert Job.objects.filter(kind=JobKind.SEND_HOOK).count() == 2


def test_one_mail_a_turn_holds_all_that_was_neither_seen_nor_mailed(desk: Desk) -> None:
    give_address(desk.ben)
    first, seen, second = (note(desk, f"@ben {word}") for word in ("first", "seen", "second"))
    Notice.objects.filter(pk=seen.pk).update(read_at=timezone.now())
    assert owe_digests(SEVEN - timedelta(minutes=1)) == 0
    assert owe_digests(SEVEN + timedelta(hours=2)) == 1
    digest = Digest.objects.get()
    assert set(digest.notices.values_list("pk", flat=True)) == {first.pk, second.pk}
    assert Job.objects.get(kind=JobKind.SEND_DIGEST).subject_id == digest.pk
    note(desk, "@ben third", at=SEVEN)
    assert owe_digests(SEVEN + timedelta(hours=3)) == 0, "once a day"
    assert owe_digests(SEVEN + timedelta(days=1)) == 1
    assert "third" in text_of(Digest.objects.latest("id"))
    # Of all teams of a person's in one mail, and of none that was left since.
    Membership.objects.create(team=desk.other, user=desk.ben, role="reviewer")
    note(desk, "@ben here", at=SEVEN + timedelta(days=1))
    say(open_one(desk.other), "@ben elsewhere", by=desk.eve)
    assert owe_digests(SEVEN + timedelta(days=2)) == 1
    both = Digest.objects.latest("id")
    assert ("@ben here" in text_of(both), "@ben elsewhere" in text_of(both)) == (True, True)
    Membership.objects.filter(team=desk.other, user=desk.ben).delete()
    assert ("@ben here" in text_of(both), "@ben elsewhere" in text_of(both)) == (True, False)
    # Hourly: whatever came before the full hour.
    DigestPlan.objects.create(person=desk.ben, rhythm="hourly")
    note(desk, "@ben fourth", at=SEVEN + timedelta(days=2, hours=3))
    assert owe_digests(SEVEN + timedelta(days=2, hours=3, minutes=5)) == 1
    # Seen between the making and the sending: nothing of it is left to tell.
    last = Digest.objects.latest("id")
    last.notices.update(read_at=timezone.now())
    assert build_mail(last.pk) is None


def test_a_mail_is_text_and_html_with_links_that_work_outside(desk: Desk) -> None:
    give_address(desk.ben)
    desk.ada.first_name = "<b>Ada\r\nBcc: x@y.example"
    desk.ada.save()
    notice = note(desk, "@ben <script>alert(1)</script> \u202e & more")
    owe_digests(SEVEN)
    mail = build_mail(Digest.objects.get().pk)
    assert mail is not None
    headers = set(mail.message().keys())
    assert (mail.subject, mail.to) == ("1 new notice", ["ben@people.example"])
    assert not {"Bcc", "bcc"} & headers
    assert "\n<b>Ada Bcc: x@y.example named you" in mail.body
    html = str(mail.alternatives[0][0])
    link = f"https://facts.example.org/admin/claims/ticket/{notice.ticket_id}/change/"
    assert link in mail.body
    assert f'href="{link}"' in html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "https://facts.example.org/admin/notices/ways/" in mail.body
    again = build_mail(Digest.objects.get().pk)
    assert again is not None
    assert again.extra_headers["Message-ID"] == mail.extra_headers["Message-ID"]


def test_who_left_is_switched_off_or_has_no_address_gets_nothing(desk: Desk) -> None:
    finn = make_person("finn", desk.team, Role.REVIEWER)
    give_address(desk.ben, desk.chloe, desk.dan, desk.ada, finn)
    say(open_one(desk.team), "@ben @chloe @dan @finn", by=desk.ada)
    say(open_one(desk.team), "@ada", by=desk.ben)
    Notice.objects.update(at=SEVEN - timedelta(hours=1))
    Membership.objects.filter(user=desk.ben).delete()
    desk.chloe.is_active = False
    desk.chloe.save()
    DigestPlan.objects.create(person=finn, rhythm="never")
    desk.dan.email = ""
    desk.dan.save()
    assert owe_digests(SEVEN) == 1
    assert mailed() == ["ada"]
    assert not Notice.objects.to_mail().exists(), "and none is looked for again"
    # Somebody who leaves after the mail was made.
    Membership.objects.filter(user=desk.ada).delete()
    assert build_mail(Digest.objects.get().pk) is None
    say(open_one(desk.team), "@chloe", by=desk.dan)
    assert not Notice.objects.filter(person=desk.chloe, at__gt=SEVEN).exists()


def test_a_mail_that_no_server_took_leaves_its_notices_to_the_next(
    desk: Desk, settings: LazySettings
) -> None:
    give_address(desk.ben)
    notice = note(desk)
    owe_digests(SEVEN)
    free_digest(Digest.objects.get().pk, "The mail server refuses the address.")
    assert owe_digests(SEVEN + timedelta(hours=1)) == 0, "not the same turn again and again"
    settings.MAIL_ON = False
    assert owe_digests(SEVEN + timedelta(days=1)) == 0
    settings.MAIL_ON = True
    assert owe_digests(SEVEN + timedelta(days=1)) == 1
    notice.refresh_from_db()
    assert notice.digest == Digest.objects.latest("id")
    assert build_mail(Digest.objects.earliest("id").pk) is None


def test_no_way_out_tells_what_waits_for_a_blind_read(desk: Desk) -> None:
    desk.team.blind_percent = 100
    desk.team.save()
    give_address(desk.ada, desk.ben, desk.chloe)
    ticket = taken_one(desk.team, desk.ben)
    for one, other in ((desk.ben, desk.chloe), (desk.chloe, desk.ben)):
        hand_over(ticket, other, by=one, note="I think kxqword.")
        ticket = take_ticket(Ticket.objects.get(pk=ticket.pk), other)
    say(ticket, "@ben it is kxqword, or not?", by=desk.ada)
    thread = say(ticket, "Clearly false: kxqword. @chloe @ada", by=desk.ben)
    decide_ticket(ticket, a_decision(ticket), by=desk.ben, expected_version=ticket.version)
    say(ticket, "So I said: kxqword @chloe", by=desk.ben, thread=thread)
    Notice.objects.update(at=SEVEN - timedelta(hours=1))
    owe_digests(SEVEN)
    told = {one.person.username: text_of(one) for one in Digest.objects.all()}
    assert {name: "kxqword" in text for name, text in told.items()} == {
        "ada": False, "ben": True, "chloe": False,
    }  # fmt: skip
    assert "named you" in told["chloe"]
    posted = [describe_notice(one) for one in Notice.objects.with_seals(None)]
    assert len(posted) == 6
    assert all(one["is_withheld"] and "kxqword" not in str(one) for one in posted)
    # The control: open to all, each is told.
    Verdict.objects.update(is_sealed=False)
    assert all("kxqword" in text_of(one) for one in Digest.objects.all())
    assert all("kxqword" in str(describe_notice(one)) for one in Notice.objects.with_seals(None))


def test_a_mail_costs_the_same_queries_whatever_its_length(desk: Desk) -> None:
    give_address(desk.ben)
    counts, ticket = [], open_one(desk.team)
    for number, turn in ((1, SEVEN), (SHOWN + 5, SEVEN + timedelta(days=1))):
        fields: Any = {"kind": "given", "wants_mail": True, "at": turn - timedelta(hours=1)}
        rows = (Notice(person=desk.ben, ticket=ticket, **fields) for _ in range(number))
        Notice.objects.bulk_create(rows)
        with CaptureQueriesContext(connection) as asked:
            owe_digests(turn)
            text = text_of(Digest.objects.latest("id"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "And 5 more" in text


def test_the_signature_covers_time_and_body() -> None:
    # HMAC-SHA256 of "7.{}" by the key "key", as any other implementation gives it.
    told = sign(b"{}", "key", at=7)
    assert told == "t=7,v1=77bc83bd1f40422311e47918b203449aecf84b02c1568bb1b570ac2a474cc2d8"
    others = {sign(b"{}", "key", at=8), sign(b"{ }", "key", at=7), sign(b"{}", "kez", at=7)}
    assert len(others - {told}) == 3


@pytest.fixture
def busy(transactional_db: None) -> Desk:
    add_shipped_scales()
    return make_desk()


def mails_after_a_race(desk: Desk, sweep: Callable[[], object]) -> int:
    give_address(desk.ben)
    note(desk)
    run_together(4, lambda _: sweep())
    return Job.objects.filter(kind=JobKind.SEND_DIGEST).count()


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_make_one_mail(busy: Desk) -> None:
    assert mails_after_a_race(busy, lambda: owe_digests(SEVEN)) == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_a_turn_of_its_own_each_sweep_makes_one(busy: Desk) -> None:
    meet = meet_once(4)

    def sweep() -> None:
        waiting = list(Notice.objects.to_mail())
        meet()
        digest = Digest.objects.create(person=waiting[0].person, turn=timezone.now())
        Notice.objects.filter(pk=waiting[0].pk).update(digest=digest)
        Job.objects.owe(JobKind.SEND_DIGEST, str(digest.pk), team=busy.team)

    assert mails_after_a_race(busy, sweep) == 4
