"""Digests: one mail to a person with all that is new and was neither seen nor mailed.

Promises: one at most for each person and turn, whoever looks and however often; its notices are
fixed with it and in no other mail. A mail that no server took gives them back to the next one.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Min
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from claims.models.discussion import Notice
from claims.models.job import Job
from claims.models.storable import storable
from claims.models.team import Membership
from claims.models.telling import TOLD_CHARS, Digest, DigestPlan
from claims.models.zones import usual_zone, zone_named
from claims.vocabulary import JobKind, NoticeKind
from claims.workflow.tell.wording import DID, say_told, say_who

# A longer mail is not read; the rest is counted, and stands in the app.
SHOWN = 50


def owe_digests(now: datetime | None = None) -> int:
    """Owe a mail to everybody for whom something waits since before the last turn; how many."""
    if not settings.MAIL_ON:
        return 0
    now = now or timezone.now()
    waiting = Notice.objects.to_mail().order_by().values("person").annotate(since=Min("at"))
    since = dict(waiting.values_list("person", "since"))
    plans = DigestPlan.objects.in_bulk(since, field_name="person_id")
    zones = Membership.objects.filter(user__in=since).zones()
    made = 0
    for person, at in sorted(since.items()):
        zone = zone_named(zones.get(person, usual_zone()))
        turn = plans.get(person, DigestPlan(person_id=person)).last_turn(now, zone)
        if turn is not None and at > turn:
            continue
        made += _make_digest(person, turn)
    return made


def _make_digest(person: int, turn: datetime | None) -> bool:
    """One mail's row, its notices and its job together; ``False`` where it is made already."""
    with transaction.atomic():
        waiting = Notice.objects.to_mail().filter(person_id=person)
        mine = waiting.of_members().exclude(person__email="")
        first = mine.select_related("ticket__team").order_by("id").first()
        if first is None or turn is None:
            # Somebody who left, has no address any more, or wants none.
            waiting.update(wants_mail=False)
            return False
        digest, is_new = Digest.objects.get_or_create(person_id=person, turn=turn)
        if not is_new:
            return False
        mine.update(digest=digest)
        # A job stands in a team's list; this one's is the team of the oldest notice.
        return Job.objects.owe(JobKind.SEND_DIGEST, str(digest.pk), team=first.ticket.team)


def free_digest(digest_id: int, detail: str) -> None:
    """No server took the mail: say so, and leave its notices to the next one."""
    with transaction.atomic():
        unsent = Digest.objects.filter(pk=digest_id, sent_at=None)
        if unsent.update(error=storable(detail, TOLD_CHARS)):
            Notice.objects.filter(digest=digest_id).update(digest=None)


def build_mail(digest_id: int) -> EmailMultiAlternatives | None:
    """The mail as it is now, in text and HTML; ``None`` where nothing of it is left to tell.

    What was seen in the app meanwhile is left out, as is what the person may see no more.
    """
    digest = Digest.objects.select_related("person").filter(pk=digest_id, sent_at=None).first()
    if digest is None or not digest.person.email:
        return None
    unseen = Notice.objects.filter(digest=digest, read_at=None).of_members()
    rows = unseen.with_seals(digest.person_id).select_related("actor", "ticket__claim")
    told = list(rows.order_by("-id"))
    if not told:
        return None
    zones = Membership.objects.filter(user=digest.person_id).zones()
    zone = zone_named(zones.get(digest.person_id, usual_zone()))
    context = {
        "rows": [_describe(one, zone) for one in told[:SHOWN]],
        "more": len(told) - SHOWN if len(told) > SHOWN else 0,
        "count": len(told),
        "all_url": settings.PUBLIC_URL + reverse("admin:claims_notices"),
        "ways_url": settings.PUBLIC_URL + reverse("admin:claims_notice_ways"),
    }
    host = urlsplit(settings.PUBLIC_URL).hostname
    mail = EmailMultiAlternatives(
        subject=f"{len(told)} new notice{'' if len(told) == 1 else 's'}",
        body=render_to_string("claims/mail/digest.txt", context),
        to=[digest.person.email],
        headers={
            "Message-ID": f"<digest-{digest.pk}-{digest.turn:%Y%m%d%H}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(render_to_string("claims/mail/digest.html", context), "text/html")
    return mail


def _describe(notice: Notice, zone: ZoneInfo) -> dict[str, str]:
    page = reverse("admin:claims_ticket_change", args=[notice.ticket_id])
    return {
        "who": say_who(notice.actor),
        "what": DID[NoticeKind(notice.kind)],
        "told": say_told(notice),
        "claim": " ".join(notice.ticket.claim.self_contained.split()),
        "ticket": str(notice.ticket_id),
        "at": f"{notice.at.astimezone(zone):%Y-%m-%d %H:%M %Z}",
        "url": settings.PUBLIC_URL + page,
    }
