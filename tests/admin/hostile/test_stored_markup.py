"""Stored or typed, no text becomes markup on any page: 1,700 payloads in every text column."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from django.db import models
from django.template import Context, Template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from claims.models import Article, Claim, Verdict
from tests.admin.hostile.pages import Walk
from tests.admin.hostile.payloads import FAMILIES, Payload, all_payloads
from tests.admin.hostile.planting import (
    Sower,
    log_changes,
    open_append_only_tables,
    planted_models,
    text_fields,
)
from tests.admin.hostile.probe import find_live, shown_marks, shown_text, squeeze
from tests.admin.world import World

BATCHES = 4
EMPHASIS = str.maketrans("", "", "*_")
SHOWN = Template("{{ text }}")
FEWEST_PAGES = 100


def batch_of(number: int) -> tuple[Payload, ...]:
    return all_payloads()[number::BATCHES]


def document(body: str) -> str:
    return f"<!doctype html><html><head><title>x</title></head><body>{body}</body></html>"


def test_there_are_enough_payloads_of_every_family() -> None:
    payloads = all_payloads()
    assert len({payload.text.replace(payload.mark, "") for payload in payloads}) >= 1_400
    assert {payload.family for payload in payloads} == set(FAMILIES)
    assert all(payload.mark in payload.text for payload in payloads)


def test_the_probe_is_calm_about_escaped_text() -> None:
    body = "".join(f"<p title='{escape(p.text)}'>{escape(p.text)}</p>" for p in all_payloads())
    assert find_live(document(body)) == []
    assert shown_marks(body) == {payload.mark for payload in all_payloads()}


@pytest.mark.parametrize(
    ("name", "cleaned", "fewest"),
    [
        ("nothing", lambda text: text, 900),
        ("script tags removed", lambda text: re.sub(r"(?is)<script.*?</script>", "", text), 700),
        ("only < and > escaped", lambda t: t.replace("<", "&lt;").replace(">", "&gt;"), 60),
        ("marked safe", lambda text: SHOWN.render(Context({"text": mark_safe(text)})), 900),
    ],
)
def test_the_probe_finds_what_lesser_cleaning_leaves(name: str, cleaned: Any, fewest: int) -> None:
    """The control: pages that forget, or half do, what the templates do."""
    alive = 0
    for payload in all_payloads():
        text = cleaned(payload.text)
        page = document(f'<p title="{text}">x</p><div>{text}</div>')
        alive += bool(find_live(page))
    assert alive >= fewest, name


def test_every_text_column_is_planted() -> None:
    names = {f"{m._meta.model_name}.{f.name}" for m in planted_models() for f in text_fields(m)}
    assert len(names) >= 90
    assert {
        "article.title", "article.byline", "article.url", "article.text", "claim.self_contained",
        "claim.place", "quantity.text", "passage.quote", "snapshot.title", "snapshot.final_url",
        "source.name", "verdict.rationale", "verdict.waiver_reason", "verdictevidence.quote",
        "team.name", "user.first_name", "search.query", "search.detail", "job.reason",
        "ticketevent.note", "rating.label", "rating.definition", "logentry.object_repr",
        "draft.fields", "snapshot.tables", "evidence.stance_reasons",
    } <= names  # fmt: skip


@pytest.mark.parametrize("number", range(BATCHES))
def test_no_stored_text_comes_alive(world: World, number: int) -> None:
    batch = batch_of(number)
    open_append_only_tables()
    log_changes(world)
    sower = Sower(batch)
    assert sower.sow() > 500
    walk = Walk(world)
    text = " ".join(payload.text for payload in batch[number :: len(batch) // 40])
    kinds: Counter[str] = Counter()
    shown: set[str] = set()
    alive: dict[str, list[str]] = {}
    for ways in (walk.read(), walk.reflect(text), walk.refuse(text), walk.act()):
        for address, response, body in ways:
            assert response.status_code < 500, address
            kind = response.headers.get("Content-Type", "").split(";")[0]
            kinds[kind] += 1
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            if kind == "text/csv":
                assert response.headers["Content-Disposition"].startswith("attachment")
            if kind == "text/html" and body.strip():
                shown |= shown_marks(body)
                if found := find_live(body):
                    alive[address] = found
    assert alive == {}
    assert kinds["text/html"] >= FEWEST_PAGES, kinds
    assert {"text/csv", "application/json"} <= set(kinds)
    assert {payload.mark for payload in batch} <= shown
    _read_whole(world, walk, batch)


def _read_whole(world: World, walk: Walk, batch: tuple[Payload, ...]) -> None:
    """Escaped, not cleaned away: each payload can be read where whole texts are shown."""
    desk = world.near
    whole: list[tuple[str, type[models.Model], int, str]] = [
        ("article", Article, desk.article.pk, "text"),
        ("claim", Claim, desk.claim.pk, "self_contained"),
        ("verdict", Verdict, desk.verdict.pk, "rationale"),
    ]
    for noun, model, pk, column in whole:
        stored = model._base_manager.values_list(column, flat=True).get(pk=pk)
        page = walk.boss.get(f"/admin/claims/{noun}/{pk}/change/").content.decode()
        # Marks of emphasis are set as emphasis in an article, not shown.
        told, kept = (one.translate(EMPHASIS) for one in (shown_text(page), squeeze(stored)))
        assert kept in told, noun
