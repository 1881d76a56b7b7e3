"""Pages behind scripts, a log-in or a payment are told from pages that only look like it."""

from __future__ import annotations

import pytest

from claims.vocabulary import FetchReason
from claims.web.barriers import find_barrier
from claims.web.pages import PageReading, read_page
from tests.growth import assert_linear

SENTENCE = "The harbour of Varnholm handled 48,000 tonnes of salt in 2023, the yearbook shows. "
ARTICLE = "".join(f"<p>{SENTENCE}It was {number} tonnes in May.</p>" for number in range(40))
SHORT = f"<p>{SENTENCE}</p><p>The port expects about as much this year, its master said.</p>"
NOT_FREE = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": '
    '"False", "headline": "Salt"}</script>'
)
PAYWALL = "<div class='wall'><h2>Subscribe to continue reading</h2><p>From 2 a week.</p></div>"
LOGIN = "<form><input name=user><input name=word type='password'><button>Log in</button></form>"
BUNDLE = "<script src='/static/main.3f2.js'></script>"
NEWSLETTER = "<form><p>Subscribe to our newsletter</p><input type=email></form>"
LABELS = "<ul>" + "<li>SUBSCRIBER ONLY: Another story about ships</li>" * 5 + "</ul>"


def page(body: str, *, head: str = "", title: str = "Salt in 2023") -> PageReading:
    markup = f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body>"
    return read_page(markup.encode(), url="https://gazette.example/salt")


BEHIND = {
    "empty mount": (f"<div id='root'></div>{BUNDLE}", FetchReason.NEEDS_JAVASCRIPT),
    "mount and notice": (
        f"<noscript>You need to enable JavaScript to run this app.</noscript>"
        f"<div id=app></div>{BUNDLE}",
        FetchReason.NEEDS_JAVASCRIPT,
    ),
    "custom element": (f"<app-root></app-root>{BUNDLE}", FetchReason.NEEDS_JAVASCRIPT),
    "notice alone": (
        f"<p>Bitte aktivieren Sie JavaScript in Ihrem Browser.</p>{BUNDLE}",
        FetchReason.NEEDS_JAVASCRIPT,
    ),
    "a check for robots": (
        f"<h1>Just a moment...</h1><p>Verifying you are human.</p>{BUNDLE}",
        FetchReason.NEEDS_JAVASCRIPT,
    ),
    "log-in form": (f"<h1>Log in</h1>{LOGIN}", FetchReason.NEEDS_LOGIN),
    "for members": (
        "<h1>Salt</h1><p>This report is available to registered users. "
        "Please log in or register.</p>",
        FetchReason.NEEDS_LOGIN,
    ),
    "teaser and wall": (f"{SHORT}{PAYWALL}", FetchReason.NEEDS_PAYMENT),
    "teaser and counter": (
        f"{SHORT}<p>You have reached your limit of free articles this month.</p>",
        FetchReason.NEEDS_PAYMENT,
    ),
    "teaser in French": (
        f"{SHORT}<p>Cet article est réservé aux abonnés.</p>",
        FetchReason.NEEDS_PAYMENT,
    ),
    "teaser that says it is not free": (f"{NOT_FREE}{SHORT}", FetchReason.NEEDS_PAYMENT),
}
SHOWN = {
    "article": ARTICLE,
    "article with a newsletter box": f"{ARTICLE}{NEWSLETTER}",
    "short article with a newsletter box": f"<article>{SHORT}</article>{NEWSLETTER}",
    "short article beside labels": f"<article>{SHORT}</article>{LABELS}",
    "article with a log-in box": f"{LOGIN}{ARTICLE}",
    "short article with a log-in box": f"{LOGIN}<article>{SHORT}</article>",
    "short article with log-in and subscribe links": (
        f"<nav><a href=/in>Log in</a> <a href=/abo>Subscribe</a></nav><article>{SHORT}</article>"
    ),
    "article whose comments want scripts": (
        f"{ARTICLE}<noscript>Please enable JavaScript to view the comments.</noscript>{BUNDLE}"
    ),
    "article in a mount": f"<div id='root'>{ARTICLE}</div>{BUNDLE}",
    "short page with scripts": f"<article>{SHORT}</article>{BUNDLE}{BUNDLE}",
    "whole article that says it is not free": f"{NOT_FREE}{ARTICLE}",
    "article about paywalls": f"<p>To keep reading, subscribe: so it reads.</p>{ARTICLE}",
    "hardly a word, and no script": "<p>48,000 tonnes.</p>",
    "a page about JavaScript": "<p>This library needs no JavaScript.</p>",
}


@pytest.mark.parametrize("name", BEHIND)
def test_a_page_that_keeps_its_text_is_told(name: str) -> None:
    body, reason = BEHIND[name]
    title = "Log in" if name == "log-in form" else "Salt in 2023"
    reading = page(body, title=title)
    assert reading.barrier is reason
    assert PageReading.from_json(reading.to_json()).barrier is reason


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_that_shows_its_text_is_none(name: str) -> None:
    assert page(SHOWN[name]).barrier is None


def test_a_locked_tier_is_a_payment() -> None:
    head = '<meta property="article:content_tier" content="locked">'
    assert page(SHORT, head=head).barrier is FetchReason.NEEDS_PAYMENT
    assert page(ARTICLE, head=head).barrier is None


@pytest.mark.parametrize(
    "piece",
    ["<div id=root ", "<input ", '"isAccessibleForFree" ', "to keep reading ", "javascript "],
)
def test_hostile_markup_is_searched_in_linear_time(piece: str) -> None:
    def search(size: int) -> None:
        hostile = piece * (size // len(piece))
        find_barrier(hostile, text="", whole=hostile, title="")

    assert_linear(search, 100_000, floor_seconds=0.5)
