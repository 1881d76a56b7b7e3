"""A publisher's own page: what people know, how it was used, how it answers, trusted or blocked."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Page, Source, VerdictEvidence
from claims.models.publishers import blocked_prefixes
from claims.vocabulary import FetchOutcome, FetchReason, SourceStanding
from claims.workflow.gather.setups import trusted_sites
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.test_teams import posted_form
from tests.admin.world import CANARY, World


def address_of(source: Source) -> str:
    return reverse("admin:claims_source_change", args=[source.pk])


def cited_source(world: World) -> Source:
    """A source that the near desk's verdict rests on."""
    cited = VerdictEvidence.objects.filter(verdict=world.near.verdict).earliest("number")
    return Source.objects.get(pages__snapshots__passages__evidence=cited.evidence_id)


def test_reviewers_describe_a_publisher_and_leads_decide_on_it(world: World, log_in: LogIn) -> None:
    source = world.near.source
    known = {"country": "Norway", "conflicts": "Owned by a mining firm.", "note": "Ask Ada."}
    client = log_in(world.ben)
    data = posted_form(client, address_of(source)) | known | {"standing": "blocked"}
    assert client.post(address_of(source), data).status_code == 302
    source.refresh_from_db()
    assert (source.country, source.conflicts, source.standing) == (
        "Norway", "Owned by a mining firm.", "",
    )  # fmt: skip
    client = log_in(world.ada)
    data = posted_form(client, address_of(source)) | {"standing": "trusted"}
    assert client.post(address_of(source), data).status_code == 302
    source.refresh_from_db()
    assert source.standing == SourceStanding.TRUSTED


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("https://News.Example.org/a/", "news.example.org/a"), ("ftp://x.org", ""), ("com", "")],
)
def test_a_host_is_kept_in_one_spelling(world: World, log_in: LogIn, typed: str, kept: str) -> None:
    client = log_in(world.ada)
    data = {"team": world.near.team.pk, "name": "News", "prefix": typed, "type": "media"}
    answer = client.post(reverse("admin:claims_source_add"), data)
    assert answer.status_code == (302 if kept else 200)
    found = Source.objects.filter(team=world.near.team, name="News").values_list(
        "prefix", flat=True
    )
    assert list(found) == [kept] * bool(kept)


def test_its_page_tells_verdicts_pages_and_how_they_answered(world: World, log_in: LogIn) -> None:
    source = cited_source(world)
    Page.objects.create(
        team=source.team,
        source=source,
        url="https://statistics.example/gone",
        canonical_url="https://statistics.example/gone",
        outcome=FetchOutcome.FAILED,
        reason=FetchReason.NOT_FOUND,
    )
    told = body_of(log_in(world.dan).get(address_of(source)))
    assert reverse("admin:claims_verdict_change", args=[world.near.verdict.pk]) in told
    assert reverse("admin:claims_ticket_change", args=[world.near.decided.pk]) in told
    assert "<td>Not found</td><td>1</td>" in told
    assert "https://statistics.example/gone" in told
    assert CANARY not in told


def test_a_source_without_history_says_so(world: World, log_in: LogIn) -> None:
    source = Source.objects.create(team=world.near.team, prefix="new.example", name="New")
    told = body_of(log_in(world.dan).get(address_of(source)))
    assert "No verdict cites this source yet." in told
    assert "No page of it was looked at yet." in told


def test_many_pages_cost_no_more_queries(world: World, log_in: LogIn) -> None:
    source = cited_source(world)
    client = log_in(world.dan)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address_of(source))
        return len(asked)

    count()
    before = count()
    urls = [f"https://statistics.example/{number}" for number in range(30)]
    Page.objects.bulk_create(
        Page(team=source.team, source=source, url=url, canonical_url=url) for url in urls
    )
    assert count() == before


def test_trusted_and_blocked_publishers_are_lists_of_the_team(world: World, log_in: LogIn) -> None:
    for name, team in (("near", world.near.team), ("far", world.far.team)):
        for standing in ("trusted", "blocked", ""):
            prefix = f"{standing or 'other'}.{name}.example"
            Source.objects.create(team=team, prefix=prefix, name=prefix, standing=standing)
    assert trusted_sites(world.near.team.pk) == ("trusted.near.example",)
    near, far = world.near.team.pk, world.far.team.pk
    assert blocked_prefixes([near]) == {near: ("blocked.near.example",)}
    assert set(blocked_prefixes([near, far])) == {near, far}
    client: Any = log_in(world.dan)
    listed = body_of(client.get(reverse("admin:claims_source_changelist") + "?standing=blocked"))
    assert "blocked.near.example" in listed
    assert "trusted.near.example" not in listed
    assert "far.example" not in listed


def test_a_trusted_publisher_is_named_so_at_its_evidence(world: World, log_in: LogIn) -> None:
    address = reverse("admin:claims_ticket_change", args=[world.near.ticket.pk])
    client = log_in(world.dan)
    assert "trusted by the team" not in body_of(client.get(address))
    Source.objects.filter(team=world.near.team).update(standing=SourceStanding.TRUSTED)
    assert "trusted by the team" in body_of(client.get(address))
