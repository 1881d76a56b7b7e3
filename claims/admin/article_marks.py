"""What is posted from an article's text: make, drop, restore a claim, move its ends.

Promises: a place of another team or article is not found; whoever comes second is
told who was first (409), a span that cannot be a claim says why (422), and neither
changes anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from claims import tasks
from claims.models import Appearance, Article, Claim
from claims.workflow import mark

CONFLICT, UNPROCESSABLE = 409, 422
# Offsets and versions as the page's own forms send them; no text is that long.
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was posted: numbers, ``None`` where none was given; ``claim`` is the one seen there."""

    start: int | None
    end: int | None
    claim: int | None
    version: int | None
    place: Appearance | None

    @property
    def key(self) -> str:
        """The span that was meant, as the page's address says it."""
        if self.place is not None:
            return f"{self.place.start}-{self.place.end}"
        return "" if self.start is None or self.end is None else f"{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Act:
    """One POST: ``perform(request, article, typed)`` gives the sentence to show and the span."""

    verb: str
    perform: Callable[[HttpRequest, Article, Typed], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act; ``refusal`` is empty where it happened."""

    said: str = ""
    key: str = ""
    refusal: str = ""
    status: int = 200


def perform(request: HttpRequest, article: Article, act: Act) -> Done:
    """Perform an act on words of an article that the person may see."""
    typed = _read(request, article)
    if request.POST.get("text", article.sha256) != article.sha256:
        told = "The article's text changed since you opened the page; choose the words again."
        return Done(refusal=told, status=CONFLICT)
    try:
        said, key = act.perform(request, article, typed)
    except mark.MarkedFirst as first:
        return Done(key=typed.key, refusal=str(first), status=CONFLICT)
    except mark.MarkRefused as refused:
        return Done(key=typed.key, refusal=str(refused), status=UNPROCESSABLE)
    return Done(said=said, key=key)


def page_url(article: Article, key: str = "") -> str:
    """The article's page, at the words that are chosen."""
    page = reverse("admin:claims_article_change", args=[article.pk])
    return f"{page}?at={key}#at" if key else page


def _read(request: HttpRequest, article: Article) -> Typed:
    typed = {
        name: int(given)
        for name in ("start", "end", "claim", "version", "place")
        if _NUMBER.fullmatch(given := request.POST.get(name, ""))
    }
    place = None
    if "place" in typed:
        rows = Appearance.objects.select_related("claim").filter(article=article)
        place = rows.filter(pk=typed["place"]).first()
    if place is not None:
        place.article = article
    return Typed(
        typed.get("start"), typed.get("end"), typed.get("claim"), typed.get("version"), place
    )


def _standing(typed: Typed) -> tuple[Appearance, int]:
    """The place and the version of its claim, both of which every change names."""
    if typed.place is None or typed.version is None:
        raise mark.MarkRefused("Choose a claim in the text first.")
    if typed.claim is not None and typed.claim != typed.place.claim_id:
        raise mark.MarkedFirst(mark.tell_apart(typed.place))
    return typed.place, typed.version


def _span(typed: Typed) -> tuple[int, int]:
    if typed.start is None or typed.end is None:
        raise mark.MarkRefused("Choose a sentence in the text first.")
    return typed.start, typed.end


def _make(request: HttpRequest, article: Article, typed: Typed) -> tuple[str, str]:
    claim = mark.make_claim(article, *_span(typed), by=request.user)
    return f"It is a claim now, scored {claim.score:.2f}.", _key_of(article, claim, typed)


def _drop(request: HttpRequest, _article: Article, typed: Typed) -> tuple[str, str]:
    place, version = _standing(typed)
    _, closed = mark.drop_claim(place, by=request.user, expected_version=version)
    more = f" Ticket {closed.pk} is closed." if closed else ""
    return f"The claim is dropped; nothing of it is deleted.{more}", typed.key


def _restore(request: HttpRequest, _article: Article, typed: Typed) -> tuple[str, str]:
    place, version = _standing(typed)
    mark.restore_claim(place, by=request.user, expected_version=version)
    return "It is a claim again.", typed.key


def _move(request: HttpRequest, article: Article, typed: Typed) -> tuple[str, str]:
    place, version = _standing(typed)
    start, end = _span(typed)
    claim, is_compared = tasks.move_ends(
        place, start, end, by=request.user, expected_version=version
    )
    said = "Its ends are moved; wording, claimant and numbers were read anew."
    if not is_compared:
        said += " Its sources are being compared again."
    if claim.pk != place.claim_id:
        said += " The same words stand elsewhere too; there the claim is as it was."
    return said, _key_of(article, claim, typed)


def _key_of(article: Article, claim: Claim, typed: Typed) -> str:
    """Where the claim stands in this article now."""
    places = Appearance.objects.standing().filter(article=article, claim=claim)
    if typed.place is not None:
        places = places.filter(pk=typed.place.pk)
    elif typed.start is not None:
        places = places.filter(start__gte=typed.start)
    place = places.order_by("start").first()
    return f"{place.start}-{place.end}" if place else ""


ACTS = (
    Act("make", _make),
    Act("drop", _drop),
    Act("restore", _restore),
    Act("ends", _move),
)
