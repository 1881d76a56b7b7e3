"""Bringing things in: every way, every refusal at its field, nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import RequestFactory
from django.urls import reverse

from claims.admin.many_files import UploadForm
from claims.models import Article, Claim, Job, Ticket
from claims.vocabulary import ArticleState, JobKind, TicketState
from claims.workflow.ingest import MAX_UPLOAD_BYTES, IngestRefused
from claims.workflow.ingest.changed import keep_changed
from tests.admin.conftest import LogIn
from tests.admin.world import World
from tests.documents import (
    PICTURE,
    lines_of,
    make_docx,
    make_pdf,
    make_pdf_of,
    make_xlsx,
    paragraph,
    sheet_rows,
)

TEXT = "The mine\n\nOutput rose by 7 per cent in 2024, the ministry said."
PAGE = b"""<!doctype html><html lang="en"><head><title>The mine</title></head><body><article>
<h1>The mine</h1><p>Output rose by 7 per cent in 2024, the ministry said in its yearly note.</p>
<p>The yearly note gives the figure for every province, and a table for each of the metals.</p>
</article></body></html>"""


WORKBOOK = make_xlsx({"Output": sheet_rows([["Country", "Share"], ["China", 70]])})


def bring(client: Any, kind: str, team: Any, **fields: Any) -> Any:
    return client.post(reverse("admin:claims_ingest"), {"kind": kind, "team": team.pk, **fields})


def test_a_contributor_pastes_a_text_and_lands_on_its_page(world: World, log_in: LogIn) -> None:
    response = bring(
        log_in(world.dan),
        "text",
        world.near.team,
        text=TEXT,
        published="2025-02-01",
        byline="A. B.",
    )
    article = Article.objects.latest("pk")
    assert response.url == reverse("admin:claims_article_change", args=[article.pk])
    assert (article.team, article.byline, article.created_by) == (
        world.near.team,
        "A. B.",
        world.dan,
    )
    assert str(article.published_on) == "2025-02-01"
    assert Job.objects.filter(kind=JobKind.DETECT, subject_id=article.pk).exists()


def test_a_known_address_offers_to_read_its_page_again_and_shows_what_changed(
    world: World, log_in: LogIn
) -> None:
    client = log_in(world.dan)
    url = "https://port.example/figures"
    bring(client, "text", world.near.team, text=TEXT, url=url)
    known = Article.objects.latest("pk")
    Article.objects.filter(pk=known.pk).update(state=ArticleState.READ)
    again = reverse("admin:claims_article_again", args=[known.pk])
    body = bring(client, "url", world.near.team, url=f"{url}?utm_source=x").content.decode()
    assert "already here" in body
    assert f'action="{again}"' in body
    assert "show what changed" not in body
    keep_changed(known, f"{TEXT} It rained.", {})
    Article.objects.filter(pk=known.pk).update(state=ArticleState.READ)
    client.post(again)
    body = bring(client, "url", world.near.team, url=url).content.decode()
    assert "Its page is being read again." in body
    assert f'action="{again}"' not in body
    assert reverse("admin:claims_article_changes", args=[known.pk]) in body


def test_the_same_text_again_names_the_article_and_adds_nothing(
    world: World, log_in: LogIn
) -> None:
    client = log_in(world.dan)
    bring(client, "text", world.near.team, text=TEXT)
    known = Article.objects.latest("pk")
    response = bring(client, "text", world.near.team, text=TEXT + "\r\n", title="Another title")
    assert response.context["known"] == known
    body = response.content.decode()
    assert reverse("admin:claims_article_change", args=[known.pk]) in body
    assert "already here" in body
    assert "Another title" in body
    assert Article.objects.latest("pk") == known


def test_an_article_of_another_team_is_not_called_known(world: World, log_in: LogIn) -> None:
    bring(log_in(world.eve), "text", world.far.team, text=TEXT)
    response = bring(log_in(world.dan), "text", world.near.team, text=TEXT)
    assert response.status_code == 302
    assert Article.objects.filter(text=TEXT).count() == 2


@pytest.mark.parametrize(
    ("kind", "fields", "field", "says"),
    [
        ("text", {"text": ""}, "text", "There is no text"),
        ("text", {"text": " \n\u200b … "}, "text", "There is no text"),
        ("text", {"text": "a\x00b"}, "text", "NUL byte at character 2"),
        ("text", {"text": "word " * 300_000}, "text", "at most 1,000,000"),
        ("text", {"text": TEXT, "url": "javascript:alert(1)"}, "url", ""),
        ("text", {"text": TEXT, "published": "2025-13-40"}, "published", "Write a day as"),
        ("url", {"url": ""}, "url", ""),
        ("url", {"url": "ftp://a.example/x"}, "url", ""),
        ("url", {"url": "http://user:pw@a.example/"}, "url", ""),
        ("upload", {}, "upload", "Choose a file first"),
        ("claim", {"claim": "  "}, "claim", ""),
        ("claim", {"claim": "x " * 2_000}, "claim", "at most 2,000"),
    ],
)
def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(
    world: World, log_in: LogIn, kind: str, fields: dict[str, str], field: str, says: str
) -> None:
    before = Article.objects.count(), Claim.objects.count()
    kept = {"byline": "Kept byline"} if kind == "text" else {"claimant": "Kept claimant"}
    response = bring(log_in(world.dan), kind, world.near.team, **fields, **kept)
    assert response.status_code == 200
    errors = response.context["form"].errors
    assert set(errors) == {field}
    assert says in " ".join(errors[field])
    if kind in ("text", "claim"):
        assert "Kept" in response.content.decode()
    assert (Article.objects.count(), Claim.objects.count()) == before


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.png", b"\x89PNG", "Upload .txt, .md, .html, .pdf or .docx"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "Save it as .docx or PDF"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 99, "Old Office files"),
        ("a.pdf", b"%PDF-1.7 and no more", "damaged"),
        ("a.pdf", b"Just words.", "something else or damaged. Save it again"),
        ("a.pdf", make_pdf([[]]), "no page with text"),
        ("a.pdf", make_pdf_of([PICTURE]), "pictures of text only"),
        ("a.docx", make_docx(""), "holds no text"),
        ("a.docx", make_docx("<w:p>"), "damaged"),
        ("a.docx", WORKBOOK, "This is a workbook"),
        ("a.xlsx", WORKBOOK, "under Import"),
        ("a.txt", b"", "empty"),
        ("a.txt", b"\x00\x01\x02", "NUL byte"),
        ("a.md", b"word " * 2_200_000, "over 10 MB"),
        ("a.html", b"<html><body></body></html>", ""),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_at_the_file(
    world: World, log_in: LogIn, name: str, body: bytes, says: str
) -> None:
    before = Article.objects.count()
    upload = SimpleUploadedFile(name, body)
    response = bring(log_in(world.dan), "upload", world.near.team, upload=upload)
    assert response.status_code == 200
    assert says in " ".join(response.context["form"].errors["upload"])
    assert Article.objects.count() == before


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.txt", TEXT.encode()),
        ("a.md", TEXT.encode()),
        ("a.html", PAGE),
        ("a.pdf", make_pdf([lines_of("Output rose by"), lines_of("7 per cent in 2024.")])),
        ("A.PDF", make_docx(paragraph("Output rose by 7 per cent in 2024."))),
        ("a.docx", make_docx(paragraph("Output rose by 7 per cent in 2024."))),
        ("a.txt", make_pdf([lines_of("Output rose by 7 per cent in 2024.")])),
    ],
)
def test_a_file_becomes_an_article(world: World, log_in: LogIn, name: str, body: bytes) -> None:
    upload = SimpleUploadedFile(name, body)
    response = bring(log_in(world.dan), "upload", world.near.team, upload=upload)
    assert response.status_code == 302
    article = Article.objects.latest("pk")
    assert "7 per cent" in article.text
    assert "[page" not in article.text


def test_a_url_is_owed_to_the_fetcher(world: World, log_in: LogIn) -> None:
    response = bring(log_in(world.dan), "url", world.near.team, url="https://a.example/x?utm_id=1")
    article = Article.objects.latest("pk")
    assert response.status_code == 302
    assert article.state == ArticleState.FETCHING
    assert Job.objects.filter(kind=JobKind.FETCH_ARTICLE, subject_id=article.pk).exists()


def test_a_single_claim_becomes_a_ticket_at_once(world: World, log_in: LogIn) -> None:
    client = log_in(world.dan)
    first = bring(client, "claim", world.near.team, claim="Output rose by 7 per cent in 2024.")
    ticket = Ticket.objects.latest("pk")
    assert first.url == reverse("admin:claims_ticket_change", args=[ticket.pk])
    assert ticket.state == TicketState.GATHERING
    again = bring(client, "claim", world.near.team, claim="Output rose by 7 per cent in 2024. ")
    assert again.url == first.url


def test_a_person_of_two_teams_chooses_and_a_person_of_one_does_not(
    world: World, log_in: LogIn
) -> None:
    one = log_in(world.dan).get(reverse("admin:claims_ingest")).content.decode()
    two = log_in(world.boss).get(reverse("admin:claims_ingest")).content.decode()
    assert '<input type="hidden" name="team"' in one
    assert '<select name="team"' in two


def test_every_way_in_is_one_click_from_every_other(world: World, log_in: LogIn) -> None:
    for kind in ("text", "url", "upload", "claim"):
        body = log_in(world.dan).get(f"{reverse('admin:claims_ingest')}?kind={kind}")
        tabs = body.content.decode().split('aria-label="Ways in"')[1].split("</nav>")[0]
        assert tabs.count('aria-current="page"') == 1
        assert f'?kind={kind}" aria-current="page"' in tabs
        assert all(f"?kind={other}" in body.content.decode() for other in ("text", "url", "claim"))


class UnreadFile(UploadedFile):
    """An upload that says how large it is and fails when somebody takes it into memory."""

    def read(self, _size: int = -1) -> bytes:
        raise AssertionError("a file over the limit was read into memory")


def test_a_file_over_the_limit_is_refused_before_it_is_read(world: World) -> None:
    request: Any = RequestFactory().post(reverse("admin:claims_ingest"))
    request.user = world.dan
    big = UnreadFile(name="big.txt", size=MAX_UPLOAD_BYTES + 1)
    form = UploadForm({"team": world.near.team.pk}, {"upload": big}, request=request)
    assert form.is_valid()
    with pytest.raises(IngestRefused, match="over 10 MB"):
        form.bring_in()
