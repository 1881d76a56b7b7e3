"""Bad input is refused at its field with the cure, and nothing is stored by half."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import LazySettings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models import Article, Claim, Job, Quantity, Team
from claims.vocabulary import ArticleState, JobKind, JobState
from claims.web.client import Fetched
from claims.web.errors import Gone
from claims.web.pages import PageReading
from claims.workflow.detect import detect_article
from claims.workflow.ingest import (
    MAX_ARTICLE_CHARS,
    IngestRefused,
    decode_upload,
    fail_article,
    ingest_claim,
    ingest_text,
    ingest_upload,
    ingest_url,
    keep_fetched_article,
)
from tests.people import make_team
from tests.together import run_together

TEXT = "Port figures\n\nThe harbour handled 900 tonnes of salt in 2023, the register shows.\n"
URL = "https://gazette.example/ports?utm_source=mail"


@pytest.fixture
def team(db: None) -> Team:
    return make_team("ingest-desk")


def assert_nothing_stored() -> None:
    assert not Article.objects.exists()
    assert not Claim.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no text"),
        (" \n\t\u200b\u00a0 ", "no text"),
        ("!!! … ---", "no text"),
        ("x" * (MAX_ARTICLE_CHARS + 1), "at most 1,000,000"),
        ("y" * 10 * 1024 * 1024, "at most 1,000,000"),
        ("salt \x00 and ships", "NUL byte at character 6"),
        ("salt \ud800 and ships", "lone surrogate"),
    ],
    ids=["empty", "blank", "signs", "long", "10MB", "nul", "surrogate"],
)
def test_a_text_that_cannot_be_read_is_refused(team: Team, text: str, said: str) -> None:
    started = time.monotonic()
    for bring, field in ((ingest_text, "text"), (ingest_claim, "claim")):
        with pytest.raises(IngestRefused) as refused:
            bring(team, text)
        assert refused.value.field == field
        if field == "text":
            assert said in refused.value.message
    assert time.monotonic() - started < 2
    assert_nothing_stored()


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("photo.png", b"\x89PNG", "“.png” is not read here"),
        ("noname", b"text", "“noname” is not read here"),
        ("a.txt", b"", "empty"),
        ("a.txt", b"  \n ", "empty"),
        ("a.txt", b"x" * (10 * 1024 * 1024 + 1), "over 10 MB"),
        ("a.txt", b"y" * (10 * 1024 * 1024), "at most 1,000,000"),
        ("a.txt", b"salt\x00ships", "NUL byte"),
        ("a.md", bytes(range(128, 256)), "could not be read"),
        ("a.html", b"<html><body></body></html>", "no text"),
        ("page.html", b"PK\x03\x04\x14\x00\x00\x00\x08\x00 not a page", "binary file"),
    ],
)
def test_an_upload_that_cannot_be_read_is_refused(
    team: Team, name: str, body: bytes, said: str
) -> None:
    with pytest.raises(IngestRefused, match=said) as refused:
        ingest_upload(team, name, body)
    assert refused.value.field == "upload"
    assert_nothing_stored()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gazette.example/ports",
        "ftp://gazette.example/ports",
        "javascript:alert(1)",
        "https://user:secret@gazette.example/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest",
        "http://192.168.1.1/",
        "http://localhost/",
        "http://printer.local/",
        "http://2130706433/",
        "http://0x7f.1/",
        "https://gazette.example:8080/",
        "https://gazette.example:99999/",
        "https://gazette.example/\x00",
        "https://gazette.example/a b",
        "https://gazette.example/" + "a" * 2000,
        "https://gazette.example/?utm_source=" + "a" * 2000,
    ],
)
def test_a_url_that_can_never_be_fetched_is_refused_at_its_field(team: Team, url: str) -> None:
    for bring in (lambda: ingest_url(team, url), lambda: ingest_text(team, TEXT, url=url or "x")):
        with pytest.raises(IngestRefused) as refused:
            bring()
        assert refused.value.field == "url"
        assert "http(s) address" in refused.value.message
        assert "secret" not in refused.value.message
    assert_nothing_stored()


def test_an_allowed_address_is_taken_and_its_neighbour_is_not(
    team: Team, settings: LazySettings
) -> None:
    settings.FETCH_ALLOW = (("127.0.0.1", 8099),)
    assert ingest_url(team, "http://127.0.0.1:8099/a").is_new
    with pytest.raises(IngestRefused):
        ingest_url(team, "http://127.0.0.1:8098/a")


def test_what_is_ingested_is_kept_and_its_detection_owed(team: Team) -> None:
    known = ingest_text(team, "\r\n" + TEXT.replace("\n", "\r\n"), url=URL, title="Given")
    article = Article.objects.get()
    assert known.is_new
    assert article.text == TEXT.strip()
    assert (article.title, article.state) == ("Given", ArticleState.RECEIVED)
    assert list(Job.objects.values_list("kind", "subject_id")) == [(JobKind.DETECT, article.pk)]


def test_the_same_article_twice_is_one_row(team: Team) -> None:
    first = ingest_text(team, TEXT, url=URL).article
    by_digest = ingest_text(team, TEXT + "\n\n")
    by_url = ingest_text(team, TEXT, url="HTTPS://Gazette.example:443/ports")
    as_url = ingest_url(team, URL)
    assert [one.article for one in (by_digest, by_url, as_url)] == [first] * 3
    assert not any(one.is_new for one in (by_digest, by_url, as_url))
    assert Job.objects.count() == 1


def test_another_team_has_its_own(team: Team) -> None:
    ingest_text(team, TEXT, url=URL)
    assert ingest_text(make_team("second-desk"), TEXT, url=URL).is_new


def test_a_text_pasted_after_its_url_failed_fills_that_row(team: Team) -> None:
    failed = ingest_url(team, URL).article
    keep_fetched_article(failed, Gone("It is gone.", status=410), None)
    pasted = ingest_text(team, TEXT, url=URL)
    assert pasted.is_new
    assert pasted.article.pk == failed.pk
    kept = Article.objects.get()
    assert (kept.state, kept.failure, kept.text) == (ArticleState.RECEIVED, "", TEXT.strip())
    # The page that comes late does not overwrite it.
    keep_fetched_article(kept, a_fetch(), a_page("Late words, and many of them."))
    assert Article.objects.get().text == TEXT.strip()


def test_a_url_that_failed_is_asked_for_again(team: Team) -> None:
    article = ingest_url(team, URL).article
    keep_fetched_article(article, Gone("It is gone.", status=410), None)
    Job.objects.update(state=JobState.DONE)
    again = ingest_url(team, URL)
    assert again.is_new
    assert again.article.state == ArticleState.FETCHING
    assert Job.objects.filter(state=JobState.PENDING, subject_id=article.pk).count() == 1
    assert not ingest_url(team, URL).is_new


def a_fetch() -> Fetched:
    return Fetched(
        requested_url=URL, final_url=URL, redirects=(), status=200, request_headers=(),
        headers=(), content_type="text/html", charset=None, body=b"", is_cut=False,
        started_at=datetime(2026, 1, 1, tzinfo=UTC), seconds=0.1, address="192.0.2.1",
        tls_name=None,
    )  # fmt: skip


def a_page(text: str, **fields: Any) -> PageReading:
    told = {
        "title": "", "byline": "", "publisher": "", "published": None, "language": "en",
        "text": text, "links": [], "tables": [], "is_cut": False, "reader": "test",
        "modified": None, "canonical": "", "charset": "utf-8",
    } | fields  # fmt: skip
    return PageReading(**told)


def test_a_fetched_page_is_kept_as_the_database_can_hold_it(team: Team) -> None:
    article = ingest_url(team, URL).article
    page = a_page(
        "Salt \x00 and \ud800 ships came in.",
        title="A\x00 title \udfff",
        published=date(2025, 11, 18),
        links=(("https://other.example/\x00", "words \ud800"),),
    )
    kept = keep_fetched_article(article, a_fetch(), page)
    assert kept.state == ArticleState.RECEIVED
    assert Article.objects.get().title == "A title ?"
    assert Job.objects.filter(kind=JobKind.DETECT).count() == 1


@pytest.mark.parametrize("text", ["", " \n ", "…", "a" * (MAX_ARTICLE_CHARS + 1)])
def test_a_page_without_a_usable_text_fails_with_a_reason(team: Team, text: str) -> None:
    article = ingest_url(team, URL).article
    assert keep_fetched_article(article, a_fetch(), a_page(text)).state == ArticleState.FAILED
    stored = Article.objects.get()
    assert (stored.failure, bool(stored.failure_detail)) == ("unreadable", True)
    assert not Job.objects.filter(kind=JobKind.DETECT).exists()


def test_a_page_whose_text_is_known_names_the_older_article(team: Team) -> None:
    older = ingest_text(team, TEXT).article
    article = ingest_url(team, URL).article
    keep_fetched_article(article, a_fetch(), a_page(TEXT))
    stored = Article.objects.get(pk=article.pk)
    assert stored.state == ArticleState.FAILED
    assert f"article {older.pk}" in stored.failure_detail
    assert stored.text == ""


def test_an_article_whose_detection_was_given_up_can_be_detected_again(team: Team) -> None:
    article = ingest_text(team, TEXT).article
    fail_article(article.pk, "The worker was lost on every attempt.")
    article.refresh_from_db()
    assert article.state == ArticleState.FAILED
    assert detect_article(article) > 0
    article.refresh_from_db()
    assert (article.state, article.failure_detail) == (ArticleState.READ, "")


def test_a_single_claim_has_its_numbers_and_frame(team: Team) -> None:
    claim, is_new = ingest_claim(team, "The  country has nearly 70 per cent\nof global production.")
    assert is_new
    assert claim.text == "The country has nearly 70 per cent of global production."
    number = claim.quantities.get()
    assert (number.value, number.unit_name, number.bound) == (70, "percent", "~")
    assert claim.text[number.start : number.end] == number.text
    assert claim.of_what == number.of_what
    assert ingest_claim(team, claim.text) == (claim, False)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(st.text(max_size=300))
def test_any_text_is_stored_whole_or_refused(team: Team, text: str) -> None:
    before = Article.objects.count()
    try:
        ingested = ingest_text(team, text)
    except IngestRefused:
        assert Article.objects.count() == before
    else:
        stored = Article.objects.get(pk=ingested.article.pk)
        assert stored.sha256
        assert Job.objects.filter(kind=JobKind.DETECT, subject_id=stored.pk).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["text", "url", "claim"])
def test_eight_who_bring_the_same_at_once_bring_it_once(door: str) -> None:
    team = make_team("ingest-desk")

    def bring(_: int) -> bool:
        if door == "text":
            return ingest_text(team, TEXT, url=URL).is_new
        if door == "url":
            return ingest_url(team, URL).is_new
        return ingest_claim(team, "The harbour handled 900 tonnes of salt in 2023.")[1]

    assert sum(run_together(8, bring)) == 1
    assert Article.objects.count() + Claim.objects.count() == 1
    assert Job.objects.count() == (0 if door == "claim" else 1)
    assert Quantity.objects.count() <= 2


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Così disse il sindaco: “40 €”.".encode("cp1252"), "Così disse il sindaco: “40 €”."),
        ("Así\xa0«dijo» él".encode("cp1252"), "Así\xa0«dijo» él"),
        ("Ships came, 40 €.".encode("utf-16"), "Ships came, 40 €."),
        ("\ufeffShips – 40".encode(), "Ships – 40"),
    ],
)
def test_an_old_encoding_is_read(body: bytes, text: str) -> None:
    assert decode_upload("a.txt", body) == (text, "text/plain")


@pytest.mark.parametrize(
    "body",
    [
        b"The price was \xed\xa0\x80 12 million dollars.",
        "It cost 40 € – “much”, said Zoë.".encode()[:-2],
        "It cost 40 € – “much”".encode() + b"\xff",
    ],
)
def test_broken_utf8_is_refused_and_never_read_as_another_encoding(body: bytes) -> None:
    with pytest.raises(IngestRefused, match="breaks the file's UTF-8"):
        decode_upload("a.txt", body)
