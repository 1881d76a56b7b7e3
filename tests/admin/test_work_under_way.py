"""Long work: begun, seen, cancelled and fetched by who may, and by nobody else."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.lifecycle import MoveRefused
from claims.models import Article, Errand, Job, Membership, Ticket
from claims.models.errand_files import FileGone, open_file
from claims.tasks import exporting
from claims.tasks.errands import ask_check, ask_export
from claims.vocabulary import ErrandKind, ErrandState, JobKind, JobState, Role, TicketState
from claims.workflow.errand import (
    CANCELLED,
    begin_errand,
    drop_old_files,
    end_articles,
)
from claims.workflow.ingest import ingest_url
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.world import World
from tests.working import work_all, work_one

WORK = "admin:claims_work"
WANTED = {"versions": "current", "since": "", "file": "verdicts", "cells": "safe"}


def text_of(client: Any, name: str = WORK, **kwargs: Any) -> str:
    return body_of(client.get(reverse(name, **kwargs)))


def end(client: Any, errand: Errand) -> int:
    return int(client.post(reverse("admin:claims_work_cancel", args=[errand.pk])).status_code)


def test_many_articles_are_brought_in_seen_and_cancelled(world: World, log_in: LogIn) -> None:
    ben, team = log_in(world.ben), world.near.team
    ingest_url(team, "https://known.example/1")
    sent = {
        "kind": "urls",
        "team": team.pk,
        "urls": "https://a.example/1\nnothing\nftp://b.example",
    }
    refused = body_of(ben.post(reverse("admin:claims_ingest"), sent))
    assert "Line 2:" in refused
    assert "Line 3:" in refused
    assert "https://a.example/1\nnothing" in refused
    assert not Errand.objects.exists()
    lines = ["https://a.example/1", "", "https://a.example/1#twice", "https://b.example/", "x"]
    sent["urls"] = "\r\n".join([*lines[:-1], "https://c.example/", "https://known.example/1"])
    told = ben.post(reverse("admin:claims_ingest"), sent, follow=True)
    assert "3 articles are being fetched. 1 were here already." in body_of(told)
    errand = Errand.objects.get()
    assert (errand.kind, errand.total) == (ErrandKind.ARTICLES, 3)
    assert "0 of 3" in body_of(told)
    assert end_articles() == 0

    # A worker has begun one; what had not begun ends, and what came stays.
    jobs = Job.objects.filter(
        kind=JobKind.FETCH_ARTICLE, subject_id__in=errand.articles.values("pk")
    )
    first = jobs.order_by("pk").first()
    assert first is not None
    others = Job.objects.exclude(pk=first.pk).values("pk")
    assert Job.objects.exclude(pk__in=others).lease([JobKind.FETCH_ARTICLE], limit=1, seconds=60)
    for person, status in ((world.eve, 404), (world.dan, 403)):
        assert end(log_in(person), errand) == status
    assert "Bringing in articles" not in text_of(log_in(world.eve))
    assert end(ben, errand) == 302
    assert sorted(jobs.values_list("state", flat=True)) == ["cancelled", "cancelled", "leased"]
    states = Article.objects.filter(errand=errand).values_list("state", "failure_detail")
    assert Counter(states) == {("failed", CANCELLED): 2, ("fetching", ""): 1}
    errand.refresh_from_db()
    assert (errand.state, errand.ended_by) == (ErrandState.CANCELLED, world.ben)
    assert "It had ended already" in body_of(
        ben.post(reverse("admin:claims_work_cancel", args=[errand.pk]), follow=True)
    )
    assert Article.objects.filter(team=team, url="https://known.example/1").exists()
    # A cancelled address is fetched when somebody asks for it again.
    again = ingest_url(team, "https://c.example/")
    assert (again.is_new, again.article.state) == (True, "fetching")


def test_an_export_is_made_and_fetched_by_the_team_alone(world: World, log_in: LogIn) -> None:
    ada, team = log_in(world.ada), world.near.team
    address = reverse("admin:claims_export_prepare")
    sent = {f"later-{name}": told for name, told in WANTED.items()}
    assert ada.post(address, {**sent, "later-team": "x"}).status_code == 422
    assert ada.post(address, {**sent, "later-team": team.pk}).status_code == 302
    errand = Errand.objects.get()
    assert "Fetch the file" not in text_of(ada)
    work_all()
    errand.refresh_from_db()
    assert (errand.state, errand.done, errand.total) == (ErrandState.DONE, 1, 1)
    assert "Fetch the file" in text_of(log_in(world.ben))
    file = reverse("admin:claims_work_file", args=[errand.pk])
    now = ada.get(reverse("admin:claims_export_verdicts"), {"team": team.pk})
    assert body_of(log_in(world.ben).get(file)) == body_of(now)
    assert log_in(world.eve).get(file).status_code == 404
    Errand.objects.update(ended_at="2020-01-01T00:00:00Z")
    assert drop_old_files() == 1
    assert ada.get(file).status_code == 404
    with pytest.raises(FileGone):
        open_file(errand.file)


@pytest.mark.parametrize("file", ["verdicts", "evidence"])
def test_an_export_in_steps_is_the_direct_one_of_all_teams(
    world: World, log_in: LogIn, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    monkeypatch.setattr(exporting, "TICKETS_A_STEP", 1)
    monkeypatch.setattr(exporting, "SECONDS_A_JOB", 0.0)
    work_all()
    boss, asked = log_in(world.boss), {**WANTED, "file": file, "cells": "raw"}
    address = reverse("admin:claims_export_prepare")
    boss.post(address, {f"later-{name}": told for name, told in asked.items()})
    errand = Errand.objects.get()
    assert work_one()
    errand.refresh_from_db()
    assert errand.state == ErrandState.UNDER_WAY
    assert 0 < errand.done < errand.total
    work_all()
    errand.refresh_from_db()
    assert (errand.state, errand.done) == (ErrandState.DONE, errand.total)
    assert len(errand.asked["pieces"]) > 2
    fetch = reverse("admin:claims_work_file", args=[errand.pk])
    made = body_of(boss.get(fetch))
    direct = boss.get(reverse("admin:claims_export_verdicts"), asked)
    assert made == body_of(direct)
    assert len(made.encode()) == errand.size_bytes
    # It stands in one team's list, and is of all: nobody else there gets it.
    for person in (world.ada, world.ben, world.eve):
        assert log_in(person).get(fetch).status_code == 404
        assert "Fetch the file" not in text_of(log_in(person))
    assert "is for them alone" in text_of(log_in(world.ada)) + text_of(log_in(world.eve))
    shown = text_of(boss)
    assert "Fetch the file" in shown
    assert f"In {len(errand.asked['pieces'])} parts, the first as everything stood on" in shown
    pieces = errand.asked["pieces"]
    Errand.objects.update(ended_at="2020-01-01T00:00:00Z")
    assert drop_old_files() == 1
    assert not any(default_storage.exists(path) for path in pieces)
    assert boss.get(fetch).status_code == 404


def test_a_file_of_all_teams_is_for_who_is_in_all_of_them(world: World, log_in: LogIn) -> None:
    team, other = world.near.team, world.far.team
    membership = Membership.objects.create(team=other, user=world.ada, role=Role.REVIEWER)
    ada = log_in(world.ada)
    sent = {f"later-{name}": told for name, told in WANTED.items()}
    ada.post(reverse("admin:claims_export_prepare"), sent)
    work_all()
    errand = Errand.objects.get()
    assert set(errand.asked["teams"]) == {team.pk, other.pk}
    fetch = reverse("admin:claims_work_file", args=[errand.pk])
    both = body_of(ada.get(fetch))
    assert both == body_of(ada.get(reverse("admin:claims_export_verdicts"), WANTED))
    assert team.slug in both
    assert other.slug in both
    membership.delete()
    assert log_in(world.ada).get(fetch).status_code == 404


def test_a_file_of_all_teams_is_without_a_team_joined_since(world: World, log_in: LogIn) -> None:
    team, other = world.near.team, world.far.team
    errand = ask_export(team, WANTED, by=world.ada, teams=[team])
    Membership.objects.create(team=other, user=world.ada, role=Role.REVIEWER)
    work_all()
    told = body_of(log_in(world.ada).get(reverse("admin:claims_work_file", args=[errand.pk])))
    assert team.slug in told
    assert other.slug not in told


def test_who_left_the_team_gets_no_file(world: World) -> None:
    errand = ask_export(world.near.team, WANTED, by=world.ben)
    world.ben.memberships.all().delete()
    work_all()
    errand.refresh_from_db()
    assert (errand.state, errand.file) == (ErrandState.FAILED, "")
    assert "no longer a member" in errand.told


def test_a_check_goes_slice_by_slice_and_names_what_is_wrong(world: World, log_in: LogIn) -> None:
    ada, team = log_in(world.ada), world.near.team
    assert log_in(world.ben).post(reverse(WORK), {"team": team.pk}).status_code == 403
    assert ada.post(reverse(WORK), {"team": team.pk}).status_code == 302
    work_all()
    errand = Errand.objects.get()
    assert errand.state == ErrandState.DONE
    assert errand.done == errand.total > 0
    ticket = Ticket.objects.filter(team=team).earliest("pk")
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.CLOSED)
    ada.post(reverse(WORK), {"team": team.pk})
    work_all()
    assert f"Ticket {ticket.pk}, line " in text_of(ada)
    # Cancelled between two slices: the next one is not done.
    errand = ask_check(team, by=world.ada)
    assert work_one()
    assert end(ada, errand) == 302
    assert Job.objects.filter(subject_id=errand.pk, state=JobState.PENDING).count() == 0
    work_all()
    errand.refresh_from_db()
    assert errand.state == ErrandState.CANCELLED
    with pytest.raises(MoveRefused):
        ask_check(team, by=world.ben)


def test_the_queries_do_not_grow_with_the_work(world: World, log_in: LogIn) -> None:
    ada, counts = log_in(world.ada), []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(ada)
        counts.append(len(queries))
        for kind in ErrandKind:
            for _ in range(3):
                Errand.objects.create(team=world.near.team, kind=kind, asked_by=world.ben)
    # Besides what an empty page asks: which articles still come, and the files of imports.
    assert counts[1] <= counts[0] + 2, counts
    with pytest.raises(MoveRefused, match="under way"):
        begin_errand(world.near.team, ErrandKind.EXPORT, by=world.ada)
