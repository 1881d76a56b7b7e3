"""Sending: what a job owes to others' servers, told without the database and noted after.

Promises: the note of it, the lease that must still stand and the end of the job are one
transaction; an attempt that failed waits longer each time.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models.functions import Now

from claims.models.discussion import Notice
from claims.models.job import Job
from claims.models.telling import Digest, Webhook
from claims.vocabulary import JobKind, JobReason
from claims.web.errors import FetchError, Gone
from claims.workflow.tell.digests import build_mail, free_digest
from claims.workflow.tell.posts import describe_notice, post_signed

# After the first and the second attempt.
WAITS_SECONDS = (30, 300)


@dataclass(frozen=True, slots=True)
class Send:
    """One thing to tell: ``run`` speaks to the other server, and is ``None`` for nothing to tell.

    ``hook`` is the webhook's row; ``refusal`` says why it is not told.
    """

    job: Job
    run: Callable[[], object] | None = None
    hook: int | None = None
    refusal: str = ""


def plan_send(job: Job) -> Send:
    """What the job owes, as things stand now."""
    if job.kind == JobKind.SEND_DIGEST:
        mail = build_mail(job.subject_id)
        return Send(job, partial(_hand_over, mail) if mail is not None else None)
    rows = Notice.objects.of_members().with_seals(None).filter(pk=job.subject_id)
    notice = rows.select_related("ticket__claim", "ticket__team", "actor", "person").first()
    if notice is None:
        return Send(job)
    hook = Webhook.objects.filter(team=notice.ticket.team).first()
    if hook is None or not hook.is_on:
        return Send(job, refusal=f"The webhook is off. {hook.off_reason if hook else ''}".strip())
    run = partial(post_signed, hook.url, hook.secret, describe_notice(notice))
    return Send(job, run, hook=hook.pk)


def _hand_over(mail: EmailMessage) -> None:
    """Give a mail to the server; where mails were switched off since, nothing takes it."""
    if not settings.MAIL_ON:
        raise ConnectionError("no mail server is set up")
    mail.send()


def keep_sent(send: Send, problem: Exception | None) -> None:
    """Note how it ended; a fault that is neither the mail's nor the web's is raised again."""
    job = send.job
    if send.refusal:
        Job.objects.give_up(job, JobReason.HOOK_OFF, send.refusal)
    elif problem is None:
        with transaction.atomic():
            if Job.objects.held([job]):
                _note_sent(send)
                Job.objects.finish([job])
    elif isinstance(problem, FetchError):
        _fail_post(send, problem)
    elif isinstance(problem, OSError | ValueError) and job.kind == JobKind.SEND_DIGEST:
        _fail_mail(job, problem)
    else:
        raise problem


def _note_sent(send: Send) -> None:
    if send.run is None:
        return
    if send.hook is not None:
        Webhook.objects.all().note_success(send.hook)
    else:
        Digest.objects.filter(pk=send.job.subject_id).update(sent_at=Now(), error="")


def _fail_post(send: Send, problem: FetchError) -> None:
    job, detail = send.job, str(problem)
    with transaction.atomic():
        if send.hook is not None:
            is_gone = isinstance(problem, Gone)
            Webhook.objects.all().note_failure(send.hook, detail, is_gone=is_gone)
        if not problem.is_retryable:
            Job.objects.give_up(job, problem.reason, detail)
            return
        wait = max(_wait_seconds(job), problem.retry_after_seconds or 0)
        Job.objects.try_again(job, problem.reason, detail, delay_seconds=wait)


def _fail_mail(job: Job, problem: Exception) -> None:
    detail = _say_mail_fault(problem)
    with transaction.atomic():
        wait = _wait_seconds(job)
        if Job.objects.try_again(job, JobReason.MAIL_FAILED, detail, delay_seconds=wait):
            free_digest(job.subject_id, detail)


def _wait_seconds(job: Job) -> float:
    return WAITS_SECONDS[min(job.attempts, len(WAITS_SECONDS)) - 1]


def _say_mail_fault(problem: Exception) -> str:
    """In plain words, without what the server said: that may hold anything."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return "The mail server refuses the address."
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return "The mail server refuses our user name or password."
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"The mail server refused the mail ({problem.smtp_code})."
    if isinstance(problem, TimeoutError):
        return "The mail server did not answer in time."
    return f"The mail could not be handed over ({type(problem).__name__})."
