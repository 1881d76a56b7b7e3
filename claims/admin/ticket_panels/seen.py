"""Seen before: earlier claims like the ticket's, what the guard says, who answered what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from claims.admin.ticket_panels.desk import Desk, name_of
from claims.admin.ticket_panels.forms import MatchForm, SplitForm, TicketForm
from claims.admin.ticket_panels.links import link_to
from claims.models import Appearance, Claim, ClaimMatch, ClaimWords, Ticket, Verdict
from claims.models.claim_match import SuggestedMatch
from claims.vocabulary import MatchAnswer, TicketState, VerdictState
from claims.workflow.match import MatchRefused, answer_match, resemblance_of, split_match

ANSWERS: dict[MatchAnswer, tuple[str, str]] = {
    MatchAnswer.SAME: ("Same claim", "good"),
    MatchAnswer.RELATED: ("Related", "info"),
    MatchAnswer.OTHER: ("Another claim", "calm"),
}
"""Label and tone of each answer, in the order of the buttons."""
SHOWN_LATER = 20


@dataclass(frozen=True, slots=True)
class Rated:
    """The earlier claim's final verdict: its rating as it was given, and when."""

    label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a person answered, and when."""

    label: str
    tone: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Splitting:
    """The form that splits a merged pair again; what was typed into a refused one stays."""

    match_id: int
    note: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """One earlier claim; ``offers`` are the answers that may be given now, as (value, label)."""

    match_id: int
    text: str
    ticket_id: int
    href: str
    state: str
    title: str
    said_on: date | None
    differences: tuple[str, ...]
    rated: Rated | None
    said: Said | None
    offers: tuple[tuple[str, str], ...]
    error: str
    splitting: Splitting | None


@dataclass(frozen=True, slots=True)
class Again:
    """A later claim of which a person said that it is this one, or related to it."""

    label: str
    tone: str
    text: str
    ticket_id: int
    href: str
    splitting: Splitting | None


@dataclass(frozen=True, slots=True)
class SeenPanel:
    """What the page shows; ``is_looking`` while the machine has not looked yet.

    ``joined`` is the earlier claim that has this one's places by now.
    """

    entries: tuple[Seen, ...]
    later: tuple[Again, ...]
    is_looking: bool
    joined: Seen | None


def build_seen(desk: Desk, form: TicketForm | None = None) -> SeenPanel:
    """The panel; a refused ``form`` of its own puts its error at the pair it was about."""
    split = form if isinstance(form, SplitForm) else None
    rows = list(
        ClaimMatch.objects.filter(claim_id=desk.ticket.claim_id)
        .select_related("earlier__ticket", "answered_by")
        .defer("earlier__search", "earlier__context_before", "earlier__context_after")
    )
    match = form if isinstance(form, MatchForm) else None
    entries = _entries(desk, rows, match, split) if rows else ()
    is_same = {row.pk for row in rows if row.answer == MatchAnswer.SAME}
    words = ClaimWords.objects.filter(claim_id=desk.ticket.claim_id, matched_at__isnull=True)
    return SeenPanel(
        entries=entries,
        later=_later(desk, split),
        is_looking=not rows and words.exists(),
        joined=next((one for one in entries if one.match_id in is_same), None),
    )


def post_match(desk: Desk, form: MatchForm) -> str:
    """Keep what the person said of one earlier claim."""
    answer = MatchAnswer(form.cleaned_data["answer"])
    match = ClaimMatch.objects.filter(
        pk=form.cleaned_data["match"], claim_id=desk.ticket.claim_id
    ).first()
    if match is None:
        form.add_error("match", "This earlier claim is not suggested any more. Reload the page.")
        return ""
    try:
        answer_match(match, answer, by=desk.person, expected_version=form.cleaned_data["version"])
    except MatchRefused as refused:
        form.add_error("match", str(refused))
        return ""
    if answer == MatchAnswer.SAME:
        return "It is the same claim: its places are the earlier one's, and this ticket is closed."
    return f"Kept: {ANSWERS[answer][0].lower()}."


def read_answer(row: SuggestedMatch) -> Said | None:
    """What a person answered, where somebody did."""
    if not row.answer or row.answered_at is None:
        return None
    label, tone = ANSWERS[MatchAnswer(row.answer)]
    return Said(label, tone, name_of(row.answered_by), row.answered_at)


def list_offers(
    desk: Desk, row: SuggestedMatch, differences: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """The answers that this person may give now, as (value, label)."""
    if not desk.may_weigh:
        return ()
    first = MatchAnswer.RELATED if differences else MatchAnswer.SAME
    return tuple(
        (answer.value, ANSWERS[answer][0])
        for answer in (first, MatchAnswer.OTHER)
        if answer != row.answer
    )


def post_split(desk: Desk, form: SplitForm) -> str:
    """Make two tickets of a merged pair again, said on the page of either."""
    pair = Q(claim_id=desk.ticket.claim_id) | Q(earlier_id=desk.ticket.claim_id)
    match = ClaimMatch.objects.filter(pair, pk=form.cleaned_data["match"]).first()
    if match is None:
        form.add_error("match", "These are not merged any more. Reload the page.")
        return ""
    done = split_match(
        match,
        by=desk.person,
        reason=form.cleaned_data["note"],
        seen=(desk.ticket.pk, form.cleaned_data["version"]),
    )
    ticket, places = done.ticket, f"{done.places} place{'' if done.places == 1 else 's'}"
    return (
        f"Split: {places} went back to ticket {ticket.pk}, which is "
        f"{TicketState(ticket.state).label.lower()} again. Evidence and verdicts stay with the "
        f"ticket that they were given on: {ticket.evidence.count()} pieces with ticket "
        f"{ticket.pk}, {done.kept.evidence.count()} with ticket {done.kept.pk}."
    )


def _splitting(desk: Desk, row: ClaimMatch, form: SplitForm | None) -> Splitting | None:
    if row.answer != MatchAnswer.SAME or not desk.is_reviewer:
        return None
    if form is None or form.typed("match") != str(row.pk):
        return Splitting(row.pk)
    return Splitting(row.pk, form.typed("note"), form.first_error())


def _entries(
    desk: Desk, rows: list[ClaimMatch], form: MatchForm | None, split: SplitForm | None
) -> tuple[Seen, ...]:
    claims = [row.earlier for row in rows]
    guard = resemblance_of(desk.ticket.claim, claims)
    rated = _verdicts(claims)
    places = _places(claims)
    asked = form.typed("match") if form is not None else ""
    found = []
    for row in rows:
        ticket: Ticket = row.earlier.ticket
        is_same = row.answer == MatchAnswer.SAME
        differences = () if is_same else guard[row.earlier_id].differences
        title, said_on = places.get(row.earlier_id, ("", None))
        found.append(
            Seen(
                match_id=row.pk,
                text=row.earlier.text,
                ticket_id=ticket.pk,
                href=link_to(Ticket, ticket.pk),
                state=TicketState(ticket.state).label,
                title=title,
                said_on=said_on,
                differences=differences,
                rated=rated.get(ticket.pk),
                said=read_answer(row),
                offers=() if is_same else list_offers(desk, row, differences),
                error=form.first_error() if form and asked == str(row.pk) else "",
                splitting=_splitting(desk, row, split),
            )
        )
    return tuple(found)


def _verdicts(claims: list[Claim]) -> dict[int, Rated]:
    rows = Verdict.objects.filter(ticket__claim__in=claims, state=VerdictState.FINAL)
    return {row.ticket_id: Rated(row.rating_label, row.decided_at) for row in rows}


def _places(claims: list[Claim]) -> dict[int, tuple[str, date | None]]:
    """Where each claim stood first: the article's title and its day."""
    rows = (
        Appearance.objects.filter(claim__in=claims)
        .select_related("article")
        .only("claim", "article__title", "article__url", "article__published_on")
        .order_by("claim", "-article__published_on", "-id")
    )
    return {row.claim_id: (str(row.article), row.article.published_on) for row in rows}


def _later(desk: Desk, split: SplitForm | None) -> tuple[Again, ...]:
    rows = (
        ClaimMatch.objects.filter(
            earlier_id=desk.ticket.claim_id, answer__in=(MatchAnswer.SAME, MatchAnswer.RELATED)
        )
        .select_related("claim__ticket")
        .defer("claim__search")
        # Those that can be split first: "same" comes after "related".
        .order_by("-answer", "-id")[:SHOWN_LATER]
    )
    found = []
    for row in rows:
        label, tone = ANSWERS[MatchAnswer(row.answer)]
        ticket: Ticket = row.claim.ticket
        splitting = _splitting(desk, row, split)
        href = link_to(Ticket, ticket.pk)
        found.append(Again(label, tone, row.claim.text, ticket.pk, href, splitting))
    return tuple(found)
