"""Ask for one page of each type in production mode and print every header, as a file keeps them.

Run as a process of its own: ``python -m tests.admin.headers.ask`` with the environment of
production and the URL of a test database. Rows are made in a transaction that is rolled
back. What differs from run to run (cookies' values, dates, lengths) is printed as ``…``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

import django

HOST = "workbench.example"
VOLATILE = {
    "Content-Length": r"\d+",
    "Content-Disposition": r"\d{4}-\d\d-\d\d",
    "Expires": r"\w{3}, .*",
    "Last-Modified": r"\w{3}, .*",
    "ETag": r".+",
    "Location": r"\d+",
}
Asked = tuple[str, Any]


def main() -> None:
    """Print the file."""
    django.setup()
    import logging

    from django.db import transaction
    from django.test.utils import override_settings

    logging.disable(logging.CRITICAL)
    with override_settings(ROOT_URLCONF="tests.admin.headers.urls"), transaction.atomic():
        for title, response in ask_all():
            sys.stdout.write(f"## {title}\n{tell(response)}\n")
        transaction.set_rollback(True)
    from django.core.cache import cache

    cache.clear()


def tell(response: Any) -> str:
    """Status and headers, one a line, sorted, then the cookies."""
    lines = [str(response.status_code)]
    for name, value in sorted(response.headers.items()):
        pattern = VOLATILE.get(name)
        lines.append(f"{name}: {re.sub(pattern, '…', value) if pattern else value}")
    for cookie in response.cookies.values():
        told = cookie.OutputString()
        told = re.sub(r"^(\w+)=[^;]+", r"\1=…", told)
        lines.append("Set-Cookie: " + re.sub(r"expires=[^;]+", "expires=…", told))
    return "".join(f"{line}\n" for line in lines)


def ask_all() -> Iterator[Asked]:
    """Each type of page once, over https but for the first."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from factcheck.health import note_heart
    from tests.admin.ticket.rows import PASSWORD
    from tests.admin.world import make_world

    world = make_world()
    # The redirect of an unsafe page is asked for over http; a proxy would send the rest on.
    plain = Client(headers={"host": HOST}, raise_request_exception=False)
    nobody, boss = (_client(Client) for _ in range(2))
    boss.force_login(world.boss)
    strict = _client(Client, enforce_csrf_checks=True)
    strict.force_login(world.boss)
    login, desk = reverse("admin:login"), world.near
    yield "plain http", plain.get(login)
    for queue in settings.HEALTH_QUEUES:
        note_heart(queue)
    yield "health, plain http", plain.get("/healthz")
    yield "the root", nobody.get("/")
    yield "login", nobody.get(login)
    yield "not signed in", nobody.get(reverse("admin:index"))
    yield "signing in", nobody.post(login, {"username": "boss", "password": PASSWORD})
    yield "home", boss.get(reverse("admin:index"))
    yield "list", boss.get(reverse("admin:claims_ticket_changelist"))
    yield "form", boss.get(reverse("admin:claims_team_change", args=[desk.team.pk]))
    yield "add an article", boss.get(reverse("admin:claims_ingest"))
    yield "ticket", boss.get(reverse("admin:claims_ticket_change", args=[desk.ticket.pk]))
    yield "ticket's state", boss.get(reverse("admin:claims_ticket_state", args=[desk.ticket.pk]))
    yield "article", boss.get(reverse("admin:claims_article_change", args=[desk.article.pk]))
    yield "stored copy", boss.get(reverse("admin:claims_snapshot_change", args=[desk.snapshot.pk]))
    yield "search", boss.get(reverse("admin:search"), {"s": "metals"})
    yield "CSV", boss.get(reverse("admin:claims_export_verdicts"))
    yield "stylesheet", nobody.get("/static/claims/base.css")
    yield "script", nobody.get("/static/claims/ticket.js")
    yield "picture", nobody.get("/static/claims/icon.svg")
    yield "no such file", nobody.get("/static/claims/none.css")
    yield "400", boss.get(reverse("admin:claims_claim_changelist"), {"team__id": "1"})
    yield "400, another host", _client(Client, host="evil.example").get(login)
    boss.force_login(world.ben)
    yield "403", boss.get(reverse("admin:claims_job_changelist"))
    yield "403, no form token", strict.post(reverse("admin:claims_ingest"), {})
    yield "404", boss.get(reverse("admin:claims_ticket_change", args=[world.far.ticket.pk]))
    yield "an act, read", boss.get(reverse("admin:claims_claim_open", args=[desk.claim.pk]))
    broken = boss.get("/broken")
    assert b"secret-of-the-fault" not in broken.content
    assert b"Traceback" not in broken.content
    yield "500", broken
    yield "signing out", boss.post(reverse("admin:logout"))
    assert settings.PRODUCTION


def _client(kind: Any, *, host: str = HOST, **kept: Any) -> Any:
    # As behind a proxy that speaks TLS to people and http to gunicorn.
    sent = {"host": host, "x-forwarded-proto": "https"}
    return kind(headers=sent, raise_request_exception=False, **kept)


if __name__ == "__main__":
    main()
