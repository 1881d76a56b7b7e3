"""Guarding: whose turn it is to mark, and what a ticket forbids.

Rows are locked in one order for everybody: article, ticket, claim. The locks leave
alone who only points at a row, so that triage may open tickets meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from claims.lifecycle import REVIEWERS
from claims.models.access import Person, role_of
from claims.models.article import Article
from claims.models.claim import Appearance, Claim
from claims.models.correction import Correction
from claims.models.ticket import Ticket
from claims.vocabulary import ArticleState, CorrectionKind, Role, TicketState

DONE = {
    CorrectionKind.CLAIM_MADE: "made this a claim",
    CorrectionKind.CLAIM_DROPPED: "dropped this claim",
    CorrectionKind.CLAIM_RESTORED: "restored this claim",
    CorrectionKind.SPAN_CHANGED: "moved the ends of this claim",
    CorrectionKind.FRAME_FIELD: "corrected the frame of this claim",
    CorrectionKind.CLAIMANT: "corrected the claimant of this claim",
    CorrectionKind.WORDING: "corrected the wording of this claim",
}
# Words that are made a claim somewhere leave a claim that the team has of them as it is.
CHANGES = tuple(kind for kind in DONE if kind != CorrectionKind.CLAIM_MADE)


# In a correction of moved ends: the claim whose words these were, and which stays as it was.
APART = "apart_from"


class MarkRefused(Exception):
    """The words cannot be marked so; the message says why and what to do."""


class MarkedFirst(MarkRefused):
    """Somebody marked the same words first; the message says who, what and when."""


def why_not(
    ticket: Ticket | None, *, role: Role | None, person_id: int | None, has_verdict: bool
) -> str:
    """Why this person may not change the claim of this ticket now; empty if nothing forbids it."""
    if ticket is None:
        return ""
    if has_verdict:
        return f"Ticket {ticket.pk} has a verdict; the claim it was given on stays as it is."
    if ticket.state == TicketState.IN_REVIEW and ticket.reserved_by_id != person_id:
        holder = ticket.reserved_by
        name = (holder.get_full_name() or holder.get_username()) if holder else "Somebody"
        return f"{name} is reviewing ticket {ticket.pk}; it has to be handed back first."
    if ticket.state != TicketState.CLOSED and role not in REVIEWERS:
        return f"Ticket {ticket.pk} stands on this claim; a reviewer of the team may change it."
    return ""


def check_member(person: Person, article: Article) -> Role:
    """The person's role in the article's team; :class:`MarkRefused` for a stranger."""
    role = role_of(person, article.team)
    if role is None:
        raise MarkRefused("Only members of the team mark the claims of its articles.")
    return role


def lock_article(article: Article, *, also_of: QuerySet[Claim] | None = None) -> None:
    """Hold the article's row, whose claims must have been looked for.

    With it those of all articles in which the claims ``also_of`` appear, in one order for
    everybody.
    """
    ids = {article.pk}
    if also_of is not None:
        ids.update(Appearance.objects.filter(claim__in=also_of).values_list("article", flat=True))
    rows = Article.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids)
    held = {
        pk: (state, sha256)
        for pk, state, sha256 in rows.order_by("pk").values_list("pk", "state", "sha256")
    }
    state, sha256 = held.get(article.pk, ("", ""))
    if sha256 != article.sha256:
        raise MarkedFirst("The article's text changed since you opened the page. Reload it.")
    if state != ArticleState.READ:
        raise MarkRefused("This article has not been read yet; its claims are still to come.")


def lock_claim(
    claim_id: int, *, by: Person, role: Role, expected_version: int | None
) -> tuple[Claim, Ticket | None]:
    """Hold a claim and its ticket, as they stand now, if the person may change the claim.

    Raises :class:`MarkedFirst` where the claim is not at ``expected_version`` any more or
    its ticket was opened meanwhile, :class:`MarkRefused` where its ticket forbids a change.
    """
    ticket = hold_ticket(claim_id)
    claim = hold_claim(claim_id)
    check_version(claim, expected_version)
    # Who opens a ticket holds the claim; it may have been opened while the claim was waited for.
    if ticket is None and Ticket.objects.filter(claim_id=claim_id).exists():
        raise MarkedFirst("A ticket was opened on this claim since you opened the page.")
    has_verdict = ticket is not None and ticket.verdicts.exists()
    if refusal := why_not(ticket, role=role, person_id=by.pk, has_verdict=has_verdict):
        raise MarkRefused(refusal)
    return claim, ticket


def hold_ticket(claim_id: int) -> Ticket | None:
    """The claim's ticket as it stands now, its row held; ``None`` where it has none."""
    tickets = Ticket.objects.select_related("team", "reserved_by")
    ticket: Ticket | None = (
        tickets.select_for_update(of=("self",)).filter(claim_id=claim_id).first()
    )
    return ticket


def hold_claim(claim_id: int) -> Claim:
    """A claim as it stands now, its row held."""
    rows = Claim.objects.select_for_update(no_key=True, of=("self",))
    claim: Claim = rows.get(pk=claim_id)
    return claim


def check_version(claim: Claim, expected_version: int | None) -> None:
    """:class:`MarkedFirst` where the claim has changed since that version was seen."""
    if expected_version is not None and claim.version != expected_version:
        raise MarkedFirst(tell_last(claim.pk))


def tell_last(
    claim_id: int,
    otherwise: str = "",
    *,
    kinds: Collection[CorrectionKind] = CHANGES,
    article_id: int | None = None,
) -> str:
    """Who did one of these ``kinds`` to a claim last, what and when, in one sentence.

    Without ``article_id`` what only put the claim's words somewhere and left itself as it was
    does not count.
    """
    kept = Correction.objects.filter(claim_id=claim_id, kind__in=kinds)
    if article_id is None:
        kept = kept.exclude(person__has_key=APART)
    else:
        kept = kept.filter(article_id=article_id)
    last = kept.select_related("made_by").order_by("-id").first()
    if last is None:
        return otherwise or "This claim has changed since you opened the page."
    name = last.made_by.get_full_name() or last.made_by.get_username()
    at = timezone.localtime(last.made_at)
    done = DONE[CorrectionKind(last.kind)]
    return f"{name} was first: {done} at {at:%H:%M %Z} on {at:%d %B}."


def check_free(article: Article, start: int, end: int, *, but: Appearance | None = None) -> None:
    """:class:`MarkRefused` where a claim that stands has some of these characters.

    ``but`` is the place that may.
    """
    places = Appearance.objects.standing().filter(
        article=article, start__lt=end, end__gt=start, claim__dropped_at__isnull=True
    )
    if but is not None:
        places = places.exclude(pk=but.pk)
    taken = places.select_related("claim").first()
    if taken is not None:
        raise MarkRefused(
            f"Some of these words belong to the claim “{taken.claim}” already. "
            "Move its ends, or drop it, first."
        )


def check_free_everywhere(claim: Claim, article: Article) -> None:
    """:class:`MarkRefused` where another claim that stands has words of this one, in any article.

    ``article`` is the one on whose page the person is.
    """
    others = (
        Appearance.objects.standing()
        .filter(
            article=OuterRef("article"),
            start__lt=OuterRef("end"),
            end__gt=OuterRef("start"),
            claim__dropped_at__isnull=True,
        )
        .exclude(claim_id=claim.pk)
    )
    places = claim.appearances.standing().annotate(taken_by=Subquery(others.values("claim")[:1]))
    taken = places.filter(taken_by__isnull=False).values_list("article", "taken_by").first()
    if taken is None:
        return
    where, other = Article.objects.get(pk=taken[0]), Claim.objects.get(pk=taken[1])
    raise MarkRefused(
        f"Some of these words belong to the claim “{other}” already"
        f"{'' if where == article else f' in “{where}”'}. Move its ends, or drop it, first."
    )
