"""``manage.py detect_claims PATH|-``: what would be claims, without touching a database."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.door import place_as_given, print_json, read_bytes, refuse
from claims.text.articles import read_article
from claims.text.detection import DetectedClaim, detect_claims
from claims.text.kept import keep_text
from claims.workflow.ingest import IngestRefused, check_text, decode_upload


class Command(BaseCommand):
    """Print one JSON object per sentence that may be a claim, in the order of the text."""

    help = "Print an article's claims as JSON Lines (or a table) without a database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from, and how to answer."""
        parser.add_argument("source", help="a .txt or .md file, or - for standard input")
        parser.add_argument("--table", action="store_true", help="a table for people")
        parser.add_argument("--threshold", type=float, default=0.0, help="leave out lower scores")
        parser.add_argument("--published", type=date.fromisoformat, help="the article's date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, detect, print."""
        body = read_bytes(options["source"])
        name = "stdin.txt" if options["source"] == "-" else options["source"]
        try:
            text, kind = decode_upload(name, body)
            if kind == "text/html":
                refuse("detect_claims reads text; use ingest_article for HTML.")
            check_text(text)
            kept = keep_text(text)
        except IngestRefused as refused:
            refuse(f"{refused.field}: {refused.message}")
        # As ingest_article reads them, so that both doors give the same claims.
        text = kept.text
        reading = read_article(text)
        published = options["published"] or reading.published
        found = detect_claims(text, published=published, title=reading.title)
        for claim in found:
            if claim.score < options["threshold"]:
                continue
            if options["table"]:
                self.stdout.write(_row(claim))
            else:
                print_json(place_as_given(claim.to_json(), kept))


def _row(claim: DetectedClaim) -> str:
    numbers = "; ".join(f"{one.text} = {_value(one.to_json())}" for one in claim.quantities)
    return f"{claim.score:.2f}  {claim.text[:100]:<100}  {numbers}"


def _value(spoken: dict[str, Any]) -> str:
    value = spoken["value"]
    number = f"{spoken['low']}–{spoken['high']}" if value is None else f"{value:g}"
    return f"{spoken['bound']} {number} {spoken['unit_name'] or ''}".strip()
