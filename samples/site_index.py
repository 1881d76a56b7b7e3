"""What the sample web holds: pages read once, and a small ranked search over them.

Promises: :func:`load_site` reads ``pages.json`` and every file it names, and
fails at start, not at a request, when one is missing. :meth:`SampleSite.search`
is linear in the pages and bounded in the query. Standard library only.

Refuses: to serve anything that is not listed.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

PLACEHOLDER: Final = b"{{SAMPLE_WEB}}"
ROBOTS: Final = (
    b"# Sample page. The publisher is fictional.\n"
    b"User-agent: *\nDisallow: /members-archive/\nCrawl-delay: 0\n"
)
WORD: Final = re.compile(r"[^\W\d_]{1,40}|\d{1,15}(?:[.,]\d{1,15})?")
MAX_QUERY_WORDS: Final = 64
SNIPPET_CHARS: Final = 220
BLOCKS: Final = frozenset({"p", "h1", "h2", "li", "tr", "caption", "dt", "dd", "br", "section"})
CELLS: Final = frozenset({"td", "th"})
# Okapi BM25 with a light length norm, so that a long table is not buried; a word of
# the title counts like three of the text.
BM25_K1: Final = 1.2
BM25_B: Final = 0.4
TITLE_WEIGHT: Final = 3
STOP_WORDS: Final = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "in", "is"}
    | {"it", "its", "of", "on", "or", "that", "the", "this", "to", "was", "were", "with"}
)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that is not a page: its bytes and media type."""

    body: bytes
    type: str


@dataclass(frozen=True, slots=True)
class Page:
    """One row of ``pages.json`` with the bytes it stands for.

    ``behaviour`` is ``page``, ``slow``, ``gone``, ``missing``, ``redirect`` or
    ``disallowed``; ``encoding`` is set where only the page itself declares it.
    """

    path: str
    title: str
    publisher: str
    published: str
    behaviour: str
    body: bytes
    text: str
    encoding: str | None
    delay_seconds: float
    location: str

    @property
    def modified_at(self) -> datetime:
        """Noon UTC of the day of publication: the same on every clone."""
        return datetime.combine(date.fromisoformat(self.published), time(12), UTC)


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result."""

    page: Page
    score: float
    snippet: str


@dataclass(frozen=True, slots=True)
class SampleSite:
    """All pages and assets by path, publishers by path prefix, and word counts."""

    pages: dict[str, Page]
    assets: dict[str, Asset]
    publishers: dict[str, str]
    word_counts: dict[str, Counter[str]]

    def search(self, query: str, limit: int) -> list[Hit]:
        """Up to ``limit`` pages that share a word with ``query``, best first.

        Pages that are gone or forbidden to machines are found too: an index
        elsewhere is stale in just this way.
        """
        words = list(dict.fromkeys(split_words(query)))[:MAX_QUERY_WORDS]
        lengths = {path: sum(counts.values()) for path, counts in self.word_counts.items()}
        mean_length = sum(lengths.values()) / max(1, len(lengths))
        scores: dict[str, float] = {}
        for word in words:
            holders = [path for path, counts in self.word_counts.items() if word in counts]
            rarity = math.log(1 + (len(lengths) - len(holders) + 0.5) / (len(holders) + 0.5))
            for path in holders:
                count = self.word_counts[path][word]
                norm = BM25_K1 * (1 - BM25_B + BM25_B * lengths[path] / mean_length)
                gain = rarity * count * (BM25_K1 + 1) / (count + norm)
                scores[path] = scores.get(path, 0.0) + gain
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [
            Hit(page, score, cut_snippet(page.text.removeprefix(page.title).strip(), words))
            for page, score in ((self.pages[path], score) for path, score in ranked)
        ]


def load_site(root: Path) -> SampleSite:
    """Read ``root/pages.json`` and all it names. Raises ``OSError`` or ``ValueError`` at start."""
    listing = json.loads((root / "pages.json").read_text(encoding="utf-8"))
    pages = {row["path"]: read_page(root, row) for row in listing["pages"]}
    assets = {
        "/robots.txt": Asset(ROBOTS, "text/plain; charset=utf-8"),
        "/pages.json": Asset((root / "pages.json").read_bytes(), "application/json; charset=utf-8"),
        "/assets/site.css": Asset(
            (root / "assets" / "site.css").read_bytes(), "text/css; charset=utf-8"
        ),
    }
    counts = {
        path: Counter(split_words(" ".join([page.title] * TITLE_WEIGHT) + " " + page.text))
        for path, page in pages.items()
    }
    publishers = {row["prefix"]: row["name"] for row in listing["publishers"]}
    return SampleSite(pages, assets, publishers, counts)


def read_page(root: Path, row: dict[str, str]) -> Page:
    """One page from its row; a row without a file is known to the search by its description."""
    body, text = b"", row["description"]
    encoding = row.get("encoding")
    if "file" in row:
        body = (root / row["file"]).read_bytes()
        text = read_article_text(body.decode(encoding or "utf-8"))
    return Page(
        path=row["path"],
        title=row["title"],
        publisher=row["publisher"],
        published=row["published"],
        behaviour=row["behaviour"],
        body=body,
        text=text,
        encoding=encoding,
        delay_seconds=float(row.get("delay_seconds", 0)),
        location=row.get("location", ""),
    )


def split_words(text: str) -> list[str]:
    """Lower-case words and numbers without stop words; a plural *s* is dropped."""
    found = (match.group().lower() for match in WORD.finditer(text))
    return [
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in found
        if word not in STOP_WORDS
    ]


def cut_snippet(text: str, words: list[str]) -> str:
    """The sentence of ``text`` that holds most of ``words``, cut at ``SNIPPET_CHARS``."""
    wanted = set(words)
    sentences = re.split(r"(?<=[.!?]) |\n", text)
    best = max(sentences, key=lambda sentence: len(wanted.intersection(split_words(sentence))))
    if len(best) <= SNIPPET_CHARS:
        return best
    return best[:SNIPPET_CHARS].rsplit(" ", 1)[0] + " …"


class _ArticleText(HTMLParser):
    """Collects the text inside ``<article>``; a block begins a new line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.depth = 0
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - inherited
        self.depth += tag == "article"
        self.parts.append("\n" if tag in BLOCKS else " " if tag in CELLS else "")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "article"
        self.parts.append("\n" if tag in BLOCKS else "")

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.parts.append(data)


def read_article_text(markup: str) -> str:
    """The words of a sample page's article, a line per block. Our own pages only."""
    reader = _ArticleText()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)
