"""Errand: long work that a person asks for is begun, told of, cancelled, and its file let go.

Promises: an errand ends once, as done, cancelled or failed; cancelling ends what has not begun
and takes nothing away that was stored; what runs at that moment finishes. Does none of the work.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from claims.lifecycle import LEADS, MoveRefused
from claims.models.access import Person, role_of
from claims.models.article import Article
from claims.models.claim_import import ClaimImport
from claims.models.errand import Errand
from claims.models.errand_files import drop_file, kept_files, kept_since
from claims.models.job import Job
from claims.models.team import Team
from claims.vocabulary import (
    ArticleState,
    ErrandKind,
    ErrandState,
    ImportState,
    JobKind,
    JobReason,
    JobState,
)

KEPT_DAYS = 7
"""A result is kept so long."""
ORPHAN_HOURS = 24
"""Longer than any attempt at a piece of work takes."""
OF_FILES = ("files", "pieces", "moments", "after")
MOST_UNDER_WAY = 5
"""Of one team, so that nobody fills the queue by pressing again."""
COMING = (ArticleState.FETCHING, ArticleState.RECEIVED)
LEFT = "Whoever asked for it is no longer a member of the team."
CANCELLED = "It was cancelled before it was fetched."


def begin_errand(
    team: Team,
    kind: ErrandKind,
    *,
    by: Person,
    total: int = 0,
    asked: Mapping[str, Any] | None = None,
) -> Errand:
    """Begin long work for a team; the job of an export or a check is owed at once.

    Any member exports and brings things in, leads check. Raises ``MoveRefused`` for others, and
    where too much of the team is under way.
    """
    role = role_of(by, team)
    if role is None or (kind is ErrandKind.CHECK and role not in LEADS):
        raise MoveRefused("only a lead of the team asks for this")
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).only("pk").get(pk=team.pk)
        under_way = Errand.objects.filter(team=team, state=ErrandState.UNDER_WAY)
        if under_way.count() >= MOST_UNDER_WAY:
            raise MoveRefused(f"{MOST_UNDER_WAY} are under way for this team; let one end first")
        errand = Errand.objects.create(
            team=team, kind=kind, asked_by_id=by.pk, total=total, asked=dict(asked or {})
        )
        if kind is not ErrandKind.ARTICLES:
            owe_part(errand)
    return errand


def owe_part(errand: Errand) -> None:
    """Owe the errand's next piece of work."""
    before = Job.objects.filter(kind=JobKind.ERRAND, subject_id=errand.pk).count()
    Job.objects.owe(JobKind.ERRAND, f"{errand.pk}:{before + 1}", team=errand.team)


def take_up(errand_id: int) -> Errand | None:
    """The errand that a job is of, if it goes on; one that had failed goes on as it is retried."""
    rows = Errand.objects.filter(pk=errand_id)
    rows.filter(state=ErrandState.FAILED).update(state=ErrandState.UNDER_WAY, ended_at=None)
    return rows.filter(state=ErrandState.UNDER_WAY).select_related("team", "asked_by").first()


def asker_of(errand: Errand) -> Person | None:
    """Who asked for it, while a member of its team."""
    by = errand.asked_by
    return None if by is None or role_of(by, errand.team) is None else by


def end_left(errand: Errand) -> bool:
    """End the errand of somebody who left the team."""
    return end_errand(errand.pk, ErrandState.FAILED, told=LEFT)


def note_progress(errand_id: int, **told: Any) -> bool:
    """Keep how far it is; ``False`` where it goes on no more."""
    rows = Errand.objects.filter(pk=errand_id, state=ErrandState.UNDER_WAY)
    return bool(rows.update(**told))


def end_errand(errand_id: int, state: ErrandState, **told: Any) -> bool:
    """End an errand that is under way; ``False`` where somebody ended it first."""
    return note_progress(errand_id, state=state, ended_at=Now(), **told)


def may_cancel(errand: Errand, person: Person) -> bool:
    """Whoever began it, and leads of its team."""
    role = role_of(person, errand.team)
    return role is not None and (errand.asked_by_id == person.pk or role in LEADS)


def cancel_errand(errand: Errand, *, by: Person) -> bool:
    """End what has not begun; what runs finishes. ``False`` where it had ended already."""
    if not may_cancel(errand, by):
        raise MoveRefused("only who began it or a lead of the team cancels it")
    with transaction.atomic():
        if not end_errand(errand.pk, ErrandState.CANCELLED, ended_by_id=by.pk):
            return False
        articles = Article.objects.filter(errand=errand, state=ArticleState.FETCHING, text="")
        mine = Q(kind=JobKind.ERRAND, subject_id=errand.pk) | Q(
            kind=JobKind.FETCH_ARTICLE, subject_id__in=articles.values("pk")
        )
        # What a worker leases in this moment is left to it.
        pending = Job.objects.filter(mine, state=JobState.PENDING).order_by("pk")
        rows = pending.select_for_update(skip_locked=True, of=("self",))
        found = list(rows.values_list("pk", "kind", "subject_id"))
        Job.objects.filter(pk__in=[pk for pk, *_ in found]).update(
            state=JobState.CANCELLED, reason=JobReason.CANCELLED, ended_at=Now()
        )
        unfetched = [one for _, kind, one in found if kind == JobKind.FETCH_ARTICLE]
        Article.objects.filter(pk__in=unfetched).update(
            state=ArticleState.FAILED, failure_detail=CANCELLED
        )
        # A file of which nothing is stored waits again, as before it was confirmed.
        ClaimImport.objects.filter(errand=errand, taken_count=0).update(
            state=ImportState.WAITING, errand=None, confirmed_by=None, confirmed_at=None
        )
        transaction.on_commit(partial(drop_files, errand.pk))
    return True


def with_progress(rows: QuerySet[Errand]) -> list[Any]:
    """These errands, each with ``at``: how many of ``total`` are done (three queries)."""
    named = Prefetch("imports", ClaimImport.objects.defer("body", "preview"))
    told = rows.select_related("team", "asked_by", "ended_by").prefetch_related(named)
    errands: list[Any] = list(told)
    coming = Article.objects.filter(errand__in=[one.pk for one in errands], state__in=COMING)
    waiting: dict[int, int] = {}
    for pk in coming.order_by().values_list("errand", flat=True):
        waiting[pk] = waiting.get(pk, 0) + 1
    for one in errands:
        is_counted = one.kind == ErrandKind.ARTICLES
        one.at = one.total - waiting.get(one.pk, 0) if is_counted else one.done
    return errands


def end_articles() -> int:
    """End the errands whose articles have all come or failed (for the sweep); gives how many."""
    coming = Article.objects.filter(errand=OuterRef("pk"), state__in=COMING)
    over = Errand.objects.filter(kind=ErrandKind.ARTICLES, state=ErrandState.UNDER_WAY)
    return over.exclude(Exists(coming)).update(state=ErrandState.DONE, ended_at=Now())


def drop_old_files() -> int:
    """Let the results go that were kept long enough; gives how many."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    # Results, and what an errand that broke off had written or not come to read.
    has_files = ~Q(file="") | Q(asked__has_any_keys=["files", "pieces"])
    found = list(Errand.objects.filter(has_files, ended_at__lt=before).order_by("pk")[:500])
    for one in found:
        drop_files(one.pk)
    return len(found)


def drop_orphans() -> int:
    """Let files go that no errand names; gives how many.

    A worker that is killed leaves one where it had stored it and not yet said so. What is younger
    than any work on it may still be named.
    """
    files = kept_files()
    rows = Errand.objects.filter(pk__in=set(files.values()))
    named = {path for one in rows.only("asked", "file") for path in _paths_of(one)}
    before = timezone.now() - timedelta(hours=ORPHAN_HOURS)
    orphans = [
        path
        for path in sorted(set(files) - named)
        if (since := kept_since(path)) is not None and since < before
    ]
    for path in orphans:
        drop_file(path)
    return len(orphans)


def _paths_of(errand: Errand) -> set[str]:
    """Where the files lie that were uploaded for it or that it wrote."""
    uploaded = [one["path"] for one in errand.asked.get("files", [])]
    return {*uploaded, *errand.asked.get("pieces", []), errand.file} - {""}


def drop_files(errand_id: int) -> None:
    """Let go of the files of an errand that ended: what was uploaded for it, what it wrote."""
    errand = Errand.objects.get(pk=errand_id)
    for path in _paths_of(errand):
        drop_file(path)
    # Whoever has it made again begins with the first piece.
    left = {key: told for key, told in errand.asked.items() if key not in OF_FILES}
    Errand.objects.filter(pk=errand_id).update(file="", asked=left)
