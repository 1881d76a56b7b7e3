"""Posts: one notice as JSON to the team's webhook, signed.

Promises: the shape of ``docs/NOTICES.md``; no words that somebody in the team may not read yet;
the secret goes into the signature and nowhere else.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from claims.models.access import Person
from claims.models.discussion import Notice
from claims.models.team import Team
from claims.models.telling import Webhook
from claims.web.client import ClientLimits
from claims.web.posting import PostingClient
from claims.workflow.tell.wording import say_told

VERSION = 1


@functools.cache
def posting_client() -> PostingClient:
    """The process's client for webhooks: the guard of every fetch, in the settings' bounds."""
    return PostingClient(
        ClientLimits(
            deadline_seconds=settings.FETCH_DEADLINE_SECONDS,
            user_agent=f"FactcheckWorkbench/0.1 (+{settings.FETCH_CONTACT})",
            allow=frozenset(settings.FETCH_ALLOW),
        )
    )


def describe_notice(notice: Notice) -> dict[str, Any]:
    """The payload; of a row with its seals for everybody (``with_seals(None)``)."""
    ticket = notice.ticket
    actor, person = notice.actor, notice.person
    return {
        **_head("notice", ticket.team, f"notices/{notice.pk}"),
        "kind": notice.kind,
        "at": notice.at.astimezone(UTC).isoformat(timespec="seconds"),
        "person": person.get_username(),
        "actor": actor.get_username() if actor is not None else None,
        "ticket": {
            "id": ticket.pk,
            "state": ticket.state,
            "url": settings.PUBLIC_URL + reverse("admin:claims_ticket_change", args=[ticket.pk]),
        },
        "claim": ticket.claim.self_contained,
        "told": say_told(notice) or None,
        "is_withheld": bool(notice.is_withheld),  # type: ignore[attr-defined]
    }


def post_signed(url: str, secret: str, payload: dict[str, Any]) -> None:
    """Post a payload with its id, the time and the signature over both time and body.

    Raises a leaf of :class:`~claims.web.errors.FetchError` unless it was taken.
    """
    body = json.dumps(payload, ensure_ascii=False).encode()
    headers = (
        ("Content-Type", "application/json; charset=utf-8"),
        ("Factcheck-Delivery", payload["id"]),
        ("Factcheck-Event", payload["event"]),
        ("Factcheck-Signature", sign(body, secret, at=int(time.time()))),
    )
    posting_client().post(url, body, headers)


def sign(body: bytes, secret: str, *, at: int) -> str:
    """``t=<seconds>,v1=<hex>``: HMAC-SHA256 by the secret over ``<seconds>.`` and the body."""
    over = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={over.hexdigest()}"


def try_hook(hook: Webhook, *, by: Person) -> None:
    """Post a test at once, for a lead who waits for it; raises as :func:`post_signed` does."""
    unique = f"tests/{uuid.uuid4()}"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    payload = {**_head("test", hook.team, unique), "at": now, "actor": by.get_username()}
    post_signed(hook.url, hook.secret, payload)
    Webhook.objects.all().note_success(hook.pk)


def _head(event: str, team: Team, subject: str) -> dict[str, Any]:
    """What every payload begins with; the id is the same whenever the same thing is posted."""
    return {
        "version": VERSION,
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.PUBLIC_URL}/{subject}")),
        "event": event,
        "team": {"slug": team.slug, "name": team.name},
    }
