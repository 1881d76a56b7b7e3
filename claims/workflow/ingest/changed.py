"""An article whose text changed under the same address: the old text is kept, claims move along.

Promises: the former text stays as a revision; a claim whose words still stand moves with them,
one whose words went is marked as gone and keeps its ticket, whose history says so; words that
came back stand again. The new text's own claims are detected as an article's are. A text that
another article has is left where it is, and that is said.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.models.access import Person
from claims.models.article import Article, ArticleRevision
from claims.models.claim import Appearance
from claims.models.history import append_event
from claims.models.job import Job
from claims.models.storable import storable
from claims.models.ticket import Ticket
from claims.text.anchors import Searched, Standing, make_anchor
from claims.vocabulary import ArticleState, FetchReason, JobKind, JobState, TicketAction
from claims.web.snapshots import text_digest

GONE_NOTE = "The article changed: this claim's words no longer stand in “{title}”."
BACK_NOTE = "The article changed: this claim's words stand in “{title}” again."
OPEN_STATES = (JobState.PENDING, JobState.LEASED)


def is_asked_again(article: Article) -> bool:
    """Whether another reading of the article's address is owed."""
    jobs = Job.objects.filter(kind=JobKind.FETCH_ARTICLE, subject_id=article.pk)
    return jobs.filter(state__in=OPEN_STATES).exists()


def read_again(article: Article) -> bool:
    """Owe another reading of an article's address; ``False`` where it has none or owes one."""
    if not article.url or article.state != ArticleState.READ:
        return False
    with transaction.atomic():
        Article.objects.select_for_update(no_key=True, of=("self",)).only("pk").get(pk=article.pk)
        if is_asked_again(article):
            return False
        Article.objects.filter(pk=article.pk).update(reread_at=timezone.now())
        rounds = Job.objects.filter(kind=JobKind.FETCH_ARTICLE, subject_id=article.pk).count()
        Job.objects.owe(JobKind.FETCH_ARTICLE, f"{article.pk}:{rounds}", team=article.team)
    return True


def note_unread(article: Article, reason: FetchReason, detail: str) -> Article:
    """The address could not be read again: the text stays, and why is said beside it."""
    article.reread_at = timezone.now()
    article.failure, article.failure_detail = reason, storable(detail, 2000)
    article.save(update_fields=["reread_at", "failure", "failure_detail"])
    return article


def keep_changed(
    article: Article, text: str, told: dict[str, Any], *, by: Person | None = None
) -> ArticleRevision | None:
    """Let the article have another text; gives the revision that keeps the former one.

    ``told`` are fields of the article that came with the text; empty ones are left as they are,
    but for ``copy``: a text that was pasted was read from no stored copy.
    ``None`` where the text is the same, or is that of another article (which is then said).
    """
    digest = text_digest(text)
    with transaction.atomic():
        rows = Article.objects.select_for_update(no_key=True, of=("self",))
        held = rows.select_related("team").get(pk=article.pk)
        if held.sha256 == digest:
            held.reread_at, held.failure, held.failure_detail = timezone.now(), "", ""
            held.copy = held.copy or told.get("copy")
            held.save(update_fields=["reread_at", "failure", "failure_detail", "copy"])
            article.refresh_from_db()
            return None
        twin = Article.objects.filter(team=held.team, sha256=digest).first()
        if twin is not None:
            detail = f"The address now has the same text as article {twin.pk}."
            note_unread(held, FetchReason.UNREADABLE, detail)
            article.refresh_from_db()
            return None
        revision = _keep_former(held, by)
        _move_claims(held, revision, text, by)
        _put_text(held, text, digest, told)
        Job.objects.owe(JobKind.DETECT, f"{held.pk}:{revision.number}", team=held.team)
    article.refresh_from_db()
    return revision


def _keep_former(article: Article, by: Person | None) -> ArticleRevision:
    return ArticleRevision.objects.create(
        article=article,
        number=article.revisions.count() + 1,
        text=article.text,
        sha256=article.sha256,
        title=article.title,
        byline=article.byline,
        published_on=article.published_on,
        copy_id=article.copy_id,
        replaced_by_id=by.pk if by else None,
    )


def _put_text(article: Article, text: str, digest: str, told: dict[str, Any]) -> None:
    for name, found in told.items():
        if found:
            setattr(article, name, found)
    article.copy = told.get("copy")
    article.text, article.sha256 = text, digest
    article.state = ArticleState.RECEIVED
    article.failure = article.failure_detail = ""
    article.reread_at = timezone.now()
    article.save()


def _move_claims(article: Article, revision: ArticleRevision, text: str, by: Person | None) -> None:
    """Put every place of a claim where its words are now, or mark it as gone."""
    # Articles are locked before tickets, as by everybody.
    ids = article.appearances.values("claim__ticket")
    tickets = {
        ticket.claim_id: ticket
        for ticket in Ticket.objects.select_for_update(of=("self",))
        .filter(pk__in=ids)
        .order_by("pk")
    }
    searched = Searched(text)
    taken: set[tuple[int, int]] = set()
    standing: list[Appearance] = []
    gone: list[Appearance] = []
    places = article.appearances.select_related("gone_after").order_by("gone_after", "start")
    for place in places:
        former = place.gone_after.text if place.gone_after else revision.text
        found = searched.find_same(make_anchor(former, place.start, place.end), taken=taken)
        span = (found.start, found.end)
        if found.standing is Standing.GONE:
            if place.gone_after is None:
                _tell(tickets.get(place.claim_id), GONE_NOTE, article, by)
                gone.append(place)
            continue
        if place.gone_after is not None:
            _tell(tickets.get(place.claim_id), BACK_NOTE, article, by)
        taken.add(span)
        place.start, place.end = span
        standing.append(place)
    # No span is anybody's while they change places.
    Appearance.objects.filter(pk__in=[one.pk for one in (*standing, *gone)]).update(
        gone_after=revision
    )
    for place in standing:
        place.gone_after = None
    Appearance.objects.bulk_update(standing, ["start", "end", "gone_after"])
    revision.moved_count, revision.gone_count = len(standing), len(gone)
    revision.save(update_fields=["moved_count", "gone_count"])


def _tell(ticket: Ticket | None, note: str, article: Article, by: Person | None) -> None:
    if ticket is not None:
        said = note.format(title=str(article)[:200])
        append_event(ticket, TicketAction.NOTED, actor=by, note=said)
