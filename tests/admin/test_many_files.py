"""Files uploaded together: each an article or a named fault, left, cancelled, read once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.models import Article, Errand, Job
from claims.models.job import MAX_ATTEMPTS
from claims.tasks import bring_files, uploads
from claims.vocabulary import ErrandState, JobKind
from claims.workflow.errand import cancel_errand, drop_old_files
from claims.workflow.ingest import MAX_UPLOAD_BYTES
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.world import World
from tests.working import work_all, work_one

TEXT = "The harbour of Varnholm handled {} million tonnes of salt in 2023.\n\nIt had grown."


def files_of(*given: tuple[str, bytes | str]) -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile(name, body if isinstance(body, bytes) else body.encode())
        for name, body in given
    ]


def send(client: Any, team: Any, files: list[SimpleUploadedFile]) -> Any:
    sent = {"kind": "upload", "team": team.pk, "upload": files}
    return client.post(reverse("admin:claims_ingest"), sent, follow=True)


def kept(errand: Errand) -> list[str]:
    """Where the files lie that are still to be read."""
    errand.refresh_from_db()
    return [one["path"] for one in errand.asked["files"]]


def are_gone(paths: list[str]) -> bool:
    return not any(default_storage.exists(path) for path in paths)


@pytest.fixture
def work(django_capture_on_commit_callbacks: Any) -> Callable[[], None]:
    """Work all that is due, with what follows each commit."""

    def act() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            work_all()

    return act


def test_each_file_becomes_an_article_or_is_named(
    world: World, log_in: LogIn, work: Callable[[], None]
) -> None:
    client, team = log_in(world.dan), world.near.team
    work()
    page = "<!doctype html><title>Salt</title><article><p>" + TEXT.format(8) + "</p></article>"
    files = files_of(
        ("one.txt", TEXT.format(1)),
        ("two.md", TEXT.format(2)),
        ("<b>sheet.xlsx", b"PK"),
        ("same.txt", TEXT.format(1)),
        ("large.txt", b"x" * (MAX_UPLOAD_BYTES + 1)),
        ("void.txt", ""),
        ("page.html", page),
    )
    shown = body_of(send(client, team, files))
    assert "7 files are being read." in shown
    assert "1 of 7" in shown
    assert "large.txt: The file is over 10 MB." in shown
    errand = Errand.objects.get()
    paths = kept(errand)
    assert len(paths) == 6
    assert not are_gone(paths[:1])
    work()
    errand.refresh_from_db()
    assert (errand.state, errand.done) == (ErrandState.DONE, 7)
    assert errand.articles.count() == 3
    assert are_gone(paths)
    shown = body_of(client.get(reverse("admin:claims_work")))
    for told in (
        "&lt;b&gt;sheet.xlsx: “.xlsx” is not read here.",
        "same.txt: It is here already, as “",
        "void.txt: The file is empty.",
    ):
        assert told in shown, told
    listed = client.get(reverse("admin:claims_article_changelist"), {"errand": errand.pk})
    assert listed.context["cl"].result_count == 3
    assert "Reading uploaded files" not in body_of(
        log_in(world.eve).get(reverse("admin:claims_work"))
    )


def test_too_many_are_refused_at_the_field(world: World, log_in: LogIn) -> None:
    many = files_of(*((f"{n}.txt", "a") for n in range(uploads.MOST_FILES + 1)))
    assert "at most 50 at once" in body_of(send(log_in(world.dan), world.near.team, many))
    assert not Errand.objects.exists()


def test_what_is_cancelled_reads_no_more_and_keeps_no_file(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    work_all()
    files = files_of(*((f"{n}.txt", TEXT.format(n)) for n in range(1, 4)))
    errand = bring_files(world.near.team, files, by=world.dan)
    paths = kept(errand)
    with django_capture_on_commit_callbacks(execute=True):
        assert work_one()
        cancel_errand(errand, by=world.ada)
    work_all()
    assert errand.articles.count() == 1
    assert are_gone(paths)
    errand.refresh_from_db()
    assert (errand.state, errand.done) == (ErrandState.CANCELLED, 1)


def test_a_file_that_loses_its_worker_is_named_and_the_next_is_read(world: World) -> None:
    work_all()
    files = files_of(("bad.txt", TEXT.format(1)), ("good.txt", TEXT.format(2)))
    errand = bring_files(world.near.team, files, by=world.dan)
    # Lost twice, so this is the last attempt.
    Job.objects.filter(kind=JobKind.ERRAND).update(attempts=MAX_ATTEMPTS - 1)
    work_all()
    errand.refresh_from_db()
    assert errand.told == f"bad.txt: {uploads.LOST}"
    assert (errand.state, errand.articles.count()) == (ErrandState.DONE, 1)


def test_who_left_brings_nothing_and_old_files_go(world: World) -> None:
    files = files_of(("a.txt", TEXT.format(1)), ("b.txt", TEXT.format(2)))
    errand = bring_files(world.near.team, files, by=world.dan)
    before, paths = Article.objects.count(), kept(errand)
    world.dan.memberships.all().delete()
    work_all()
    errand.refresh_from_db()
    assert (errand.state, Article.objects.count()) == (ErrandState.FAILED, before)
    assert not are_gone(paths[:1])
    Errand.objects.update(ended_at="2020-01-01T00:00:00Z")
    drop_old_files()
    assert are_gone(paths)
