"""Mails and posts by the product's own worker code, to real servers that listen or refuse."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.db.models.functions import Now
from django.utils import timezone

from claims.models import Digest, Job, Membership, Notice, Webhook
from claims.models.telling import FAILURES_AT_MOST
from claims.tasks import retry_jobs, sweep_digests, sweep_jobs, work_sends
from claims.tasks.hints import SEND_KINDS
from claims.tasks.sending import TOGETHER
from claims.vocabulary import JobKind, JobState
from claims.workflow.discuss import say
from tests.people import Desk, make_desk, open_one
from tests.site.mail import MailServer
from tests.site.server import Site
from tests.tasks.workers import database_url

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "a secret of sixteen and more"


@pytest.fixture
def mail(settings: LazySettings) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.MAIL_ON = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.PUBLIC_URL = "https://facts.example.org"
        yield server


@pytest.fixture
def told(mail: MailServer, hooks: Site) -> Desk:
    """A desk whose Ben was named once and is owed a mail and a post of it."""
    desk = make_desk()
    url = hooks.add("/hook", "", status=204)
    Webhook.objects.create(team=desk.team, url=url, secret=SECRET, is_on=True)
    owe_to(desk, desk.ben)
    return desk


def owe_to(desk: Desk, person: Any) -> None:
    """Name somebody, long enough ago that a mail of it is due, and a post."""
    person.email = f"{person.username}@people.example"
    person.save()
    Membership.objects.filter(user=person).update(hooked=["mentioned"])
    name(desk, person)
    Notice.objects.filter(digest=None).update(at=timezone.now() - timedelta(days=2))
    assert sweep_digests() == 1


def name(desk: Desk, person: Any, times: int = 1) -> None:
    for _ in range(times):
        say(open_one(desk.team), f"Which year, @{person.username}?", by=desk.ada)


def states(kind: JobKind) -> list[str]:
    return list(Job.objects.filter(kind=kind).order_by("id").values_list("state", flat=True))


def make_due() -> None:
    """As if the wait before the next attempt were over."""
    Job.objects.filter(state=JobState.PENDING).update(due_at=Now())


def test_what_is_due_goes_out_once_and_as_documented(
    told: Desk, mail: MailServer, hooks: Site
) -> None:
    assert work_sends() == 2
    assert work_sends() == 0
    (came,) = mail.mails
    assert (came["To"], came["Subject"]) == ("ben@people.example", "1 new notice")
    assert [part.get_content_type() for part in came.iter_parts()] == ["text/plain", "text/html"]
    assert "Which year, @ben?" in came.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (asked,) = hooks.seen
    notice = Notice.objects.select_related("ticket__claim").get()
    payload = json.loads(asked.body)
    assert payload == {
        "version": 1, "id": asked.headers["factcheck-delivery"], "event": "notice",
        "team": {"slug": "harbour-desk", "name": "Harbour desk"}, "kind": "mentioned",
        "at": notice.at.isoformat(timespec="seconds"), "person": "ben", "actor": "ada",
        "ticket": {
            "id": notice.ticket_id, "state": "open",
            "url": f"https://facts.example.org/admin/claims/ticket/{notice.ticket_id}/change/",
        },
        "claim": notice.ticket.claim.self_contained, "told": "Which year, @ben?",
        "is_withheld": False,
    }  # fmt: skip
    said = dict(part.split("=") for part in asked.headers["factcheck-signature"].split(","))
    over = f"{said['t']}.".encode() + asked.body
    assert said["v1"] == hmac.new(SECRET.encode(), over, hashlib.sha256).hexdigest()
    assert Digest.objects.get().sent_at is not None
    assert Webhook.objects.get().last_success_at is not None
    assert not Job.objects.unfinished().exists()


def test_a_refused_mail_is_tried_thrice_told_and_freed(told: Desk, mail: MailServer) -> None:
    mail.answers["RCPT"] = 550
    for attempt in range(1, 4):
        work_sends()
        job = Job.objects.get(kind=JobKind.SEND_DIGEST)
        assert (job.attempts, job.reason) == (attempt, "mail_failed")
        assert job.state == (JobState.FAILED if attempt == 3 else JobState.PENDING)
        make_due()
    assert Digest.objects.get().error == "The mail server refuses the address."
    assert Notice.objects.to_mail().count() == 1
    # A retry by a person finds nothing left in it, and doubles nothing.
    mail.answers.clear()
    retry_jobs(Job.objects.filter(kind=JobKind.SEND_DIGEST), by=told.ada)
    work_sends()
    assert (states(JobKind.SEND_DIGEST), mail.mails) == (["done"], [])


def test_a_failing_webhook_backs_off_and_is_switched_off_with_a_reason(
    told: Desk, hooks: Site
) -> None:
    hooks.add("/hook", "busy", status=503, headers=(("Retry-After", "900"),))
    work_sends()
    job = Job.objects.get(kind=JobKind.SEND_HOOK)
    assert (job.state, job.reason) == (JobState.PENDING, "server_error")
    assert (job.due_at - timezone.now()).total_seconds() > 800, "it asked for a longer pause"
    name(told, told.ben, FAILURES_AT_MOST - 1)
    make_due()
    work_sends()
    hook = Webhook.objects.get()
    assert not hook.is_on
    assert FAILURES_AT_MOST <= hook.failures < FAILURES_AT_MOST + TOGETHER
    assert hook.off_reason.startswith(f"{FAILURES_AT_MOST} attempts failed.")
    asked = len(hooks.seen)
    make_due()
    work_sends()
    assert len(hooks.seen) == asked, "nobody is asked any more"
    assert set(states(JobKind.SEND_HOOK)) == {JobState.FAILED}
    # Put right, switched on and retried by a lead: nothing was lost.
    hooks.add("/hook", "", status=200)
    Webhook.objects.update(is_on=True, failures=0)
    retry_jobs(Job.objects.filter(kind=JobKind.SEND_HOOK), by=told.ada)
    while work_sends():
        pass
    assert set(states(JobKind.SEND_HOOK)) == {JobState.DONE}


def test_one_that_is_gone_or_leads_inside_is_given_up_at_once(told: Desk, hooks: Site) -> None:
    inside = (("Location", "http://127.0.0.1:1/inside"),)
    hooks.add("/hook", "", status=307, headers=inside)
    work_sends()
    assert states(JobKind.SEND_HOOK) == [JobState.FAILED]
    assert Webhook.objects.get().is_on
    hooks.add("/hook", "", status=410)
    name(told, told.ben)
    work_sends()
    assert Webhook.objects.get().off_reason.startswith("It answered that it is gone.")
    assert hooks.paths() == ["/hook", "/hook"]


def test_who_left_is_not_posted_about(told: Desk, hooks: Site) -> None:
    Membership.objects.filter(user=told.ben).delete()
    work_sends()
    assert hooks.seen == []
    assert not Job.objects.unfinished().exists()


@pytest.fixture
def forge() -> Iterator[subprocess.Popen[str]]:
    """The process that forks workers to be killed."""
    environ = {
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "DATABASE_URL": database_url(),
        "FACTCHECK_EMAIL_URL": "smtp://127.0.0.1",
        "FACTCHECK_PUBLIC_URL": "https://facts.example.org",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.tasks.killed_send"],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environ, "PYTHONDONTWRITEBYTECODE": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        yield running
        assert running.stdin
        running.stdin.close()


def go_on() -> None:
    """What the sweep and the next worker do, the waits of a lost lease left out."""
    Job.objects.filter(state=JobState.LEASED).update(lease_until=Now() - timedelta(seconds=1))
    sweep_jobs()
    while work_sends():
        pass


def test_a_killed_worker_loses_nothing_and_what_comes_twice_has_one_id(
    mail: MailServer, hooks: Site, forge: subprocess.Popen[str]
) -> None:
    desk = make_desk()
    url = hooks.add("/hook", "", status=204)
    Webhook.objects.create(team=desk.team, url=url, secret=SECRET, is_on=True)
    came = {}
    for point, person in (("before", desk.ben), ("after", desk.chloe), ("late", desk.dan)):
        owe_to(desk, person)
        assert forge.stdin
        assert forge.stdout
        forge.stdin.write(f"{point} {mail.port} {hooks.port}\n")
        forge.stdin.flush()
        assert forge.stdout.readline().strip() == "-9"
        go_on()
        mails = [one["Message-ID"] for one in mail.mails]
        posts = [one.headers["factcheck-delivery"] for one in hooks.seen]
        assert len(set(mails)) <= 1
        assert len(set(posts)) <= 1
        came[point] = (len(mails), len(posts))
        mail.mails.clear()
        hooks.seen.clear()
    assert (came["before"], came["after"]) == ((1, 1), (2, 2))
    # The control notes before it speaks: what it had noted never comes.
    assert sum(came["late"]) < 2
    assert not Job.objects.unfinished().filter(kind__in=SEND_KINDS).exists()
