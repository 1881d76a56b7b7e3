"""Reading a fetched page: bytes in, one frozen :class:`PageReading` out.

It promises text, title, byline, days, language, links and tables of HTML, XHTML,
plain text and Markdown, whatever their markup is like, and of documents
(:mod:`claims.web.documents`); where a limit bit it says ``is_cut``. How long it takes and
how much memory is the business of :mod:`claims.web.reading_child`, where fetched pages are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

import trafilatura
from py3langid.langid import classify

from claims.text.claim_reviews import ClaimReview
from claims.vocabulary import FetchReason, MediaKind
from claims.web.barriers import find_barrier
from claims.web.charsets import decode_page
from claims.web.credits import choose_byline
from claims.web.declarations import read_declarations
from claims.web.documents import read_document, reader_of
from claims.web.documents.kinds import BY_CONTENT, TYPES, WRITTEN, DocumentKind, find_kind
from claims.web.documents.published import find_head_day
from claims.web.errors import Unreadable
from claims.web.file_names import title_of
from claims.web.main_text import read_main_text
from claims.web.markup import read_outline
from claims.web.media import MediaLink, SeenMedia, choose_media
from claims.web.outline import Outline
from claims.web.shown_days import find_shown_day
from claims.web.tables import Table
from claims.web.titles import choose_title
from claims.web.urls import resolve_link

READER_VERSION = f"2/trafilatura-{trafilatura.__version__}"
MAX_TEXT_CHARACTERS = 10_000_000
MAX_TITLE_CHARACTERS = 500
# A page that shows less than this in all is read whole; judging what is the article
# of so little text loses more than it leaves out.
SMALL_PAGE_CHARACTERS = 500
MIN_LANGUAGE_CHARACTERS = 60
# No page of either public set changes its language with twice as many.
MAX_LANGUAGE_CHARACTERS = 2000
# Random bytes are control characters to a ninth; text, whatever its charset, hardly ever.
SAMPLE_CHARACTERS = 50_000
MAX_UNPRINTABLE_SHARE = 0.03

# Everything but tab and newline that is no character to read.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
LINE_END = re.compile("\r\n?|[\u2028\u2029\x85\x0b\x0c]")
# The lookbehind lets a run of spaces be tried once, not once per space.
SPACE_AT_END = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)
MANY_BLANK_LINES = re.compile(r"\n{3,}")
HTML_START = re.compile(r"\s{0,200}(?:<!--|<!doctype html|<html|<head|<body)", re.I)
MARKDOWN_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\((https?://[^\s()]{1,2000})\)")
MARKDOWN_IMAGE = re.compile(r"!\[([^\[\]\n]{0,500})\]\((https?://[^\s()]{1,2000})\)")
BARE_LINK = re.compile(r"https?://[^\s<>\"'()\[\]]{1,2000}")


@dataclass(frozen=True, slots=True)
class PageReading:
    """What a page says. ``text`` has one paragraph or table row to a line; ``links`` are
    absolute http(s) (url, text) in page order, each URL once; empty strings mean *not
    stated*; ``language`` is a two-letter code or ``""``; ``barrier`` says that the page shows its
    text only to those who run scripts, log in or pay; ``reviews`` are the claims that the page
    declares to have checked; ``media`` its images and video, whose captions ``text`` leaves out.
    """

    title: str
    byline: str
    publisher: str
    published: date | None
    modified: date | None
    text: str
    language: str
    canonical: str
    links: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    charset: str
    is_cut: bool
    reader: str = READER_VERSION
    barrier: FetchReason | None = None
    reviews: tuple[ClaimReview, ...] = ()
    media: tuple[MediaLink, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A dictionary of JSON values; days are ISO dates or ``None``."""
        return {
            "title": self.title,
            "byline": self.byline,
            "publisher": self.publisher,
            "published": self.published.isoformat() if self.published else None,
            "modified": self.modified.isoformat() if self.modified else None,
            "text": self.text,
            "language": self.language,
            "canonical": self.canonical,
            "links": [{"url": url, "text": text} for url, text in self.links],
            "tables": [table.to_json() for table in self.tables],
            "charset": self.charset,
            "is_cut": self.is_cut,
            "reader": self.reader,
            "barrier": self.barrier,
            "reviews": [one.to_json() for one in self.reviews],
            "media": [one.to_json() for one in self.media],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_json`."""
        days = {
            name: date.fromisoformat(stored[name]) if stored[name] else None
            for name in ("published", "modified")
        }
        links = tuple((link["url"], link["text"]) for link in stored["links"])
        tables = tuple(Table.from_json(table) for table in stored["tables"])
        barrier = FetchReason(stored["barrier"]) if stored.get("barrier") else None
        reviews = tuple(ClaimReview.from_json(one) for one in stored.get("reviews", ()))
        media = tuple(MediaLink.from_json(one) for one in stored.get("media", ()))
        read = {"links": links, "tables": tables, "barrier": barrier, "reviews": reviews}
        return cls(**{**stored, **days, **read, "media": media})


def read_page(
    body: bytes,
    *,
    url: str,
    content_type: str = "text/html",
    charset: str | None = None,
    name: str = "",
) -> PageReading:
    """Read the bytes of one page or document.

    ``url`` is where they came from (links are resolved against it), ``content_type``
    the media type without parameters, ``charset`` the one the header named, ``name`` the
    file's as the server gave it. Raises :class:`Unreadable` where the bytes are
    plainly no text.
    """
    kind = find_kind(body, content_type, name, url)
    if kind in BY_CONTENT:
        return _read_document(kind, body, charset, name)
    if TYPES.get(content_type) in BY_CONTENT:
        raise Unreadable("The file is not what its type says.")
    characters, codec = decode_page(body, charset)
    sample = characters[:SAMPLE_CHARACTERS].replace("\0", "").replace("\r", "")
    if len(UNPRINTABLE.findall(sample)) > MAX_UNPRINTABLE_SHARE * len(sample):
        raise Unreadable("The page is not text.")
    if kind is not None:
        return _read_document(kind, body, charset, name)
    if content_type in {"text/plain", "text/markdown"} and not HTML_START.match(characters):
        return _read_plain(characters, codec)
    return _read_html(characters, codec, url)


def _read_html(html: str, codec: str, url: str) -> PageReading:
    html = html.replace("\0", "")
    outline = read_outline(html)
    declared = read_declarations(outline, url)
    is_framed = bool(declared.title and declared.byline and declared.published)
    main = read_main_text(
        html, url, outline, wants_frame=not is_framed, wants_day=declared.published is None
    )
    text, is_cut = _choose_text(main.text, outline)
    base = resolve_link(url, outline.base) or url if outline.base else url
    publisher = _tidy_line(declared.publisher or main.publisher)[:MAX_TITLE_CHARACTERS]
    title = choose_title(
        outline.headings, declared.title or main.title, outline.title, publisher=publisher, url=url
    )
    byline = choose_byline(declared.byline, outline.credits, main.byline)
    language = detect_language(text, outline.language)
    published = declared.published or main.published or find_shown_day(outline, title, language)
    return PageReading(
        title=_tidy_line(title)[:MAX_TITLE_CHARACTERS],
        byline=_tidy_line(byline)[:MAX_TITLE_CHARACTERS],
        publisher=publisher,
        published=published,
        modified=declared.modified,
        text=text,
        language=language,
        canonical=(resolve_link(base, outline.canonical) or "") if outline.canonical else "",
        links=_read_links(outline, base),
        tables=tuple(outline.tables),
        charset=codec,
        is_cut=is_cut or outline.is_cut,
        barrier=find_barrier(html, text=text, whole=outline.text(), title=title),
        reviews=declared.reviews,
        media=choose_media([*outline.media, *declared.media], base),
    )


def _read_document(kind: DocumentKind, body: bytes, charset: str | None, name: str) -> PageReading:
    draft, codec = read_document(kind, body, charset)
    text = tidy_text(draft.text())
    for found in BARE_LINK.finditer(text):
        draft.add_link(found[0].rstrip(".,;:!?"))
    links = {resolve_link("", url): words for url, words in draft.links.items()}
    caption = next((table.caption for table in draft.tables if table.caption), "")
    title = draft.title or caption or title_of(name)
    return PageReading(
        title=_tidy_line(title)[:MAX_TITLE_CHARACTERS],
        byline="",
        publisher="",
        published=find_head_day(text) if kind in WRITTEN else None,
        modified=draft.modified,
        text=text[:MAX_TEXT_CHARACTERS],
        language=detect_language(text),
        canonical="",
        links=tuple((url, words) for url, words in links.items() if url is not None),
        tables=tuple(draft.tables),
        charset=codec,
        is_cut=bool(draft.left_out) or len(text) > MAX_TEXT_CHARACTERS,
        reader=reader_of(kind),
    )


def _choose_text(main: str, outline: Outline) -> tuple[str, bool]:
    """The main text, or all of the page's where that is short or no main text was found."""
    whole = outline.text()
    is_small = len(whole) <= SMALL_PAGE_CHARACTERS and len(main) < len(whole)
    text = tidy_text(whole if is_small or not main.strip() else main)
    return text[:MAX_TEXT_CHARACTERS], len(text) > MAX_TEXT_CHARACTERS


def _read_links(outline: Outline, base: str) -> tuple[tuple[str, str], ...]:
    links: dict[str, str] = {}
    resolved: dict[str, str | None] = {}
    for href, text in outline.links:
        if href not in resolved:
            resolved[href] = resolve_link(base, href)
        url = resolved[href]
        if url is not None and not links.get(url):
            links[url] = _tidy_line(text)
    return tuple(links.items())


def _read_plain(characters: str, codec: str) -> PageReading:
    text = tidy_text(characters)
    first = next((line.strip() for line in text[:5000].split("\n") if line.strip()), "")
    links = {found[2]: found[1] for found in MARKDOWN_LINK.finditer(text)}
    for found in BARE_LINK.finditer(text):
        links.setdefault(found[0].rstrip(".,;:!?"), "")
    resolved = {resolve_link("", url): label for url, label in links.items()}
    images = (
        SeenMedia(MediaKind.IMAGE, [found[2]], "", found[1])
        for found in MARKDOWN_IMAGE.finditer(text)
    )
    return PageReading(
        title=first.lstrip("# ")[:200],
        byline="",
        publisher="",
        published=None,
        modified=None,
        text=text[:MAX_TEXT_CHARACTERS],
        language=detect_language(text),
        canonical="",
        links=tuple((url, label) for url, label in resolved.items() if url is not None),
        tables=(),
        charset=codec,
        is_cut=len(text) > MAX_TEXT_CHARACTERS,
        media=choose_media(images, ""),
    )


def tidy_text(text: str) -> str:
    """One kind of line end, no unprintable characters, no more than one blank line at a time."""
    text = UNPRINTABLE.sub("", LINE_END.sub("\n", text))
    return MANY_BLANK_LINES.sub("\n\n", SPACE_AT_END.sub("", text)).strip()


def _tidy_line(text: str) -> str:
    return " ".join(UNPRINTABLE.sub("", text).split())


def detect_language(text: str, declared: str = "") -> str:
    """A two-letter code: what the text reads like, or what was declared where it is short.

    >>> detect_language("Die Regierung hat am Dienstag neue Zahlen zur Wirtschaft vorgelegt.")
    'de'
    """
    sample = text[:MAX_LANGUAGE_CHARACTERS]
    if len(sample) >= MIN_LANGUAGE_CHARACTERS:
        return str(classify(sample)[0])
    code = declared.strip().lower().replace("_", "-").split("-")[0]
    return code if code.isascii() and code.isalpha() and len(code) in {2, 3} else ""
