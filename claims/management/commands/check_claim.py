"""``manage.py check_claim "TEXT"``: the whole chain on one claim, printed and not stored."""

from __future__ import annotations

import re
import textwrap
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.door import EXIT_WRONG, print_json, print_text, read_bytes, refuse
from claims.management.trial import Trial, try_claim
from claims.text.quantity import Period, Quantity
from claims.vocabulary import ComparisonFlag
from claims.workflow.ingest import (
    MAX_CLAIM_CHARS,
    IngestRefused,
    check_text,
    check_url,
    decode_upload,
)
from claims.workflow.weigh import OWN_COPY, Weighed

WIDTH = 100
FLAGS = {
    ComparisonFlag.TRUE_THEN_NOT_NOW: "true then, not now",
    ComparisonFlag.FAR_BEYOND_BOUND: "far beyond the stated limit",
    ComparisonFlag.CONVERTED: "units converted",
}
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Command(BaseCommand):
    """Exit 0 with evidence, 1 where nothing was found or could be read."""

    help = (
        "Look for sources of one claim, read and weigh them, and print the claim's numbers beside "
        "the sources'. Needs no database and keeps nothing."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The claim, where it stands, and what to hold it against."""
        parser.add_argument("text", metavar="TEXT", help="one factual assertion")
        parser.add_argument("--article", help="a .txt or .md file it stands in, or -")
        parser.add_argument(
            "--url",
            action="append",
            default=[],
            help="a page to hold it against, once per page; without any, sources are searched",
        )
        parser.add_argument("--published", help="the day of the claim: 2026-01-31")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check what was given, try the claim, print."""
        try:
            claim = check_text(options["text"], field="TEXT", max_chars=MAX_CLAIM_CHARS)
            for url in options["url"]:
                check_url(url)
            article = _read_article(options["article"]) if options["article"] else ""
            published = _read_day(options["published"])
        except IngestRefused as refused:
            refuse(f"{refused.field}: {refused.message}")
        trial = try_claim(
            " ".join(claim.split()),
            article=article,
            urls=options["url"],
            published=published,
        )
        if options["json"]:
            print_json(_to_json(trial))
        else:
            print_text(_to_table(trial))
        if not trial.weighing.passages:
            raise SystemExit(EXIT_WRONG)


def _read_article(path: str) -> str:
    name = "stdin.txt" if path == "-" else path
    text, kind = decode_upload(name, read_bytes(path))
    if kind == "text/html":
        refuse("--article takes text or Markdown; give the page with --url.")
    return check_text(text)


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        refuse("--published: a day such as 2026-01-31.")


def _to_json(trial: Trial) -> dict[str, Any]:
    return {
        "claim": {
            "text": trial.claim,
            "quantities": [one.to_json() for one in trial.quantities],
        },
        "evidence": [
            _piece(place, one) for place, one in enumerate(trial.weighing.passages, start=1)
        ],
        "pages": len(trial.pages),
        "origins": trial.weighing.independent,
        "searches": [
            {
                "provider": one.provider,
                "query": one.query,
                "outcome": one.outcome.value,
                "results": one.results,
                "problem": one.problem or None,
            }
            for one in trial.asked
        ],
        "unread": [
            {"url": one.url, "reason": one.reason.value, "detail": one.detail}
            for one in trial.unread
        ],
    }


def _piece(number: int, one: Weighed) -> dict[str, Any]:
    day = one.snapshot.published_on
    return {
        "number": number,
        "url": one.snapshot.final_url,
        "title": one.snapshot.title,
        "publisher": one.snapshot.publisher or None,
        "published": day.isoformat() if day else None,
        "quote": one.quote,
        "start": one.start,
        "end": one.end,
        "score": round(one.score, 4),
        "score_reasons": list(one.score_reasons),
        "stance": one.stance.stance.value,
        "confidence": one.stance.confidence,
        "stance_reasons": list(one.stance.reasons),
        "comparison": one.comparison.to_json(),
        "origin": one.origin,
        "origin_reasons": list(one.origin_reasons),
        "is_own_copy": one.is_own_copy,
    }


def _to_table(trial: Trial) -> str:
    lines = [trial.claim, *(f"  {_say(one)}" for one in trial.quantities), ""]
    if not trial.quantities:
        lines[1:] = ["  no number in it", ""]
    for place, one in enumerate(trial.weighing.passages, start=1):
        lines += _row(place, one)
    lines += _summary(trial)
    # Words of pages and people must not steer the terminal, nor turn its lines about.
    return UNSAFE.sub("\N{REPLACEMENT CHARACTER}", "\n".join(lines))


def _row(place: int, one: Weighed) -> list[str]:
    comparison, snapshot = one.comparison, one.snapshot
    number = comparison.passage_quantity
    value = _say(number) if number else "no number held against it"
    off = comparison.relative
    gap = f" ({off:+.1%})" if off else ""
    if number and number.period:
        value += f", for {_say_period(number.period)}"
    day = f", published {snapshot.published_on.isoformat()}" if snapshot.published_on else ""
    quote = textwrap.fill(
        " ".join(one.quote.split()), WIDTH, initial_indent="     “", subsequent_indent="     "
    )
    return [
        f"[{place}] {comparison.outcome.label}: {value}{gap} · {one.stance.stance.label} "
        f"{one.stance.confidence:.2f} · {_say_origin(one)}",
        f"     {snapshot.publisher or snapshot.title}{day} · {snapshot.final_url}",
        f"{quote}”",
        *(f"     {FLAGS[flag]}" for flag in comparison.flags),
        *(f"     {reason}" for reason in comparison.reasons[:4]),
        "",
    ]


def _summary(trial: Trial) -> list[str]:
    origins, pages = trial.weighing.independent, len(trial.pages)
    lines = [
        f"{pages} page{'' if pages == 1 else 's'} read, at most {origins} independent "
        f"origin{'' if origins == 1 else 's'}."
    ]
    if not trial.weighing.passages:
        lines.append("Nothing that was read bears on this claim.")
    if not trial.asked:
        lines.append("No place was asked: the pages were named.")
    for one in trial.asked:
        found = f"{one.results} found" if one.results else one.outcome.label.lower()
        told = f"{found}: {one.problem}" if one.problem else found
        lines.append(f"  asked {one.provider}: {one.query or 'its links'} · {told}")
    lines += [f"  not read: {one.url} ({one.reason.value}) {one.detail}" for one in trial.unread]
    return lines


def _say_origin(one: Weighed) -> str:
    return OWN_COPY if one.is_own_copy else f"origin {one.origin}"


def _say_period(period: Period) -> str:
    """Its two days, whole years without them: ``2023``, ``2023-05-01 to 2023-05-31``."""
    first = period.from_on.isoformat().removesuffix("-01-01") if period.from_on else "…"
    last = period.to_on.isoformat().removesuffix("-12-31") if period.to_on else "…"
    if period.from_on and period.to_on and len(first) != len(last):
        first, last = period.from_on.isoformat(), period.to_on.isoformat()
    return " to ".join(dict.fromkeys((first, last)))


def _say(number: Quantity) -> str:
    """A number as written, and as it was read."""
    spoken = number.to_json()
    value = spoken["value"]
    read = f"{spoken['low']:g} to {spoken['high']:g}" if value is None else f"{value:,.12g}"
    bound = "" if spoken["bound"] == "=" else f"{spoken['bound']} "
    return f"{number.text} = {bound}{read} {spoken['unit_name'] or ''}".rstrip()
