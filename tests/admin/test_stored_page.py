"""A stored copy as a page: safe by its markup and, were that not so, by its headers."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest
from django.urls import reverse

from claims.admin.stored_page import STYLE
from claims.models import Passage, Snapshot
from claims.models.bodies import store_body
from tests.admin.conftest import LogIn
from tests.admin.world import World
from tests.web.test_sanitised import PAGE, Seen


def stored(world: World, raw: bytes, **fields: Any) -> Snapshot:
    """The near desk's copy with these bytes."""
    body = store_body(raw)
    Snapshot.objects.filter(pk=world.near.snapshot.pk).update(
        sha256=body.sha256, body_path=body.path, content_type="text/html", **fields
    )
    return Snapshot.objects.get(pk=world.near.snapshot.pk)


def address_of(copy: Snapshot) -> str:
    return reverse("admin:claims_snapshot_page", args=[copy.pk])


def test_the_copy_is_shown_without_anything_live(world: World, log_in: LogIn) -> None:
    copy = stored(world, PAGE.encode())
    client = log_in(world.dan)
    sheet = client.get(reverse("admin:claims_snapshot_change", args=[copy.pk]))
    assert f'href="{address_of(copy)}"' in sheet.content.decode()
    told = client.get(address_of(copy)).content.decode()
    assert "<b>70</b>" in told
    assert copy.sha256 in told
    main = told[told.index("<main>") :]
    assert "evil" not in main
    tags = Seen(told).tags
    assert not tags & {"script", "iframe", "img", "form", "a", "link", "base", "object", "svg"}
    assert {name for tag, name in Seen(main).attributes} <= {"colspan", "rowspan", "id"}


def test_its_policy_lets_nothing_out_and_nothing_run(world: World, log_in: LogIn) -> None:
    answer = log_in(world.dan).get(address_of(stored(world, PAGE.encode())))
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";")
    )
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert policy == {
        "default-src": "'none'", "style-src": f"'sha256-{digest}'", "base-uri": "'none'",
        "form-action": "'none'", "frame-ancestors": "'none'", "sandbox": "",
    }  # fmt: skip
    assert f"<style>{STYLE}</style>" in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "text/html; charset=utf-8"


def test_the_quote_is_marked_in_the_page(world: World, log_in: LogIn) -> None:
    copy = stored(world, PAGE.encode())
    client = log_in(world.dan)
    passage = Passage.objects.create(
        snapshot=copy, start=0, end=26, quote="Output rose to 70 per cent"
    )
    told = client.get(f"{address_of(copy)}?quote={passage.pk}").content.decode()
    assert '<mark id="quote">Output rose to' in told
    Passage.objects.filter(pk=passage.pk).update(quote="Words that are not in it")
    told = client.get(f"{address_of(copy)}?quote={passage.pk}").content.decode()
    assert "<mark" not in told
    assert "could not be marked" in told


@pytest.mark.parametrize("raw", [b"x" * (2 * 1024 * 1024 + 1), b""])
def test_what_is_too_large_or_damaged_is_said(world: World, log_in: LogIn, raw: bytes) -> None:
    copy = stored(world, raw or b"gone")
    if not raw:
        Snapshot.objects.filter(pk=copy.pk).update(body_path="00/none.z")
    answer = log_in(world.dan).get(address_of(copy))
    assert answer.status_code == 200
    assert "can be read instead" in answer.content.decode()


def test_a_document_or_a_deleted_copy_is_no_page(world: World, log_in: LogIn) -> None:
    client = log_in(world.dan)
    copy = stored(world, b"%PDF-1.7")
    Snapshot.objects.filter(pk=copy.pk).update(content_type="application/pdf")
    sheet = reverse("admin:claims_snapshot_change", args=[copy.pk])
    assert client.get(address_of(copy))["Location"] == sheet
    Snapshot.objects.filter(pk=copy.pk).update(
        content_type="text/html", body_deleted_at=copy.fetched_at
    )
    assert client.get(address_of(copy))["Location"] == sheet


def test_the_words_of_the_address_are_escaped(world: World, log_in: LogIn) -> None:
    copy = stored(world, b"<p>x", final_url="https://a.example/<script>", title="</title><b>")
    told = log_in(world.dan).get(address_of(copy)).content.decode()
    assert not re.search(r"<script|</title><b>", told)
