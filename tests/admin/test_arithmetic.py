"""Hints stand beside the claim, on the article's page and on the ticket's, as plain text."""

from __future__ import annotations

import hashlib

import pytest
from django.urls import reverse

from claims.models import Article, Claim
from claims.workflow.detect import detect_article
from claims.workflow.triage import open_ticket
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.world import World

TEXT = "Salt at Varnholm\n\nThe harbour’s trade rose 25 % from 40 to 60 tonnes in 2023.\n"
NOTE = "40 to 60 is a change of 20, or 50 per cent of 40; the text says 25 %."


@pytest.fixture
def article(world: World) -> Article:
    article = Article.objects.create(
        team=world.near.team, text=TEXT, sha256=hashlib.sha256(TEXT.encode()).hexdigest()
    )
    detect_article(article)
    return article


def test_both_pages_show_the_arithmetic(world: World, log_in: LogIn, article: Article) -> None:
    client = log_in(world.dan)
    ticket, _ = open_ticket(article.appearances.get().claim)
    for name, key in (("article", article.pk), ("ticket", ticket.pk)):
        page = body_of(client.get(reverse(f"admin:claims_{name}_change", args=[key])))
        assert "Arithmetic" in page
        assert NOTE in page


def test_without_a_hint_there_is_no_word_of_it(
    world: World, log_in: LogIn, article: Article
) -> None:
    Claim.objects.update(hints=[])
    client = log_in(world.dan)
    ticket, _ = open_ticket(article.appearances.get().claim)
    for name, key in (("article", article.pk), ("ticket", ticket.pk)):
        page = body_of(client.get(reverse(f"admin:claims_{name}_change", args=[key])))
        assert "Arithmetic" not in page


def test_a_note_is_text_and_never_markup(world: World, log_in: LogIn, article: Article) -> None:
    Claim.objects.update(hints=[{"kind": "sum", "note": "<img src=x onerror=alert(1)>"}, "odd", {}])
    client = log_in(world.dan)
    ticket, _ = open_ticket(article.appearances.get().claim)
    for name, key in (("article", article.pk), ("ticket", ticket.pk)):
        page = body_of(client.get(reverse(f"admin:claims_{name}_change", args=[key])))
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page
