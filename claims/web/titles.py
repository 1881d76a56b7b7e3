"""What a page is called: its own heading, without the name of the site around it.

It promises one of the names that the page shows or declares, with its entities written out.
A heading counts by how well it fits what the page calls itself; where none fits, that is the
title, less what names the site. Refuses to make up a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import unquote, urlsplit

# What stands between a title and the name of the site.
BETWEEN = re.compile(r"\s(?:[-|–—»«·•:/]|::|\|\|)\s")
MAX_PARTS = 8
# A part that holds the site's name and little else names the site.
MAX_AROUND_NAME = 25
MIN_NAME = 4
# Weights of how a heading fits a name, and the least that is believed. Set on one half of the
# labelled pages of `benchmarks/pages/measure.py frames`, looked at on the other.
SAME, SAME_AS_WINDOW, WITHIN, AROUND, ALIKE, IN_ADDRESS = 3.0, 2.4, 2.5, 2.0, 1.6, 0.5
MIN_FIT = 1.0
MIN_SHARE_WITHIN, MIN_SHARE_AROUND = 0.3, 0.5


def choose_title(
    headings: Sequence[str], declared: str, window: str, *, publisher: str, url: str
) -> str:
    """The page's title of its first headings, the title it declares and its window's title.

    >>> choose_title([], "", "Rice exports fell | Port Wire", publisher="Port Wire", url="")
    'Rice exports fell'
    """
    place = urlsplit(url)
    sites = _names_of_site(publisher, place.hostname or "")
    headings = [_write_out(heading) for heading in headings]
    named = [_write_out(name) for name in (declared, window)]
    bare = [drop_site(name, sites) for name in named]
    slug = set(_words(unquote(place.path)))
    fits = [(_fit(heading, named, bare, slug, sites), -at) for at, heading in enumerate(headings)]
    fit, at = max(fits, default=(0.0, 0))
    if fit < MIN_FIT:
        names = list(filter(None, (*bare, *headings)))
        return next((name for name in names if _letters(name) not in sites), "".join(names[:1]))
    heading = headings[-at]
    shown, told = _letters(heading), _letters(bare[0])
    has_kicker = shown != told and shown.endswith(told)
    return bare[0] if has_kicker and len(told) >= MIN_SHARE_AROUND * len(shown) else heading


def drop_site(name: str, sites: frozenset[str]) -> str:
    """The name without parts at its ends that name the site (``sites`` as letters alone)."""
    for _ in range(MAX_PARTS):
        marks = list(BETWEEN.finditer(name))
        if marks and _is_site(name[marks[-1].end() :], sites):
            name = name[: marks[-1].start()].strip()
        elif marks and _is_site(name[: marks[0].start()], sites):
            name = name[marks[0].end() :].strip()
        else:
            break
    return name


def _fit(
    heading: str, named: list[str], bare: list[str], slug: set[str], sites: frozenset[str]
) -> float:
    letters, words = _letters(heading), set(_words(heading))
    if not words or letters in sites:
        return 0.0
    best = 0.0
    for name in (*named, *bare):
        other, others = _letters(name), set(_words(name))
        if not other:
            continue
        if letters == other:
            is_window_alone = bool(named[0]) and name in (named[1], bare[1])
            fit = SAME_AS_WINDOW if is_window_alone else SAME
        elif letters in other and len(letters) >= MIN_SHARE_WITHIN * len(other):
            fit = WITHIN
        elif other in letters and len(other) >= MIN_SHARE_AROUND * len(letters):
            fit = AROUND
        else:
            fit = ALIKE * len(words & others) / len(words | others)
        best = max(best, fit)
    return best + IN_ADDRESS * len(words & slug) / len(words)


def _names_of_site(publisher: str, host: str) -> frozenset[str]:
    labels = host.removeprefix("www.").split(".")
    own = labels[-2] if len(labels) > 1 else labels[0]
    return frozenset(filter(None, map(_letters, (publisher, host, ".".join(labels), own))))


def _is_site(part: str, sites: frozenset[str]) -> bool:
    letters = _letters(part)
    return (
        not letters
        or letters in sites
        or any(
            (name in letters and len(letters) < len(name) + MAX_AROUND_NAME)
            or (letters in name and len(letters) >= MIN_NAME)
            for name in sites
            if len(name) >= MIN_NAME
        )
    )


def _write_out(name: str) -> str:
    """Some publishers escape a title twice."""
    return " ".join(unescape(unescape(name)).split())


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name.casefold())


def _letters(name: str) -> str:
    return "".join(_words(name))
