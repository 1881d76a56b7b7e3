"""``manage.py export_warc``: the stored copies of pages as one WARC 1.1 file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.attach import attached_stack
from claims.management.door import find_team, record_terminal, refuse, warn
from claims.models import Page
from claims.web.errors import FetchError
from claims.web.urls import canonical_url
from claims.workflow.gather.archiving import export_warc


class Command(BaseCommand):
    """Every copy of the named pages, or of all pages of the team."""

    help = "Write stored copies as WARC 1.1 (gzip by record), to standard output or a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which pages, and where to."""
        parser.add_argument("urls", nargs="*", metavar="URL", help="pages (default: all)")
        parser.add_argument("--team", help="the team whose pages these are, by its slug")
        parser.add_argument("--output", default="-", help="a file (default: standard output)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stream the file."""
        target = Path(options["output"])
        with attached_stack():
            team = find_team(options["team"])
            pages = Page.objects.filter(team=team).order_by("pk")
            if options["urls"]:
                pages = pages.filter(canonical_url__in=_read_urls(options["urls"]))
            count = pages.count()
            if not count:
                refuse("The team has no such page.")
            record_terminal("pages.warc.gz", [team], options, ("urls",))
            parts = export_warc(pages.iterator(chunk_size=100), filename=target.name)
            if options["output"] == "-":
                for part in parts:
                    sys.stdout.buffer.write(part)
                sys.stdout.buffer.flush()
            else:
                try:
                    with target.open("wb") as file:
                        file.writelines(parts)
                except OSError as problem:
                    refuse(f"{target} cannot be written: {problem.strerror}.")
        warn(f"{count:,} pages")


def _read_urls(urls: list[str]) -> list[str]:
    try:
        return [canonical_url(url) for url in urls]
    except FetchError as problem:
        refuse(f"{problem}")
