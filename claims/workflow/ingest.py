"""Ingest: bring an article, a URL or a single claim through the door, whole or not at all.

Promises: what cannot be read is refused with the field and the cure; the same
article twice (by digest or by canonical URL) is the same row; the detect job
is owed in the transaction that stores the text. Refuses to fetch by itself:
a URL becomes a job for the guarded client.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from claims.models.access import Person
from claims.models.article import Article
from claims.models.claim import Claim, Quantity
from claims.models.job import Job
from claims.models.storable import storable
from claims.models.team import Team
from claims.text.articles import read_article
from claims.text.detection import detect_claims
from claims.text.kept import keep_text
from claims.text.quantities import read_quantities
from claims.text.queries import read_frame
from claims.vocabulary import ArticleState, FetchReason, JobKind
from claims.web.addresses import is_allowed_address
from claims.web.client import ClientLimits, Fetched
from claims.web.errors import FetchError
from claims.web.pages import PageReading
from claims.web.reading_child import PageReader
from claims.web.snapshots import text_digest
from claims.web.urls import HttpUrl, canonical_url, parse_http_url

MAX_ARTICLE_CHARS = 1_000_000
MAX_CLAIM_CHARS = 2_000
MAX_URL_CHARS = 2_000
OPEN_PORTS = ClientLimits().allowed_ports
URL_CURE = "Give the page's public http(s) address, or paste its text."
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
UPLOAD_DEADLINE_SECONDS = 15.0
MAX_LINKS = 5000
# An uploaded page has no address of its own; its relative links lead nowhere.
UPLOAD_URL = "http://upload.invalid/"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# No web page has a NUL byte this early, and every archive and image has.
HTML_LOOK_BYTES = 4096
UPLOAD_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
}
_ENCODED_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


class IngestRefused(Exception):
    """What was brought in cannot be taken; names the field and the cure."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Ingested:
    """The article, and whether it is new or was known before."""

    article: Article
    is_new: bool


def check_text(text: str, *, field: str = "text", max_chars: int = MAX_ARTICLE_CHARS) -> str:
    """The text with line ends made ``\\n`` and outer space cut, or :class:`IngestRefused`."""
    if len(text) > max_chars:
        raise IngestRefused(
            field,
            f"This is {len(text):,} characters long; at most {max_chars:,} are taken. "
            "Cut it into parts, or keep only the article itself.",
        )
    at = text.find("\x00")
    if at >= 0:
        raise IngestRefused(
            field,
            f"There is a NUL byte at character {at + 1:,}, so this looks like a binary file. "
            "Save it as plain text in UTF-8 and try again.",
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as broken:
        raise IngestRefused(
            field,
            f"Character {broken.start + 1:,} is half of a broken pair (a lone surrogate). "
            "Copy the text again from its source, or save it as UTF-8.",
        ) from broken
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not any(sign.isalnum() for sign in text):
        raise IngestRefused(field, "There is no text here. Paste the article, or give its URL.")
    return text


def ingest_text(
    team: Team,
    text: str,
    *,
    by: Person | None = None,
    title: str = "",
    byline: str = "",
    publisher: str = "",
    published_on: date | None = None,
    url: str = "",
    links: list[dict[str, str]] | None = None,
    language: str = "",
) -> Ingested:
    """Store an article's text and owe its detection; what is given wins over what is read."""
    check_text(text)
    kept = keep_text(text)
    text = kept.text
    digest = text_digest(text)
    canonical = check_url(url) if url else ""
    known = find_known(team, digest=digest, canonical=canonical)
    if known is not None and known.text:
        return Ingested(known, is_new=False)
    reading = read_article(text)
    article = Article(
        team=team,
        text=text,
        sha256=digest,
        url=url.strip(),
        canonical_url=canonical,
        title=storable(title or reading.title or "", 500),
        byline=storable(byline or reading.byline or "", 300),
        publisher=storable(publisher, 300),
        published_on=published_on or reading.published,
        language=storable(language or reading.language or "", 8),
        links=[*(links or []), *({"url": to, "text": words} for to, words in kept.links)],
        created_by_id=by.pk if by else None,
    )
    try:
        with transaction.atomic():
            if known is None or not _take_place(article, known):
                article.save()
            Job.objects.owe(JobKind.DETECT, str(article.pk), team=team)
    except IntegrityError:
        # Somebody brought the same article in the same instant.
        known = find_known(team, digest=digest, canonical=canonical)
        if known is None:
            raise
        return Ingested(known, is_new=False)
    return Ingested(article, is_new=True)


def _take_place(article: Article, known: Article) -> bool:
    """Let a pasted text fill the row of a URL whose page never came; ``False`` if it has come."""
    row = Article.objects.select_for_update().filter(pk=known.pk, text="").first()
    if row is None:
        return False
    article.pk, article.created_at = row.pk, row.created_at
    article.save(force_update=True)
    return True


def ingest_url(team: Team, url: str, *, by: Person | None = None) -> Ingested:
    """Owe the fetch of an article; :class:`IngestRefused` where it can never be fetched.

    A page that could not be read before is asked for again.
    """
    canonical = check_url(url)
    known = find_known(team, digest="", canonical=canonical)
    if known is not None:
        return Ingested(known, is_new=_fetch_again(known))
    article = Article(
        team=team,
        state=ArticleState.FETCHING,
        url=url.strip(),
        canonical_url=canonical,
        created_by_id=by.pk if by else None,
    )
    try:
        with transaction.atomic():
            article.save()
            Job.objects.owe(JobKind.FETCH_ARTICLE, str(article.pk), team=team)
    except IntegrityError:
        known = find_known(team, digest="", canonical=canonical)
        if known is None:
            raise
        return Ingested(known, is_new=False)
    return Ingested(article, is_new=True)


def _fetch_again(article: Article) -> bool:
    """Owe another fetch of an article that failed without a text; gives whether it did."""
    with transaction.atomic():
        failed = Article.objects.filter(pk=article.pk, state=ArticleState.FAILED, text="")
        if not failed.update(state=ArticleState.FETCHING, failure="", failure_detail=""):
            return False
        rounds = Job.objects.filter(kind=JobKind.FETCH_ARTICLE, subject_id=article.pk).count()
        Job.objects.owe(JobKind.FETCH_ARTICLE, f"{article.pk}:{rounds}", team=article.team)
    article.refresh_from_db()
    return True


def ingest_claim(team: Team, text: str, *, claimant: str = "") -> tuple[Claim, bool]:
    """Store a single claim typed by a person, with its numbers; gives it and whether it is new."""
    text = " ".join(check_text(text, field="claim", max_chars=MAX_CLAIM_CHARS).split())
    digest = text_digest(text)
    known = Claim.objects.filter(team=team, text_sha256=digest).first()
    if known is not None:
        return known, False
    found = detect_claims(text)
    whole = found[0] if len(found) == 1 else None
    said_by = claimant or ((whole.claimant or "") if whole else "")
    numbers = read_quantities(text)
    frame = read_frame(text, numbers, claimant=said_by or None)
    claim = Claim(
        team=team,
        text=text,
        self_contained=text,
        text_sha256=digest,
        score=max((one.score for one in found), default=0.0),
        reasons=list(whole.reasons) if whole else [],
        claimant=storable(said_by, 300),
        measured=(frame.measured or "")[:300],
        of_what=(frame.of_what or "")[:300],
        place=(frame.place or "")[:300],
        period_from=frame.period.from_on if frame.period else None,
        period_to=frame.period.to_on if frame.period else None,
    )
    try:
        with transaction.atomic():
            claim.save()
            Quantity.objects.bulk_create(
                Quantity.from_read(claim, position, number)
                for position, number in enumerate(numbers)
            )
    except IntegrityError:
        # Somebody typed the same claim in the same instant.
        return Claim.objects.get(team=team, text_sha256=digest), False
    return claim, True


def decode_upload(name: str, body: bytes) -> tuple[str, str]:
    """The text of an uploaded .txt or .md file and its type; HTML comes back undecoded (``""``)."""
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    kind = UPLOAD_TYPES.get(suffix)
    if kind is None:
        raise IngestRefused(
            "upload",
            f"“{suffix or name}” is not read here. Upload .txt, .md or .html, or paste the text.",
        )
    if len(body) > MAX_UPLOAD_BYTES:
        raise IngestRefused("upload", "The file is over 10 MB. Keep only the article itself.")
    if not body.strip():
        raise IngestRefused("upload", "The file is empty.")
    if kind == "text/html":
        if b"\x00" in body[:HTML_LOOK_BYTES] and body[:2] not in UTF16_MARKS:
            raise IngestRefused(
                "upload",
                "This looks like a binary file, not a web page. Save the page as HTML, or paste "
                "its text.",
            )
        return "", kind
    return _decode(body), kind


def _decode(body: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or Windows-1252; never one of them read as another."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        broken_at = problem.start
    is_utf16 = body[:2] in UTF16_MARKS
    if not is_utf16 and _is_broken_utf8(body):
        raise IngestRefused(
            "upload",
            f"Byte {broken_at + 1:,} breaks the file's UTF-8: it is damaged or was cut. "
            "Save it as UTF-8 again and try once more.",
        )
    try:
        return body.decode("utf-16" if is_utf16 else "cp1252")
    except UnicodeDecodeError as problem:
        raise IngestRefused(
            "upload", "The file's characters could not be read. Save it as UTF-8 and try again."
        ) from problem


def _is_broken_utf8(body: bytes) -> bool:
    """Whether most of what is not ASCII is UTF-8 all the same, halves of surrogate pairs included.

    Read as Windows-1252 such a file would get letters, and currency signs, that it never had.
    """
    body, surrogates = _ENCODED_SURROGATE.subn(b"", body)
    whole = sum(sign > "\x7f" for sign in body.decode("utf-8", "ignore"))
    broken = body.decode("utf-8", "replace").count("\ufffd")
    return surrogates + whole >= broken


def ingest_upload(
    team: Team, name: str, body: bytes, *, by: Person | None = None, url: str = ""
) -> Ingested:
    """Store an uploaded .txt, .md or .html file; HTML is read in a child that can be killed.

    Raises :class:`IngestRefused` at the field ``upload`` (or ``url``).
    """
    text, kind = decode_upload(name, body)
    try:
        if kind != "text/html":
            return ingest_text(team, text, by=by, url=url)
        with PageReader(deadline_seconds=UPLOAD_DEADLINE_SECONDS) as reader:
            page = reader.read(body, url=url or UPLOAD_URL, content_type=kind)
        return ingest_text(team, page.text, by=by, url=url, **_described_by(page))
    except FetchError as problem:
        raise IngestRefused("upload", f"The page could not be read: {problem}") from problem
    except IngestRefused as refused:
        field = "upload" if refused.field == "text" else refused.field
        raise IngestRefused(field, refused.message) from refused


def keep_fetched_article(
    article: Article, fetched: Fetched | FetchError, page: PageReading | None
) -> Article:
    """Keep what came back for an article's URL; failure is a state with a reason, never swallowed.

    Runs in the caller's transaction. Where the text is already stored under
    another URL, the fetched row fails with that said and the older one stays.
    """
    if article.text:
        return article
    if isinstance(fetched, FetchError):
        return _fail(article, fetched.reason, str(fetched))
    if page is None or not page.text.strip():
        return _fail(article, FetchReason.UNREADABLE, "No article text was found on the page.")
    try:
        text = check_text(storable(page.text))
    except IngestRefused as refused:
        return _fail(article, FetchReason.UNREADABLE, refused.message)
    digest = text_digest(text)
    for name, found in _described_by(page).items():
        setattr(article, name, found)
    article.state = ArticleState.RECEIVED
    article.failure = article.failure_detail = ""
    try:
        with transaction.atomic():
            article.text, article.sha256 = text, digest
            article.save()
            Job.objects.owe(JobKind.DETECT, str(article.pk), team=article.team)
    except IntegrityError:
        twin = Article.objects.get(team_id=article.team_id, sha256=digest)
        article.text = article.sha256 = ""
        detail = f"The same text is already here as article {twin.pk}."
        return _fail(article, FetchReason.UNREADABLE, detail)
    return article


def fail_article(article_id: int, detail: str) -> None:
    """An article whose fetch or detection was given up says so; its text, if any, stays."""
    waiting = (ArticleState.FETCHING, ArticleState.RECEIVED)
    article = Article.objects.filter(pk=article_id, state__in=waiting).first()
    if article is not None:
        _fail(article, FetchReason.READER_KILLED, detail)


def check_url(url: str) -> str:
    """The canonical form of an http(s) URL, or :class:`IngestRefused` at the field ``url``."""
    try:
        parsed = parse_http_url(url.strip())
        canonical = canonical_url(url.strip())
    except FetchError as refused:
        raise IngestRefused("url", f"{refused} {URL_CURE}") from refused
    if max(len(canonical), len(url.strip())) > MAX_URL_CHARS:
        raise IngestRefused(
            "url", f"This URL is longer than {MAX_URL_CHARS:,} characters. {URL_CURE}"
        )
    if (parsed.host, parsed.port) not in settings.FETCH_ALLOW:
        _refuse_closed(parsed)
    return canonical


def _refuse_closed(url: HttpUrl) -> None:
    """Refuse what no fetch will ever open; a name's addresses are vetted when it is fetched."""
    if url.port not in OPEN_PORTS:
        raise IngestRefused(
            "url", f"Port {url.port} is not one that pages are read from. {URL_CURE}"
        )
    is_private_name = url.host == "localhost" or url.host.endswith((".localhost", ".local"))
    if is_private_name or (_is_literal(url.host) and not is_allowed_address(url.host)):
        raise IngestRefused(
            "url", f"{url.host} is a private address, not a page on the public internet. {URL_CURE}"
        )


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def find_known(team: Team, *, digest: str, canonical: str) -> Article | None:
    """The article that has this digest or this canonical URL in the team, if there is one."""
    rows = Article.objects.filter(team=team)
    if digest:
        same = rows.filter(sha256=digest).first()
        if same is not None:
            return same
    return rows.filter(canonical_url=canonical).first() if canonical else None


def _described_by(page: PageReading) -> dict[str, Any]:
    return {
        "title": storable(page.title, 500),
        "byline": storable(page.byline, 300),
        "publisher": storable(page.publisher, 300),
        "published_on": page.published,
        "language": storable(page.language, 8),
        "links": [
            {"url": storable(url), "text": storable(words, 300)}
            for url, words in page.links[:MAX_LINKS]
        ],
    }


def _fail(article: Article, reason: FetchReason, detail: str) -> Article:
    article.state = ArticleState.FAILED
    article.failure = reason
    article.failure_detail = storable(detail, 2000)
    article.save(update_fields=["state", "failure", "failure_detail"])
    return article
