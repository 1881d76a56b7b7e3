"""``manage.py search "WORDS"``: ask the places that are set up, and print what each answers."""

from __future__ import annotations

import textwrap
import time
from argparse import ArgumentParser
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from claims.management.attach import attached_stack
from claims.management.client import open_search_client
from claims.management.door import EXIT_WRONG, print_json, print_text, refuse
from claims.models.team import Team
from claims.vocabulary import ProviderName, SearchOutcome
from claims.web.errors import FetchError
from claims.web.search.protocol import Found
from claims.workflow.gather import outcome_of, try_provider
from claims.workflow.gather.ending import log_trial
from claims.workflow.gather.library import search_library
from claims.workflow.gather.setups import LANGUAGE, places_for_team

WIDTH = 100
# The article's links have no words to be asked with.
NAMES = [name.value for name in ProviderName if name != ProviderName.CITED]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of every place."""

    words: str
    language: str
    team: Team | None
    on: date | None


class Command(BaseCommand):
    """Exit 0 with results, 1 where nothing was found or nobody answered."""

    help = (
        "Ask the providers that are switched on (or those named) one query and print their "
        "results. Counts towards each one's queries of the day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The words, where to ask, and how to answer."""
        parser.add_argument("words", metavar="WORDS", help="what to search for; a URL for wayback")
        parser.add_argument(
            "--provider",
            action="append",
            choices=NAMES,
            default=[],
            help="a place to ask, once for each; without any, all that are switched on",
        )
        parser.add_argument("--language", default="en", help="of two letters; default en")
        parser.add_argument(
            "--on", type=date.fromisoformat, help="for wayback: the day whose copy is wanted"
        )
        parser.add_argument("--team", help="whose library and trusted sites; default the first")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask one place after the other, print."""
        words = " ".join(str(options["words"]).split())
        if not words:
            refuse("WORDS: name the few words that matter.")
        if not LANGUAGE.match(options["language"]):
            refuse("--language: a code of two or three letters, such as en.")
        with attached_stack():
            team = _find_team(options["team"])
            names = [ProviderName(name) for name in options["provider"]]
            if not names:
                if team is None:
                    refuse("There is no team yet; name a --provider.")
                names = [setup.name for setup in places_for_team(team.pk)]
            wish = Wish(words, options["language"], team, options["on"])
            asked = [ask(name, wish) for name in dict.fromkeys(names)]
        if options["json"]:
            print_json({"query": words, "searches": asked})
        else:
            print_text("\n\n".join(_to_text(one) for one in asked))
        if not any(one["results"] for one in asked):
            raise SystemExit(EXIT_WRONG)


def ask(name: ProviderName, wish: Wish) -> dict[str, Any]:
    """One place's answer as the contract's object; every end of it is an outcome of the log."""
    started = time.monotonic()
    found: tuple[Found, ...] = ()
    detail = ""
    try:
        found = _search(name, wish)
        outcome = SearchOutcome.FOUND if found else SearchOutcome.FOUND_NOTHING
    except FetchError as problem:
        outcome, detail = outcome_of(problem), str(problem)
    return {
        "provider": name.value,
        "outcome": outcome.value,
        "detail": detail or None,
        "seconds": round(time.monotonic() - started, 3),
        "results": [_spoken(one) for one in found],
    }


def _search(name: ProviderName, wish: Wish) -> tuple[Found, ...]:
    team_id = wish.team.pk if wish.team else None
    if name != ProviderName.LIBRARY:
        return try_provider(
            name,
            wish.words,
            language=wish.language,
            team_id=team_id,
            client=open_search_client(),
            on=wish.on,
        )
    if team_id is None:
        return ()
    shelved = search_library(team_id, wish.words)
    stored = (Found(page.url, title, snippet) for page, title, snippet in shelved.stored)
    found = (*stored, *shelved.found)
    log_trial(name, wish.words, found, None, team_id=team_id)
    return found


def _spoken(one: Found) -> dict[str, Any]:
    return {
        "url": one.url,
        "title": one.title,
        "snippet": one.snippet,
        "published": one.published.isoformat() if one.published else None,
        "publisher": one.publisher or None,
        "rating": one.rating or None,
    }


def _to_text(answer: dict[str, Any]) -> str:
    name, outcome = ProviderName(answer["provider"]), SearchOutcome(answer["outcome"])
    lines = [f"{name.label}: {outcome.label.lower()} ({answer['seconds']:.1f} s)"]
    if answer["detail"]:
        lines.append(f"  {answer['detail']}")
    for number, one in enumerate(answer["results"], start=1):
        rating = f" [{one['publisher']}: {one['rating']}]" if one["rating"] else ""
        lines.append(f"{number:>3}. {one['title'] or one['url']}{rating}")
        lines.append(f"     {one['url']}")
        if one["snippet"]:
            lines.append(f"     {textwrap.shorten(one['snippet'], WIDTH, placeholder=' …')}")
    return "\n".join(lines)


def _find_team(slug: str | None) -> Team | None:
    """The team of that slug, or the oldest; none is made here."""
    if not slug:
        return Team.objects.order_by("pk").first()
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        refuse(f"--team: there is no team “{slug}”.")
    return team
