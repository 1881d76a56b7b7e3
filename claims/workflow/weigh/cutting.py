"""Cutting: a ticket's pages into passages, and the choice of a few from each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from claims.models.article import Article
from claims.models.page import SHOWN_AT, Snapshot
from claims.models.search import Search, SearchResult
from claims.models.ticket import Ticket
from claims.text.apparatus import is_apparatus, is_heading, says_the_same
from claims.text.page_marks import find_captions, find_page
from claims.text.passages import cut_passages
from claims.text.quantities import read_quantities
from claims.text.table_rows import is_row, read_row
from claims.vocabulary import QuantityKind, SearchPurpose
from claims.web.documents import is_paged
from claims.web.urls import canonical_url

# Text beyond this is not cut into passages; half a book on one page bears on no single claim.
WEIGHED_CHARS = 200_000
MAX_PER_PAGE = 2
MAX_EVIDENCE = 16
# A passage below this share of the best passage's score is left out.
MIN_SHARE_OF_BEST = 0.2


@dataclass(frozen=True, slots=True)
class Cut:
    """A span of a snapshot's text; ``context`` is its table's header, else its page's title.

    ``page`` is the number of the page it stands on, in a document that has pages;
    ``is_caption`` says that it stands at an image or video.
    """

    snapshot: Snapshot
    start: int
    end: int
    quote: str
    context: str
    page: int | None = None
    is_caption: bool = False

    @property
    def ranked_text(self) -> str:
        """A table's row is found by its header's words too."""
        return f"{self.context} {self.quote}" if is_row(self.quote, self.context) else self.quote


def list_snapshots(ticket: Ticket) -> list[Snapshot]:
    """The newest read snapshot of each page that the ticket's searches found.

    Two URLs that lead to the same final URL are one page: the first is kept. Behind them come
    the copies of a day that somebody asked for on the ticket, where they say something else.
    An article that makes the claim is no source for it, whoever found its page.
    """
    making = Article.objects.filter(appearances__claim_id=ticket.claim_id).exclude(url="")
    own = set(making.values_list("canonical_url", flat=True))
    pages = SearchResult.objects.filter(search__ticket=ticket).values("page_id")
    asked = Search.objects.filter(ticket=ticket, copy__isnull=False).values("copy_id")
    read = Snapshot.objects.filter(read_at__isnull=False).exclude(text="")
    rows = read.select_related("page__source").defer("headers", "search")
    newest = rows.filter(page_id__in=pages).order_by("page_id", SHOWN_AT.desc(), "-id")
    by_place: dict[str, Snapshot] = {}
    for snapshot in newest.distinct("page_id"):
        by_place.setdefault(canonical_url(snapshot.final_url), snapshot)
    found = [
        one
        for place, one in by_place.items()
        if place not in own and one.page.canonical_url not in own
    ]
    known = {(one.page_id, one.text_sha256) for one in found}
    dated = rows.filter(pk__in=asked).order_by("page_id", SHOWN_AT.desc())
    others = (one for one in dated if (one.page_id, one.text_sha256) not in known)
    return [*found, *(one for one in others if one.page.canonical_url not in own)]


def pages_by_hand(ticket: Ticket) -> frozenset[int]:
    """The ids of the pages that people brought to the ticket."""
    rows = SearchResult.objects.filter(search__ticket=ticket, search__purpose=SearchPurpose.BY_HAND)
    return frozenset(rows.values_list("page_id", flat=True))


def cut_snapshot(snapshot: Snapshot) -> list[Cut]:
    """A snapshot's passages, without what is apparatus (cookie notices, menus)."""
    text = snapshot.text[:WEIGHED_CHARS]
    has_pages = is_paged(snapshot.reader)
    captions_at = find_captions(text)
    return [
        Cut(
            snapshot,
            span.start,
            span.end,
            quote,
            span.context or snapshot.title,
            find_page(text, span.start) if has_pages else None,
            is_caption=span.start >= captions_at,
        )
        for span in cut_passages(text)
        if not is_apparatus(quote := text[span.start : span.end])
    ]


def choose_passages(
    cuts: Sequence[Cut],
    ranked: Sequence[tuple[int, float, tuple[str, ...]]],
    *,
    kinds: frozenset[QuantityKind],
    wanted: Collection[int] = (),
) -> list[tuple[int, float, tuple[str, ...]]]:
    """A few per copy, none overlapping, none that says what another of its page says.

    A page's second copy is one that somebody asked for: its best passage has a place of its own.
    A page that a person brought (``wanted``, by id) has its best passage in any case.
    """
    first: dict[int, Snapshot] = {}
    for cut in cuts:
        first.setdefault(cut.snapshot.page_id, cut.snapshot)
    chosen: list[tuple[int, float, tuple[str, ...]]] = []
    taken: dict[int, list[Cut]] = {}
    best = ranked[0][1] if ranked else 0.0
    for index, score, reasons in ranked:
        cut = cuts[index]
        is_full = len(chosen) >= MAX_EVIDENCE or score <= best * MIN_SHARE_OF_BEST
        is_asked_for = first[cut.snapshot.page_id] is not cut.snapshot
        if is_full and not is_asked_for:
            continue
        if _holds_nothing(cut, kinds):
            continue
        siblings = taken.setdefault(cut.snapshot.page_id, [])
        of_copy = [other for other in siblings if other.snapshot is cut.snapshot]
        overlaps = any(cut.start < other.end and other.start < cut.end for other in of_copy)
        is_told = any(says_the_same(cut.quote, other.quote) for other in siblings)
        if overlaps or is_told or len(of_copy) >= (1 if is_full else MAX_PER_PAGE):
            continue
        siblings.append(cut)
        chosen.append((index, score, (*reasons, *_where(cut))))
    missing = {page for page in wanted if not taken.get(page)}
    for index, score, reasons in ranked if missing else ():
        cut = cuts[index]
        if cut.snapshot.page_id in missing and not _holds_nothing(cut, kinds):
            missing.discard(cut.snapshot.page_id)
            chosen.append((index, score, (*reasons, *_where(cut), "a reviewer brought the page")))
    return chosen


def _where(cut: Cut) -> tuple[str, ...]:
    if cut.is_caption:
        return ("stands in the caption of an image or video",)
    return (f"stands on page {cut.page} of the document",) if cut.page else ()


def _holds_nothing(cut: Cut, kinds: frozenset[QuantityKind]) -> bool:
    """Whether a claim's number finds nothing here: a row or a heading without such a figure."""
    if is_row(cut.quote, cut.context):
        return not read_row(cut.quote, cut.context)
    if not kinds or not is_heading(cut.quote):
        return False
    return kinds.isdisjoint(number.kind for number in read_quantities(cut.quote))
