"""One address of every type of page, taken from the admin's own URLs.

Nobody keeps this list: a page that is added to the admin is asked for here by
itself. An address with an argument that nothing is known for is a ``KeyError``,
so that whoever adds one says what to put there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from claims.intake import TEMPLATE
from claims.models import (
    Article,
    AssignmentRule,
    Claim,
    Errand,
    Job,
    Page,
    Provider,
    Search,
    Snapshot,
    Source,
    Verdict,
)
from claims.vocabulary import JobKind, JobState
from claims.workflow.assign import take_ticket
from claims.workflow.decide import Decision, decide_ticket
from claims.workflow.take_in import keep_file
from tests.admin.ticket.rows import House, enough, make_ready, make_ticket
from tests.admin.world import make_fact_check, make_money_table

# Pages that look different for the same address; ``{ticket}`` is filled with a row's id.
VARIANTS = (
    *(f"/admin/add/?kind={kind}" for kind in ("text", "url", "upload", "claim")),
    "/admin/claims/ticket/?q=zzzz",
    "/admin/claims/ticket/?queue=waiting&tag=7&q=production",
    "/admin/lists/?list=ticket&keep=queue%3Dwaiting%26tag%3D7",
    "/admin/claims/verdict/?version=all",
    "/admin/claims/ticket/{gathering}/change/",
    "/admin/claims/ticket/{ready}/change/",
    "/admin/claims/ticket/{decided}/change/",
    "/admin/claims/ticket/{bare}/change/",
    "/admin/claims/ticket/987654321/change/",
)


def make_rows(house: House) -> dict[str, Any]:
    """One row of every noun, and tickets at the stages that look different."""
    decided = take_ticket(make_ready(house.team), house.ada)
    decision = Decision(
        rating_id=house.team.scale.ratings.earliest("position").pk,
        rationale="Two official tables agree with the wording of the claim.",
        evidence_ids=enough(decided),
    )
    decide_ticket(decided, decision, by=house.ada, expected_version=decided.version)
    held = take_ticket(make_ready(house.team, "Exports fell to 12 tonnes in May."), house.boss)
    Job.objects.create(
        team=house.team,
        kind=JobKind.WEIGH,
        key=f"weigh:{held.pk}",
        subject_id=held.pk,
        state=JobState.FAILED,
        attempts=3,
    )
    newest = (Article, Claim, Page, Snapshot, Search, Source, Job, Verdict)
    return {
        "ticket": held,
        "decided": decided,
        "ready": make_ready(house.team, "Twelve countries mine them."),
        "bare": make_ready(house.team, "There are 17 rare earth elements.", told=()),
        "gathering": make_ticket(house.team, "Mines opened in 12 countries."),
        "team": house.team,
        "ratingscale": house.team.scale,
        "factcheck": make_fact_check(held),
        "moneytable": make_money_table(house.team),
        "provider": Provider.objects.get(name="brave"),
        "user": house.ada,
        "assignmentrule": AssignmentRule.objects.create(
            team=house.team, name="Metals", words="rare earth", tag="metals"
        ),
        "errand": Errand.objects.create(team=house.team, kind="check", told="Ticket 1."),
        "import": keep_file(house.team, "claims.csv", TEMPLATE, by=house.boss)[0],
        **{str(model._meta.model_name): model.objects.latest("pk") for model in newest},
    }


def list_page_types(person: Any, rows: dict[str, Any]) -> list[str]:
    """Every address of the site that answers this person's GET with a page of ours.

    A stored page of somebody else's is sandboxed: no script runs there, the checker's neither
    (``tests/admin/test_stored_page.py`` looks at it instead).
    """
    client = Client(raise_request_exception=True)
    client.force_login(person)
    varied = _varied(rows)
    pages = []
    for address in list_addresses(rows):
        answer = client.get(address)
        kind = answer.headers.get("Content-Type", "")
        is_sandboxed = "sandbox" in answer.headers.get("Content-Security-Policy", "")
        if kind.startswith("text/html") and b"<html" in answer.content and not is_sandboxed:
            is_refusal = answer.status_code != 200
            pages += [address] if address in varied or not is_refusal else []
        answer.close()
    return pages


def list_addresses(rows: dict[str, Any]) -> list[str]:
    """Every address of the site, filled in for these rows, pages or not."""
    return [*(f"/{address}" for address in dict.fromkeys(_addresses(rows))), *_varied(rows)]


def _varied(rows: dict[str, Any]) -> list[str]:
    return [one.format(**{name: row.pk for name, row in rows.items()}) for one in VARIANTS]


def _addresses(rows: dict[str, Any]) -> Iterator[str]:
    for pattern, names, path in _walk(get_resolver().url_patterns, (), ""):
        # Django's own: leads elsewhere, or catches what nothing else has caught.
        if pattern.name in ("view_on_site", "app_list", "logout") or "(?P<url>" in path:
            continue
        if pattern.name is None and path.endswith("/<path:object_id>/"):
            continue
        model = next((one for one in _models_in(str(pattern.name)) if one in rows), "")
        filled = path
        for name, converter in names:
            key = name.removesuffix("_id") if name not in ("object_id", "id") else model
            filled = filled.replace(f"<{converter}{name}>", str(rows[key].pk))
        yield filled


def _models_in(name: str) -> list[str]:
    known = {model._meta.model_name for model in apps.get_models()}
    return [part for part in name.split("_") if part in known]


def _walk(
    patterns: Any, names: tuple[tuple[str, str], ...], path: str
) -> Iterator[tuple[URLPattern, tuple[tuple[str, str], ...], str]]:
    for one in patterns:
        route = path + str(one.pattern)
        found = getattr(one.pattern, "converters", {})
        kinds = {type(kind).__name__: kind for kind in found.values()}
        assert set(kinds) <= {"IntConverter", "PathConverter", "StringConverter"}, route
        short = {"IntConverter": "int:", "PathConverter": "path:", "StringConverter": ""}
        here = (*names, *((name, short[type(kind).__name__]) for name, kind in found.items()))
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, here, route)
        else:
            yield one, here, route
