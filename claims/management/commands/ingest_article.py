"""``manage.py ingest_article PATH|URL|-``: bring an article in and see what came of it."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from claims.management.attach import attached_stack
from claims.management.door import (
    EXIT_WRONG,
    find_team,
    place_as_given,
    print_json,
    read_bytes,
    refuse,
    warn,
)
from claims.models.article import Article
from claims.models.claim import Claim
from claims.models.team import Team
from claims.models.ticket import Ticket
from claims.tasks import nudge
from claims.text.kept import KeptText, keep_text
from claims.vocabulary import ArticleState, Stance, TicketState
from claims.workflow.ingest import (
    PLAIN_TYPES,
    READ_HERE,
    Ingested,
    IngestRefused,
    decode_upload,
    ingest_upload,
    ingest_url,
    is_asked_again,
    read_again,
)

UNSETTLED = (TicketState.OPEN, TicketState.GATHERING)


class Command(BaseCommand):
    """Ingest one article; with ``--wait`` stay until every ticket of it is ready."""

    help = "Bring in an article from a file, a URL or standard input (-)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from, for whom, and how to answer."""
        parser.add_argument("source", help=f"a {READ_HERE} file, an http(s) URL, or - for stdin")
        parser.add_argument("--team", help="the team's slug (default: the install's first team)")
        parser.add_argument(
            "--again",
            action="store_true",
            help="read the page of an address that is here once more, and keep what changed",
        )
        parser.add_argument("--wait", action="store_true", help="wait until the tickets are ready")
        parser.add_argument("--timeout", type=float, default=600.0, help="seconds to wait (600)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ingest, wait if asked to, print."""
        source = options["source"]
        body = None if is_url(source) else read_bytes(source)
        with attached_stack(needs_workers=options["wait"]):
            ingested = bring_in(find_team(options["team"]), source, body)
            if not ingested.is_new:
                warn(
                    tell_known(ingested, is_asked=options["again"] and read_again(ingested.article))
                )
            transaction.on_commit(nudge)
            is_settled = not options["wait"] or wait_for(ingested.article.pk, options["timeout"])
            article = Article.objects.select_related("copy__page").get(pk=ingested.article.pk)
            if article.copy is not None and article.copy.archived_at is not None:
                warn(article.copy.page.detail)
            if options["json"]:
                print_json(tell(article, given=read_given(source, body)))
            else:
                self.stdout.write(summary(article))
            if article.state == ArticleState.FAILED:
                refuse(f"{article.url}: {article.failure_detail}", code=EXIT_WRONG)
            if not is_settled:
                refuse(
                    f"Not everything was ready within {options['timeout']:g} s.", code=EXIT_WRONG
                )


def tell_known(ingested: Ingested, *, is_asked: bool) -> str:
    """That the article was here, and what is done or can be done about it."""
    told = "Known before, with another text" if ingested.is_changed else "Known before"
    told = f"{told}: article {ingested.article.pk}"
    if is_asked:
        return f"{told}; its page is read again"
    return f"{told}; --again reads its page once more" if ingested.article.url else told


def is_url(source: str) -> bool:
    """Whether the argument is meant as a URL (anything with a scheme)."""
    return "://" in source


def bring_in(team: Team, source: str, body: bytes | None) -> Ingested:
    """Ingest a URL, a file or standard input; refuses with the field's own message."""
    try:
        if body is None:
            return ingest_url(team, source)
        return ingest_upload(team, name_of(source), body)
    except IngestRefused as refused:
        refuse(f"{refused.field}: {refused.message}")


def name_of(source: str) -> str:
    """The file's name, which says its type; standard input is plain text."""
    return "stdin.txt" if source == "-" else Path(source).name


def read_given(source: str, body: bytes | None) -> KeptText | None:
    """The way back to the characters of the file; a web page has none but those kept of it."""
    text, kind = ("", "text/html") if body is None else decode_upload(name_of(source), body)
    return keep_text(text) if kind in PLAIN_TYPES else None


def wait_for(article_id: int, timeout_seconds: float) -> bool:
    """Poll until the article is read and its tickets have left gathering, with a bar."""
    ends_at = time.monotonic() + timeout_seconds
    with tqdm(total=1, unit="ticket", disable=not sys.stderr.isatty(), leave=False) as bar:
        while time.monotonic() < ends_at:
            article = Article.objects.only("state").get(pk=article_id)
            tickets = Ticket.objects.filter(claim__appearances__article_id=article_id).distinct()
            if article.state == ArticleState.FAILED:
                return True
            if article.state == ArticleState.READ and not is_asked_again(article):
                total, open_still = tickets.count(), tickets.filter(state__in=UNSETTLED).count()
                bar.total, bar.n = total, total - open_still
                bar.refresh()
                if not open_still:
                    return True
            time.sleep(0.2)
    return False


def tell(article: Article, *, given: KeptText | None = None) -> dict[str, Any]:
    """The contract's object: the article, and its claims with tickets and evidence counts.

    Offsets are those of the text as ``given`` where that is known, else of the
    article's text as kept. Claims below the team's threshold that nobody opened
    are left out.
    """
    appearances = (
        article.appearances.select_related("claim__ticket")
        .prefetch_related("claim__quantities", "claim__ticket__evidence")
        .order_by("start")
    )
    claims = [
        _claim(one.claim, one.start, one.end)
        for one in appearances
        if one.claim.score >= article.team.claim_threshold or hasattr(one.claim, "ticket")
    ]
    if given is not None:
        claims = [place_as_given(claim, given) for claim in claims]
    return {
        "article": {
            "id": article.pk,
            "title": article.title or None,
            "byline": article.byline or None,
            "published": article.published_on.isoformat() if article.published_on else None,
            "language": article.language or None,
        },
        "claims": claims,
    }


def _claim(claim: Claim, start: int, end: int) -> dict[str, Any]:
    quantities = []
    for row in claim.quantities.all():
        spoken = row.as_read().to_json()
        spoken["start"] += start
        spoken["end"] += start
        quantities.append(spoken)
    hints, resolved = deepcopy(claim.hints), deepcopy(claim.resolved)
    for spoken in (*resolved, *(span for hint in hints for span in hint["spans"])):
        spoken["start"] += start
        spoken["end"] += start
    for hint in hints:
        # What it was held against may stand in another article of the same claim.
        hint["spans"] = [span for span in hint["spans"] if span["start"] >= 0]
    ticket = getattr(claim, "ticket", None)
    counts = dict.fromkeys((stance.value for stance in Stance), 0)
    for piece in ticket.evidence.all() if ticket else ():
        counts[piece.current_stance] += 1
    return {
        "text": claim.text,
        "start": start,
        "end": end,
        "score": round(claim.score, 4),
        "reasons": claim.reasons,
        "claimant": claim.claimant or None,
        "self_contained": claim.self_contained,
        "quantities": quantities,
        "hints": hints,
        "resolved": resolved,
        "ticket": ticket.pk if ticket else None,
        "state": ticket.state if ticket else None,
        "evidence": counts,
    }


def summary(article: Article) -> str:
    """A few lines for a person."""
    told = tell(article)
    lines = [f"Article {article.pk}: {article.title or article.url or 'without a title'}"]
    for claim in told["claims"]:
        ticket = f"ticket {claim['ticket']} {claim['state']}" if claim["ticket"] else "no ticket"
        found = ", ".join(f"{n} {stance}" for stance, n in claim["evidence"].items() if n)
        lines.append(f"  {claim['score']:.2f}  {ticket}  {claim['text'][:90]}  {found}")
    return "\n".join(lines)
