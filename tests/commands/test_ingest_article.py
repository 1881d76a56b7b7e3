"""``ingest_article`` and ``detect_claims``: the contract's objects, exit codes, one-line errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims.management.commands.ingest_article import tell
from claims.models import Article, Claim, Evidence, Job, Team, Ticket
from claims.text.kept import keep_text
from claims.workflow.detect import detect_article
from claims.workflow.equip import first_team
from claims.workflow.triage import triage_article
from tests.commands.running import call, run
from tests.people import add_evidence, make_team

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = (
    "Salt at Varnholm\n\nBy Ines Tidewater\n\n18 November 2025\n\n"
    "The harbour handled nearly 48,000 tonnes of salt in 2023, the port authority said. "
    "It was a fine day and people walked along the pier.\n"
)
QUANTITY_KEYS = {
    "text", "start", "end", "value", "low", "high", "unit", "unit_name", "kind", "bound", "hedge",
    "change", "counted", "measured", "of_what", "period",
}  # fmt: skip
CLAIM_KEYS = {
    "text", "start", "end", "score", "reasons", "claimant", "self_contained", "quantities",
    "hints", "resolved",
}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> str:
    file = tmp_path / "salt.txt"
    file.write_text(TEXT, encoding="utf-8")
    return str(file)


def test_the_object_has_exactly_the_contracts_keys(path: str) -> None:
    assert call("ingest_article", path) == 0
    article = Article.objects.get()
    detect_article(article)
    triage_article(article)
    article.refresh_from_db()
    add_evidence(Ticket.objects.all()[0], suggested_stance="refutes")
    told = tell(article)
    assert set(told) == {"article", "claims"}
    assert told["article"] == {
        "id": article.pk,
        "title": "Salt at Varnholm",
        "byline": "Ines Tidewater",
        "published": "2025-11-18",
        "language": "en",
    }
    (claim,) = told["claims"]
    assert set(claim) == CLAIM_KEYS | {"ticket", "state", "evidence"}
    assert claim["evidence"] == {"supports": 0, "refutes": 1, "neutral": 0}
    assert claim["state"] == "open"
    for number in claim["quantities"]:
        assert set(number) == QUANTITY_KEYS
        assert article.text[number["start"] : number["end"]] == number["text"]
    assert article.text[claim["start"] : claim["end"]] == claim["text"]


def test_a_file_in_a_process(path: str) -> None:
    ended = run("ingest_article", path, "--json")
    assert ended.code == 0, ended.err
    assert ended.object["claims"] == []
    assert ended.object["article"]["id"] == Article.objects.get().pk
    assert ended.err.splitlines()[-1] == "Team: newsdesk (made now)"
    assert Job.objects.get().kind == "detect"


@pytest.mark.parametrize("lead", ["", "\ufeff", "\n\n  "])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_offsets_are_of_the_text_as_given(
    tmp_path: Path, lead: str, line_end: str, capfd: pytest.CaptureFixture[str]
) -> None:
    text = TEXT.replace("nearly 48,000 tonnes", "nearly 48,000\ntonnes").replace("\n", line_end)
    file = tmp_path / "salt.md"
    file.write_bytes((lead + text).encode())
    given = (lead + text).removeprefix("\ufeff")
    assert call("ingest_article", str(file)) == 0
    article = Article.objects.get()
    detect_article(article)
    triage_article(article)
    capfd.readouterr()
    assert call("ingest_article", str(file), "--json") == 0
    told = json.loads(capfd.readouterr().out)["claims"]
    assert call("detect_claims", str(file)) == 0
    seen = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert told
    assert seen
    for claim in [*told, *seen]:
        for one in (claim, *claim["quantities"]):
            assert given[one["start"] : one["end"]].replace("\r\n", "\n") == one["text"]


def test_standard_input_and_the_same_again(capfd: pytest.CaptureFixture[str]) -> None:
    made = make_team("harbour-desk")
    text = TEXT.encode("utf-8-sig")
    ended = run("ingest_article", "-", "--team", "harbour-desk", "--json", stdin=text)
    assert ended.code == 0, ended.err
    article = Article.objects.get()
    assert (article.team, article.text) == (made, TEXT.strip())
    again = run("ingest_article", "-", "--team", "harbour-desk", stdin=text)
    assert again.code == 0
    assert f"Known before: article {article.pk}" in again.err
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "body", "said"),
    [
        ([], b"", "empty"),
        ([], b"salt\x00ships", "NUL byte"),
        ([], b"x" * (10 * 1024 * 1024 + 1), "over 10 MB"),
        (["--team", "nowhere"], b"Salt ships came.", "--team: there is no team"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(
    arguments: list[str],
    body: bytes,
    said: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    first_team()
    file = tmp_path / "bad.txt"
    file.write_bytes(body)
    assert call("ingest_article", str(file), *arguments, "--json") == 2
    told = capfd.readouterr()
    assert told.out == ""
    assert said in told.err.splitlines()[-1]
    assert "Traceback" not in told.err
    assert not Article.objects.exists()


def test_too_much_on_standard_input_is_one_line_and_exit_2() -> None:
    first_team()
    ended = run("ingest_article", "-", "--json", stdin=b"x" * (10 * 1024 * 1024 + 1))
    assert (ended.code, ended.out) == (2, b"")
    assert "over 10 MB" in ended.error_lines[-1]
    assert "Traceback" not in ended.err
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("/nowhere/at/all.txt", "cannot be read: No such file"),
        ("/", "is a folder"),
        ("", "Name a file"),
        ("ftp://gazette.example/a", "url: Only http and https"),
        ("http://127.0.0.1/a", "url: 127.0.0.1 is a private address"),
        ("http://user:secret@gazette.example/", "url: The address holds a user name"),
    ],
)
def test_a_source_that_cannot_be_read_is_exit_2(
    source: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call("ingest_article", source) == 2
    told = capfd.readouterr().err.strip().splitlines()[-1]
    assert said in told
    assert "secret" not in told
    assert not Article.objects.exists()


def test_a_wrong_type_is_exit_2(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"\x89PNG\r\n")
    assert call("ingest_article", str(photo)) == 2
    assert "upload: “.png” is not read here" in capfd.readouterr().err


def test_not_ready_in_time_is_exit_1(path: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert call("ingest_article", path, "--wait", "--timeout", "0.3") == 1
    assert "Not everything was ready within 0.3 s." in capfd.readouterr().err


def test_a_missing_database_is_exit_3(path: str) -> None:
    ended = run("ingest_article", path, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert ended.code == 3
    assert "Traceback" not in ended.err
    assert "database" in ended.error_lines[-1].lower()


# detect_claims ---------------------------------------------------------------------------


def test_detect_claims_needs_no_database_and_agrees_with_ingest(path: str) -> None:
    ended = run(
        "detect_claims",
        path,
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
        REDIS_URL="redis://127.0.0.1:1/0",
    )
    assert ended.code == 0, ended.err
    claims = [json.loads(line) for line in ended.out.decode("utf-8").splitlines()]
    assert all(set(claim) == CLAIM_KEYS for claim in claims)
    assert all(TEXT.strip()[one["start"] : one["end"]] == one["text"] for one in claims)
    call("ingest_article", path)
    detect_article(Article.objects.get())
    stored = set(Claim.objects.values_list("text", flat=True))
    assert stored <= {claim["text"] for claim in claims}


def test_detect_claims_refuses_what_is_no_text(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>Salt</p>")
    assert call("detect_claims", str(page)) == 2
    assert call("detect_claims", str(tmp_path / "none.txt")) == 2
    empty = tmp_path / "empty.txt"
    empty.write_text("  ")
    assert call("detect_claims", str(empty)) == 2
    assert "Traceback" not in capfd.readouterr().err


# load_samples ---------------------------------------------------------------------------


def test_samples_twice_are_samples_once(capfd: pytest.CaptureFixture[str]) -> None:
    assert call("load_samples") == 0
    counts = Team.objects.count(), Article.objects.count(), Job.objects.count()
    assert counts[0] >= 2
    assert counts[1] >= 3
    Article.objects.filter(pk=Article.objects.latest("pk").pk).update(title="Edited")
    assert call("load_samples") == 0
    assert counts == (Team.objects.count(), Article.objects.count(), Job.objects.count())
    assert Article.objects.filter(title="Edited").exists()
    assert not Evidence.objects.exists()


def test_hints_and_resolutions_count_characters_of_the_text_as_given(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (
        "\r\n\r\nSalt at Varnholm\r\n\r\n18 November 2025\r\n\r\n"
        "It was a fine day. The harbour’s trade rose 25 % from 40 to 60 tonnes last year.\r\n"
    )
    file = tmp_path / "hinted.txt"
    file.write_bytes(text.encode())
    assert call("ingest_article", str(file)) == 0
    article = Article.objects.get()
    detect_article(article)
    assert call("detect_claims", str(file)) == 0
    printed = [json.loads(line) for line in capfd.readouterr().out.splitlines() if "start" in line]
    stored = tell(article, given=keep_text(text))["claims"]
    for claims in (printed, [one for one in stored if one["hints"] or one["resolved"]]):
        (dated,) = [found for one in claims for found in one["resolved"]]
        assert (text[dated["start"] : dated["end"]], dated["meaning"]) == ("last year", "2024")
        (hint,) = [found for one in claims for found in one["hints"]]
        assert hint["kind"] == "change"
        assert [text[one["start"] : one["end"]] for one in hint["spans"]] == [
            "40 to 60 tonnes",
            "25 %",
        ]


def test_parts_of_a_sentence_are_claims_of_their_own(tmp_path: Path) -> None:
    said = "In 2024, output rose 12 % to 3 million tonnes and exports fell 5 %."
    first, second = ("Salt at Varnholm", said), ("Salt at Olmia", said.replace("12", "14"))
    for title, sentence in (first, second):
        file = tmp_path / f"{title}.txt"
        file.write_text(f"{title}\n\n{sentence}\n", encoding="utf-8")
        assert call("ingest_article", str(file)) == 0
        detect_article(Article.objects.get(title=title))
    falls = Claim.objects.filter(text="exports fell 5 %.")
    # The same words of two sentences are two claims.
    assert [claim.self_contained for claim in falls] == ["[In 2024,] exports fell 5 %."] * 2
    assert all(claim.context_before.endswith("tonnes and") for claim in falls)
    assert [number.value for number in falls[0].quantities.all()] == [5.0]
    quantity = falls[0].quantities.get()
    assert falls[0].text[quantity.start : quantity.end] == "5 %"


def test_a_known_address_is_read_again_where_that_is_asked(
    capfd: pytest.CaptureFixture[str],
) -> None:
    team = make_team("harbour-desk")
    url = "https://port.example/figures"
    known = Article.objects.create(
        team=team, url=url, canonical_url=url, text=TEXT, sha256="a", state="read"
    )
    given = ("ingest_article", f"{url}#top", "--team", team.slug)
    assert call(*given) == 0
    assert f"article {known.pk}; --again reads its page once more" in capfd.readouterr().err
    assert not Job.objects.exists()
    assert call(*given, "--again") == 0
    assert f"article {known.pk}; its page is read again" in capfd.readouterr().err
    assert [job.kind for job in Job.objects.all()] == ["fetch_article"]
