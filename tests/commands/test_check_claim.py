"""``check_claim`` as a terminal sees it: real pages, nothing stored, no server needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import run
from tests.site.server import Site

CLAIM = "The harbour of Varnholm handled nearly 48,000 tonnes of salt in 2023."
PAGE = """<html lang="en"><head><title>{title}</title></head><body><main><h1>{title}</h1>
<p>{said}</p><p>The harbour office keeps its books in the old customs house by the quay.</p>
</main></body></html>"""
YEARBOOK = "The harbour of Varnholm handled 47,300 tonnes of salt in 2023, the yearbook shows."
CUSTOMS = "In 2023 the harbour of Varnholm handled 31,000 tonnes of salt, the customs office said."
NOWHERE = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "FACTCHECK_WIKIPEDIA_API_URL": "off",
}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def pages(site: Site) -> list[str]:
    html = {"content_type": "text/html; charset=utf-8"}
    return [
        site.add("/yearbook", PAGE.format(title="Yearbook", said=YEARBOOK), **html),
        site.add("/customs", PAGE.format(title="Customs", said=CUSTOMS), **html),
    ]


def test_the_chain_is_printed_with_the_arithmetic(site: Site, pages: list[str]) -> None:
    allow = {"FACTCHECK_FETCH_ALLOW": f"127.0.0.1:{site.port}"}
    urls = [part for url in (*pages, site.url("/status?code=410")) for part in ("--url", url)]
    ended = run("check_claim", CLAIM, *urls, "--json", **NOWHERE, **allow)
    assert ended.code == 0, ended.err
    told = ended.object
    assert told["claim"]["quantities"][0]["value"] == 48000
    by_page = {Path(piece["url"]).name: piece for piece in reversed(told["evidence"])}
    assert by_page["yearbook"]["comparison"]["outcome"] == "match", told
    assert by_page["yearbook"]["stance"] == "supports"
    assert by_page["yearbook"]["quote"].startswith(YEARBOOK)
    assert by_page["customs"]["comparison"]["outcome"] == "differs"
    assert by_page["customs"]["comparison"]["difference"]["absolute"] == -17000
    assert told["pages"] == 2
    assert told["searches"] == []
    assert [one["reason"] for one in told["unread"]] == ["gone"]
    told_to_people = run("check_claim", CLAIM, *urls, **NOWHERE, **allow)
    said = told_to_people.out.decode()
    assert "Differs: 31,000 tonnes = 31,000 metric ton, for 2023 (-35.4%)" in said
    assert "2 pages read, at most" in said


def test_the_articles_links_are_followed(site: Site, pages: list[str], tmp_path: Path) -> None:
    article = tmp_path / "story.md"
    body = " ".join(f"Berth {number} of the quay was built for grain." for number in range(12))
    copy = site.add("/copy", f"<article><p>{CLAIM} {body}</p></article>")
    article.write_text(
        f"# Salt comes back\n\nNovember 18, 2025\n\n{CLAIM} {body} "
        f"The [yearbook]({pages[0]}) has the figure, [another site]({copy}) the story.\n"
    )
    allow = {"FACTCHECK_FETCH_ALLOW": f"127.0.0.1:{site.port}"}
    ended = run("check_claim", CLAIM, "--article", str(article), "--json", **NOWHERE, **allow)
    assert ended.code == 0, ended.err
    told = ended.object
    asked = [(one["provider"], one["outcome"], one["results"]) for one in told["searches"]]
    assert asked == [("cited", "found", 2)]
    # A copy of the claim's own article is shown, and counted as no origin.
    pieces = {Path(piece["url"]).name: piece["is_own_copy"] for piece in told["evidence"]}
    assert (pieces, told["pages"], told["origins"]) == ({"yearbook": False, "copy": True}, 2, 1)


def test_a_page_named_twice_is_one_and_no_words_steer_the_terminal(
    site: Site, pages: list[str]
) -> None:
    allow = {"FACTCHECK_FETCH_ALLOW": f"127.0.0.1:{site.port}"}
    turned = f"\x1b[31m{CLAIM}\u202e"
    ended = run(
        "check_claim", turned, "--url", pages[0], "--url", f"{pages[0]}#top", **NOWHERE, **allow
    )
    said = ended.out.decode()
    assert "1 page read, at most 1 independent origin." in said
    assert not {"\x1b", "\u202e"} & set(said)


def test_nothing_found_is_exit_1_and_says_what_was_asked(site: Site) -> None:
    site.add("/search", '{"results": []}', content_type="application/json")
    ended = run("check_claim", CLAIM, "--json", **NOWHERE | {"FACTCHECK_SEARXNG_URL": site.url("")})
    assert ended.code == 1
    assert ended.object["evidence"] == []
    asked = ended.object["searches"]
    assert {one["provider"] for one in asked} == {"searxng"}
    assert {(one["outcome"], one["results"], one["problem"]) for one in asked} == {
        ("found_nothing", 0, None)
    }
    assert all("Varnholm" in one["query"] for one in asked)
    silent = NOWHERE | {"FACTCHECK_SEARXNG_URL": "http://127.0.0.1:9"}
    said = run("check_claim", CLAIM, **silent).out.decode()
    assert "0 pages read" in said
    assert "Nothing that was read bears on this claim." in said
    assert f"asked searxng: {asked[0]['query']} · could not reach: " in said


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("",), "TEXT"),
        (("x" * 3000,), "TEXT"),
        ((CLAIM, "--url", "http://10.0.0.1/"), "url"),
        ((CLAIM, "--url", "nonsense"), "url"),
        ((CLAIM, "--article", "/nonexistent.txt"), "/nonexistent.txt"),
        ((CLAIM, "--published", "yesterday"), "--published"),
    ],
)
def test_bad_input_is_exit_2_and_names_it(arguments: tuple[str, ...], named: str) -> None:
    ended = run("check_claim", *arguments, **NOWHERE)
    assert ended.code == 2
    assert named in ended.err
    assert "Traceback" not in ended.err
