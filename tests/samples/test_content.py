"""What the sample articles and pages must say, and what they must not do."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from claims.vocabulary import ConfirmationPolicy, Role, SourceType
from samples.site_index import load_site, read_article_text
from tests.samples.conftest import SAMPLES

ARTICLES = sorted((SAMPLES / "articles").iterdir())
HTML_FILES = sorted((SAMPLES / "web").rglob("*.html"))
FIGURE = re.compile(r"\d[\d.,]*\s*(?:per cent|percent|%|tonnes|million|billion|elements)")
LOADING = {"src", "srcset", "action", "poster", "data", "background"}


def read_page(path: Path) -> str:
    markup = path.read_bytes()
    encoding = "windows-1252" if b"charset=windows-1252" in markup[:2000] else "utf-8"
    return markup.decode(encoding)


@pytest.fixture(scope="session")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / "samples.json").read_text("utf-8"))
    return loaded


class References(HTMLParser):
    """Every address a page names, apart by what a browser does with it."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.linked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in LOADING or (name == "href" and tag in {"link", "base"}):
                self.loaded.append(value or "")
            elif name == "href":
                self.linked.append(value or "")


@pytest.mark.parametrize(
    "phrase",
    [
        "nearly 70 per cent of global production",
        "export controls on 12 rare earth elements",
        "a $500 million deal",
    ],
)
def test_the_claims_of_the_demo_stand_in_at_least_two_articles(phrase: str) -> None:
    holders = [path.name for path in ARTICLES if phrase in path.read_text("utf-8")]
    assert len(holders) >= 2, holders


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_every_article_has_something_to_leave_out(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("?") >= 1
    assert len([block for block in text.split("\n\n") if block.strip()]) >= 10


def test_articles_name_title_byline_and_date(manifest: dict[str, Any]) -> None:
    written = {
        "2025-10-21": "21 October 2025",
        "2025-10-10": "10 October 2025",
        "2025-11-05": "November 5, 2025",
        "2025-11-12": "12 November 2025",
    }
    assert {SAMPLES / row["file"] for row in manifest["articles"]} == set(ARTICLES)
    for row in manifest["articles"]:
        head = (SAMPLES / row["file"]).read_text("utf-8")[:500]
        assert row["title"] in head
        assert row["byline"] in head
        assert written[row["published"]] in head


def test_articles_cite_only_pages_the_sample_web_lists(listing: dict[str, Any]) -> None:
    paths = {row["path"] for row in listing["pages"]}
    cited = Counter(
        target
        for article in ARTICLES
        for target in re.findall(r"\{\{SAMPLE_WEB\}\}(/[^\s)]*)", article.read_text("utf-8"))
    )
    assert set(cited) <= paths
    behaviours = {row["behaviour"] for row in listing["pages"] if row["path"] in cited}
    assert {"page", "redirect", "gone", "missing"} <= behaviours
    for article in ARTICLES:
        assert "http://" not in article.read_text("utf-8")
        assert "https://" not in article.read_text("utf-8")


@pytest.mark.parametrize("path", HTML_FILES, ids=lambda path: path.name)
def test_every_page_is_marked_and_loads_nothing_from_elsewhere(path: Path) -> None:
    markup = read_page(path)
    assert "<p>Sample page. The publisher is fictional.</p>" in markup
    references = References()
    references.feed(markup)
    assert references.loaded
    for address in references.loaded + references.linked:
        assert re.match(r"/(?!/)|#|\{\{SAMPLE_WEB\}\}/", address), address
    assert not re.search(r"url\(|@import|<script(?! type=\"application/ld\+json\")", markup)


def test_every_page_with_figures_names_their_public_source(listing: dict[str, Any]) -> None:
    checked = 0
    for row in listing["pages"]:
        if "file" not in row:
            continue
        text = read_article_text(read_page(SAMPLES / "web" / row["file"]))
        for source in row["public_sources"]:
            assert source in text, (row["path"], source)
        if row.get("figures") == "fictional":
            assert "fictional" in text
        elif FIGURE.search(text):
            assert row["public_sources"], row["path"]
            checked += 1
    assert checked >= 15


def test_internal_links_lead_somewhere(listing: dict[str, Any]) -> None:
    known = {row["path"] for row in listing["pages"]}
    known |= {row["prefix"] for row in listing["publishers"]} | {"/", "/assets/site.css"}
    for path in HTML_FILES:
        references = References()
        references.feed(read_page(path))
        for address in references.loaded + references.linked:
            target = address.removeprefix("{{SAMPLE_WEB}}")
            assert target in known or target.startswith("#"), (path.name, address)


def test_the_sample_web_has_every_kind_of_page(listing: dict[str, Any]) -> None:
    rows = listing["pages"]
    assert len([row for row in rows if "file" in row]) >= 18
    files = {row["file"] for row in rows if "file" in row}
    assert files == {path.relative_to(SAMPLES / "web").as_posix() for path in HTML_FILES}
    kinds = {row["source_type"] for row in rows}
    assert {"official", "academic", "agency", "media", "primary", "social"} <= kinds
    assert kinds <= {kind.value for kind in SourceType}
    behaviours = Counter(row["behaviour"] for row in rows)
    assert set(behaviours) == {"page", "slow", "gone", "missing", "redirect", "disallowed"}


def test_publishers_are_found_by_prefix(listing: dict[str, Any]) -> None:
    for row in listing["pages"]:
        owners = [
            publisher
            for publisher in listing["publishers"]
            if row["path"].startswith(publisher["prefix"])
        ]
        assert len(owners) == 1
        assert (owners[0]["name"], owners[0]["source_type"]) == (
            row["publisher"],
            row["source_type"],
        )


@pytest.mark.parametrize(
    ("original", "copy"),
    [
        (
            "/northwire/2025/10/china-twelve-rare-earths",
            "/harbour-gazette/2025/10/china-extends-export-controls",
        ),
        (
            "/northwire/2025/09/pakistan-minerals-memorandum",
            "/meridian-press/2025/09/pakistan-minerals-deal",
        ),
    ],
)
def test_republished_pages_repeat_the_wire_word_for_word(original: str, copy: str) -> None:
    site = load_site(SAMPLES / "web")
    body = site.pages[original].text.split("(Northwire) - ")[1]
    assert len(body) > 400
    assert body in site.pages[copy].text
    assert "Northwire" in site.pages[copy].text.split(body)[1]


def test_people_teams_and_scales_use_the_workbench_words(manifest: dict[str, Any]) -> None:
    teams = {team["slug"]: team for team in manifest["teams"]}
    people = {person["username"]: person for person in manifest["people"]}
    scales = {scale["slug"]: scale for scale in manifest["rating_scales"]}
    assert set(teams) == {"economy-desk", "science-desk"}
    for person in people.values():
        assert person["team"] in teams
        assert Role(person["role"]) is not Role.ADMIN
        assert person["password"] == f"demo-{person['username']}"
    for team in teams.values():
        assert team["scale"] in scales
        ConfirmationPolicy(team["confirmation"])
        roles = [p["role"] for p in people.values() if p["team"] == team["slug"]]
        assert {"lead", "reviewer"} <= set(roles)
    for row in manifest["articles"]:
        assert people[row["added_by"]]["team"] == row["team"]


def test_rating_scales_stay_within_their_bounds(manifest: dict[str, Any]) -> None:
    for scale in manifest["rating_scales"]:
        ratings = scale["ratings"]
        values = [rating["value"] for rating in ratings]
        assert [rating["position"] for rating in ratings] == list(range(1, len(ratings) + 1))
        if scale["is_ordered"]:
            assert values == sorted(set(values), reverse=True)
            assert (values[0], values[-1]) == (scale["best"], scale["worst"])
        else:
            assert {*values, scale["best"], scale["worst"]} == {None}
        for rating in scale["ratings"]:
            assert rating["claimreview_value"] in {1, 2, 3, 4, 5, None}
            assert rating["definition"].endswith(".")
            assert contrast_with_white(rating["colour"]) >= 4.5, rating["label"]


def contrast_with_white(colour: str) -> float:
    """The WCAG 2 contrast ratio of ``#rrggbb`` against white."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)
