"""What the sample server answers of its own: listings, search results, plain notices.

Promises: every HTML answer carries the footer that marks it as a sample, and
everything a client sent is escaped. No socket in here.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from samples.site_index import SampleSite

FOOTER: Final = "Sample page. The publisher is fictional."
MAX_RESULTS: Final = 50
DEFAULT_RESULTS: Final = 10


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer before the request's validators are looked at."""

    status: HTTPStatus
    body: bytes
    content_type: str
    modified_at: datetime | None = None
    location: str | None = None


def html_reply(status: HTTPStatus, title: str, content: str) -> Reply:
    """A small HTML page of the server's own; ``content`` is trusted markup."""
    document = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n"
        '<link rel="stylesheet" href="/assets/site.css">\n</head>\n<body>\n'
        '<header class="site"><p class="name"><a href="/">Sample web</a></p></header>\n'
        f"<main>\n<h1>{html.escape(title)}</h1>\n{content}\n</main>\n"
        f'<footer class="site"><p>{FOOTER}</p></footer>\n</body>\n</html>\n'
    )
    return Reply(status, document.encode(errors="replace"), "text/html; charset=utf-8")


def render_listing(site: SampleSite, path: str, base: str) -> tuple[str, str] | None:
    """Title and markup of the front page or of a publisher's page list; ``None`` elsewhere."""
    if path == "/":
        rows = [(prefix, name) for prefix, name in site.publishers.items()]
        return "The sample web", _search_form("") + _link_list(rows, base)
    name = site.publishers.get(path)
    if name is None:
        return None
    return name, _link_list(
        [(page.path, page.title) for page in site.pages.values() if page.path.startswith(path)],
        base,
    )


def answer_search(site: SampleSite, query: dict[str, list[str]], base: str) -> Reply:
    """``/search?q=…[&format=json][&limit=n]``: pages that share words with ``q``, best first."""
    words = " ".join(query.get("q", []))
    limit = read_limit(query.get("limit", [""])[0])
    hits = site.search(words, limit)
    if query.get("format", [""])[0] == "json":
        results = [
            {
                "url": base + hit.page.path,
                "title": hit.page.title,
                "snippet": hit.snippet,
                "published": hit.page.published,
            }
            for hit in hits
        ]
        body = json.dumps({"results": results}, ensure_ascii=False).encode(errors="replace")
        return Reply(HTTPStatus.OK, body, "application/json; charset=utf-8")
    items = "".join(
        f'<li><a href="{html.escape(base + hit.page.path)}">{html.escape(hit.page.title)}</a>'
        f'<br>{html.escape(hit.snippet)}<br><span class="small">{hit.page.published}</span></li>\n'
        for hit in hits
    )
    found = f"<ol>\n{items}</ol>" if hits else "<p>Nothing found.</p>"
    return html_reply(HTTPStatus.OK, "Search the sample web", _search_form(words) + found)


def read_limit(text: str) -> int:
    """A result limit between 1 and ``MAX_RESULTS``; anything unreadable is the default."""
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        return DEFAULT_RESULTS
    return max(1, min(MAX_RESULTS, int(text)))


def _search_form(words: str) -> str:
    return (
        '<form class="search" action="/search" role="search">'
        '<label for="q">Search</label>'
        f'<input id="q" name="q" type="search" value="{html.escape(words)}">'
        "<button>Search</button></form>\n"
    )


def _link_list(rows: Sequence[tuple[str, str]], base: str) -> str:
    items = "".join(
        f'<li><a href="{html.escape(base + path)}">{html.escape(title)}</a></li>\n'
        for path, title in rows
    )
    return f"<ul>\n{items}</ul>"
