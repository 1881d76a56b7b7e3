"""An article's text as its page shows it: claims, dropped claims and every other sentence.

Promises: a number of queries that does not grow with the text or its claims; each
character belongs to at most one of what can be chosen, claims that stand before
dropped ones, dropped ones before sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from claims.admin.claim import band_of
from claims.admin.facts import when
from claims.admin.highlight import Mark, Paragraph, cut_paragraphs
from claims.admin.numbers import notes_of, say_quantity
from claims.admin.words import badge_of
from claims.models import Appearance, Article, Correction, Ticket, Verdict
from claims.text.marked import list_sentences
from claims.text.sentences import Span
from claims.vocabulary import ArticleState, CorrectionKind, Role, TicketState
from claims.workflow.mark import why_not

# A shorter rest of a sentence ("and", "he said") is left between the claims beside it.
FEWEST_REST_WORDS = 3
DONE = {
    CorrectionKind.CLAIM_MADE: "Made a claim",
    CorrectionKind.CLAIM_DROPPED: "Dropped",
    CorrectionKind.CLAIM_RESTORED: "Restored",
    CorrectionKind.SPAN_CHANGED: "Ends moved",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a claim, as written and as read."""

    written: str
    read: str


@dataclass(slots=True)
class ClaimCard:
    """One claim as the page shows it, in the text and at the side.

    ``hold`` says why the person may not drop or cut it now; ``told`` what people did
    with it last; ``first`` is the span that was read first, where ends were moved.
    """

    id: int
    text: str
    score: float
    band: str
    reasons: list[str]
    version: int
    is_dropped: bool
    numbers: list[Number] = field(default_factory=list)
    hints: tuple[str, ...] = ()
    ticket: Ticket | None = None
    hold: str = ""
    told: str = ""
    first: str = ""
    is_chosen: bool = False
    key: str = ""

    @property
    def percent(self) -> int:
        """The score in hundredths."""
        return round(self.score * 100)

    @property
    def ticket_url(self) -> str:
        """The ticket's page."""
        return reverse("admin:claims_ticket_change", args=[self.ticket.pk]) if self.ticket else ""

    @property
    def open_url(self) -> str:
        """Where *Open ticket* posts to."""
        return reverse("admin:claims_claim_open", args=[self.id])

    @property
    def badge(self) -> Any:
        """The ticket's state in its colour."""
        return badge_of(TicketState(self.ticket.state)) if self.ticket else None

    @property
    def note(self) -> str:
        """What dropping does beside hiding the claim."""
        if self.ticket is None or self.ticket.state == TicketState.CLOSED:
            return ""
        return f"Closes ticket {self.ticket.pk} for good."


@dataclass(frozen=True, slots=True)
class Run:
    """What can be chosen as one: a place of a claim, or a sentence that is none.

    ``key`` is its span as the page's address says it, empty where nothing may be chosen.
    """

    start: int
    end: int
    key: str = ""
    card: ClaimCard | None = None
    place_id: int = 0
    is_anchor: bool = False

    @property
    def kind(self) -> str:
        """``sentence``, ``claim`` or ``dropped``."""
        if self.card is None:
            return "sentence"
        return "dropped" if self.card.is_dropped else "claim"


@dataclass(frozen=True, slots=True)
class ArticleText:
    """The paragraphs with what can be chosen in them, and each claim's card."""

    paragraphs: Sequence[Paragraph]
    runs: Sequence[Run]
    cards: Sequence[ClaimCard]

    def find_run(self, key: str) -> Run | None:
        """What has that span, if it can be chosen."""
        return next((run for run in self.runs if key and run.key == key), None)


def read_text(article: Article, *, role: Role | None, person_id: int | None) -> ArticleText:
    """The article as this person sees it: four queries, whatever it holds."""
    places = _places(article)
    is_open = article.state == ArticleState.READ
    cards = _cards(article, places, role, person_id)
    runs: list[Run] = []
    anchored: set[int] = set()
    for place in sorted(places, key=lambda one: cards[one.claim_id].is_dropped):
        run = Run(
            place.start,
            place.end,
            f"{place.start}-{place.end}" if is_open else "",
            cards[place.claim_id],
            place.pk,
            is_anchor=place.claim_id not in anchored,
        )
        if _fits(run, runs, len(article.text)):
            anchored.add(place.claim_id)
            cards[place.claim_id].key = cards[place.claim_id].key or run.key
            runs.append(run)
    runs.sort(key=lambda run: run.start)
    if is_open:
        runs = [*runs, *_rest(article.text, runs)]
    marks = [Mark(run.start, run.end, run) for run in runs]
    paragraphs = cut_paragraphs(article.text, marks, _numbers(article, places, cards))
    return ArticleText(paragraphs, runs, list(cards.values()))


def _places(article: Article) -> list[Any]:
    has_verdict = Exists(Verdict.objects.filter(ticket__claim=OuterRef("claim")))
    return list(
        Appearance.objects.standing()
        .filter(article=article)
        .select_related("claim__ticket__reserved_by")
        .defer("claim__search", "claim__context_before", "claim__context_after")
        .prefetch_related("claim__quantities")
        .annotate(has_verdict=has_verdict)
        .order_by("start", "-end")
    )


def _cards(
    article: Article, places: Iterable[Any], role: Role | None, person_id: int | None
) -> dict[int, ClaimCard]:
    cards: dict[int, ClaimCard] = {}
    for place in places:
        claim = place.claim
        ticket = getattr(claim, "ticket", None)
        cards[place.claim_id] = ClaimCard(
            id=claim.pk,
            text=claim.text,
            score=claim.score,
            band=band_of(claim.score),
            reasons=[str(reason) for reason in claim.reasons],
            version=claim.version,
            is_dropped=claim.dropped_at is not None,
            numbers=[Number(one.text, say_quantity(one)) for one in claim.quantities.all()],
            hints=notes_of(claim.hints),
            ticket=ticket,
            hold=why_not(ticket, role=role, person_id=person_id, has_verdict=place.has_verdict),
        )
    kept = Correction.objects.filter(claim_id__in=list(cards), kind__in=list(DONE))
    for one in kept.select_related("made_by").order_by("id"):
        if one.claim_id is not None:
            _tell(cards[one.claim_id], one, article)
    return cards


def _tell(card: ClaimCard, one: Any, article: Article) -> None:
    """Let a card say what was done last, in the order of the corrections."""
    name = one.made_by.get_full_name() or one.made_by.get_username()
    card.told = f"{DONE[CorrectionKind(one.kind)]} by {name}, {when(one.made_at)}"
    card.is_chosen = card.is_chosen or one.kind == CorrectionKind.CLAIM_MADE
    was = one.machine if isinstance(one.machine, dict) else {}
    start, end = was.get("start"), was.get("end")
    if one.article_id == article.pk and isinstance(start, int) and isinstance(end, int):
        card.first = f"{start}-{end}"


def _fits(run: Run, runs: Sequence[Run], length: int) -> bool:
    """Whether a claim can be shown where it stands; dropped ones give way to all others."""
    if not 0 <= run.start < run.end <= length:
        return False
    if run.card is None or not run.card.is_dropped:
        return not runs or runs[-1].end <= run.start
    return all(run.end <= other.start or other.end <= run.start for other in runs)


def _rest(text: str, taken: Sequence[Run]) -> list[Run]:
    """What of every sentence belongs to no claim, as something to choose; one pass over both."""
    rest: list[Run] = []
    at = 0
    for span in list_sentences(text):
        while at < len(taken) and taken[at].end <= span.start:
            at += 1
        start, is_cut, place = span.start, False, at
        while place < len(taken) and taken[place].start < span.end:
            rest += _piece(text, Span(start, taken[place].start), is_cut=True)
            start, is_cut = max(start, taken[place].end), True
            place += 1
        rest += _piece(text, Span(start, span.end), is_cut=is_cut)
    return rest


def _piece(text: str, span: Span, *, is_cut: bool) -> list[Run]:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    end = start + len(words.strip())
    if start >= end or (is_cut and len(words.split()) < FEWEST_REST_WORDS):
        return []
    return [Run(start, end, f"{start}-{end}")]


def _numbers(article: Article, places: Iterable[Any], cards: Mapping[int, ClaimCard]) -> list[Mark]:
    numbers: list[Mark] = []
    for place in places:
        claim = place.claim
        # Elsewhere the same wording may be spaced differently; offsets then do not carry over.
        if claim.dropped_at is not None or article.text[place.start : place.end] != claim.text:
            continue
        numbers += [
            Mark(place.start + one.start, place.start + one.end, number)
            for one, number in zip(claim.quantities.all(), cards[claim.pk].numbers, strict=True)
        ]
    return numbers
