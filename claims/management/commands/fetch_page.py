"""``manage.py fetch_page URL``: fetch one URL with the guarded client and say how it ended."""

from __future__ import annotations

import hashlib
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from claims.management.client import open_client
from claims.management.door import EXIT_WRONG, print_json
from claims.vocabulary import FetchOutcome
from claims.web.client import Fetched
from claims.web.errors import FetchError
from claims.web.reading_child import PageReader


class Command(BaseCommand):
    """Needs no database and no broker; exit 0 for ok, 1 for refused or failed."""

    help = "Fetch one URL through the guarded client; prints outcome, reason, digest and size."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to fetch, and how to answer."""
        parser.add_argument("url")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--text", action="store_true", help="read the page and give its text, images and video"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch, read if asked to, print."""
        spoken = fetch(options["url"], wants_text=options["text"])
        if options["json"]:
            print_json(spoken)
        else:
            media = spoken.pop("media", [])
            spoken |= {f"media {place}": _spell(one) for place, one in enumerate(media, start=1)}
            for key, value in spoken.items():
                if value is not None:
                    self.stdout.write(f"{key:<13} {value}")
        if spoken["outcome"] != FetchOutcome.OK:
            raise SystemExit(EXIT_WRONG)


def fetch(url: str, *, wants_text: bool) -> dict[str, Any]:
    """The contract's object for one fetch; every end of it is one of the closed reasons."""
    client = open_client()
    fetched: Fetched | None = None
    text, is_cut, media = None, False, list[dict[str, str]]()
    started = time.monotonic()
    try:
        fetched = client.fetch(url)
        if wants_text:
            with PageReader(deadline_seconds=settings.FETCH_DEADLINE_SECONDS) as reader:
                page = reader.read(
                    fetched.body,
                    url=fetched.final_url,
                    content_type=fetched.content_type,
                    charset=fetched.charset,
                    name=fetched.file_name,
                )
            text, is_cut = page.text, page.is_cut
            media = [one.to_json() for one in page.media]
    except FetchError as problem:
        spoken = _tell(fetched, problem, time.monotonic() - started)
    else:
        spoken = _tell(fetched, None, fetched.seconds)
    if wants_text:
        cut = is_cut or bool(fetched and fetched.is_cut)
        spoken |= {"text": text, "cut": cut, "media": media}
    return spoken


def _spell(media: dict[str, str]) -> str:
    said = media["caption"] or media["description"]
    return f"{media['kind']} {media['url']}" + (f" – {said}" if said else "")


def _tell(fetched: Fetched | None, problem: FetchError | None, seconds: float) -> dict[str, Any]:
    return {
        "outcome": (problem.outcome if problem else FetchOutcome.OK).value,
        "reason": problem.reason.value if problem else None,
        "final_url": fetched.final_url if fetched else None,
        "status": fetched.status if fetched else (problem.status if problem else None),
        "content_type": fetched.content_type if fetched else None,
        "bytes": len(fetched.body) if fetched else None,
        "sha256": hashlib.sha256(fetched.body).hexdigest() if fetched else None,
        "seconds": round(seconds, 3),
    }
