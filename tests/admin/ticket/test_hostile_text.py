"""Text from the web and from people is shown as text, whatever it holds."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from claims.models import Claim, Evidence, Search, Snapshot, Ticket
from claims.vocabulary import SourceType, Stance
from tests.admin.ticket.conftest import As, act_on, page_of
from tests.admin.ticket.rows import TOLD, House, Told, add_evidence
from tests.admin.ticket.test_acts import verdict_of

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</textarea><svg onload=alert(1)>",
    "</title></style><iframe src=javascript:alert(1)>",
    "&lt;b&gt; &amp;amp; &#60;script&#62;",
    "{{ 7|add:7 }} {% debug %}",
    "\u202egnp.exe\u202c \u200bzero\u200bwidth \u00a0nbsp",
    "a" * 5000,
    "[1][2][999][" + "[" * 200,
)


class Live(HTMLParser):
    """Elements and attributes that a browser would run or follow."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag in ("iframe", "img", "object", "embed", "base"):
            self.found.append(tag)
        if tag == "script" and not held.get("src"):
            self.found.append("inline script")
        if any(name.startswith("on") for name in held):
            self.found.append(f"{tag} {sorted(held)}")
        for name in ("href", "src", "action", "formaction"):
            value = (held.get(name) or "").strip().lower()
            if value.startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(f"{name}={value[:30]}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def body_of(page: str) -> str:
    """Our part of the page: the frame around it is the skin's."""
    return page[page.index('<div class="tk" id="ticket"') :].split('id="tk-live"')[0]


def read(page: str) -> Live:
    live = Live()
    live.feed(body_of(page))
    return live


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_everywhere_are_inert(house: House, held: Ticket, as_: As, text: str) -> None:
    short = text[:200]
    Claim.objects.filter(pk=held.claim_id).update(
        text=text,
        self_contained=f"{text} alone",
        claimant=short,
        measured=short,
        of_what=short,
        place=short,
        context_before=text,
        context_after=text,
        reasons=[text],
    )
    article = held.claim.appearances.get().article
    article.title, article.byline, article.publisher = short, short, short
    article.url = "javascript:alert(1)"
    article.save()
    add_evidence(
        held,
        Told(short, SourceType.MEDIA, None, short, text, Stance.NEUTRAL, 0.3, 1, text, text),
        url="javascript:alert(document.domain)",
    )
    Evidence.objects.filter(ticket=held).update(
        stance_reasons=[text], score_reasons=[text], origin_reasons=[text]
    )
    Search.objects.filter(ticket=held).update(detail=text, query=short)
    ada = as_(house.ada)
    ada.post(act_on(held, "draft"), {"rationale": text, "tolerance": text})
    live = read(ada.get(page_of(held)).content.decode())
    assert live.found == []
    assert short[:40] in "".join(live.text)
    ada.post(act_on(held, "decide"), verdict_of(held, rationale=f"{text[:4000]} {'why ' * 9}"))
    live = read(as_(house.ben).get(page_of(held)).content.decode())
    assert live.found == []
    assert short[:40] in "".join(live.text)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox",
        "\x01javascript:alert(1)",
        "//elsewhere.example",
        "ftp://files.example/x",
        "java\nscript:alert(1)",
    ],
)
def test_only_web_addresses_are_clickable(house: House, held: Ticket, as_: As, url: str) -> None:
    Snapshot.objects.update(final_url=url)
    page = as_(house.ada).get(page_of(held)).content.decode()
    assert read(page).found == []
    assert 'target="_blank"' not in page[page.index('id="evidence"') : page.index('id="verdict"')]


def test_outside_links_give_nothing_away(house: House, held: Ticket, as_: As) -> None:
    page = body_of(as_(house.ada).get(page_of(held)).content.decode())
    outside = [part.split(">")[0] for part in page.split("<a ") if 'href="http' in part[:200]]
    assert len(outside) >= len(TOLD)
    for link in outside:
        assert 'rel="noopener noreferrer nofollow"' in link
        assert 'target="_blank"' in link


def test_stored_shapes_that_do_not_fit_do_not_break_the_page(
    house: House, held: Ticket, as_: As
) -> None:
    shapes: list[object] = [
        {},
        [],
        {"passage_quantity": []},
        {"passage_quantity": {"value": "NaN", "text": 7, "start": -1, "end": 10**9}},
        {"passage_quantity": {"value": 1e308, "unit": None}, "difference": {"absolute": "x"}},
        {"passage_quantity": {"low": 1}, "claim_quantity": "x", "flags": "no", "reasons": 3},
    ]
    for piece, shape in zip(Evidence.objects.filter(ticket=held), shapes, strict=True):
        piece.comparison = shape
        piece.stance_reasons = {"not": "a list"}
        piece.save()
    Claim.objects.filter(pk=held.claim_id).update(reasons={"not": "a list"}, score=7.0)
    assert as_(house.ada).get(page_of(held)).status_code == 200


@pytest.mark.parametrize("verb", ["release", "close", "gather", "frame", "confirm", "send_back"])
def test_nul_and_length_are_said_not_stored(house: House, held: Ticket, as_: As, verb: str) -> None:
    lea = as_(house.lead)
    for text in ("a\x00b", "x" * 1_000_000):
        data = {"note": text, "query": text, "measured": text, "close_reason": "opinion"}
        answer = lea.post(act_on(held, verb), data)
        assert answer.status_code == 422, verb
    held.refresh_from_db()
    assert held.state == "in_review"
