"""``import_claims``: the contract's object, exit codes, and once however often it is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.models import Claim, ClaimImport, Ticket, TicketEvent
from tests.commands.running import call, run
from tests.people import Desk

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = {
    "import", "file", "team", "sha256", "stored", "rows", "new", "known", "repeated", "tickets",
    "unknown_columns", "duplicates", "problems", "problem_count",
}  # fmt: skip
BODY = b"claim,claimant\nFares rose by 12%.,Ada\nFares rose by 12%,\nExports fell by 3%.,\n"
SAMPLE = Path(__file__).parents[2] / "samples" / "claims.csv"


def test_in_a_process_it_previews_imports_and_repeats(desk: Desk) -> None:
    seen = run("import_claims", "-", "--team", "harbour-desk", "--preview", "--json", stdin=BODY)
    assert seen.code == 0, seen.err
    assert set(seen.object) == KEYS
    assert (seen.object["import"], seen.object["stored"]) == (None, False)
    assert not ClaimImport.objects.exists()
    done = run(
        "import_claims", "-", "--team", "harbour-desk", "--user", "dan", "--json", stdin=BODY
    )
    assert done.code == 0, done.err
    told = done.object
    assert set(told) == KEYS
    assert (told["rows"], told["new"], told["repeated"], told["tickets"]) == (3, 2, 1, 2)
    (double,) = told["duplicates"]
    assert (double["line"], double["became"], double["first_line"]) == (3, "repeated", 2)
    assert told["import"] == ClaimImport.objects.get().pk
    assert {event.actor for event in TicketEvent.objects.all()} == {desk.dan}
    again = run("import_claims", "-", "--team", "harbour-desk", "--json", stdin=BODY)
    assert again.code == 0
    assert again.object == {**told, "stored": False}
    assert Claim.objects.count() == Ticket.objects.count() == 2


@pytest.mark.parametrize(
    ("arguments", "body", "said"),
    [
        ([], b"claim,priority\na,x\n", "line 2, column 2 (priority): “x” is no priority"),
        ([], b"claim,claiment\na,x\n", "Did you mean claimant? Rename or delete it, or add --ign"),
        ([], b"", "line 1: The file is empty"),
        ([], b"x" * (10 * 1024 * 1024 + 1), "over 10 MB; split it into several files"),
        (["--user", "eve"], BODY, "--user: “eve” is no active member of harbour-desk"),
        (["--user", "nobody"], BODY, "--user:"),
        (["--team", "nowhere"], BODY, "--team: there is no team"),
    ],
)
def test_bad_input_is_exit_2_and_stores_nothing(
    desk: Desk, tmp_path: Path, capfd: pytest.CaptureFixture[str],
    arguments: list[str], body: bytes, said: str,
) -> None:  # fmt: skip
    file = tmp_path / "claims.csv"
    file.write_bytes(body)
    assert call("import_claims", str(file), "--team", "harbour-desk", *arguments) == 2
    told = capfd.readouterr()
    assert said in told.out + told.err
    assert "Traceback" not in told.err
    assert not ClaimImport.objects.exists()
    assert call("import_claims", "/nowhere.csv") == 2


def test_unknown_columns_are_left_out_when_asked(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_bytes(b"claim,colour\nFares rose by 5%.,red\n")
    assert call("import_claims", str(file), "--team", "harbour-desk", "--ignore-unknown") == 0
    assert Claim.objects.get().text == "Fares rose by 5%."


def test_the_sample_imports(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    assert call("import_claims", str(SAMPLE), "--team", "harbour-desk") == 0
    said = capfd.readouterr().out
    assert "claims.csv for harbour-desk: 8 rows: 7 new, 0 already here, 1 repeat a line" in said
    assert "Stored as import" in said


def test_a_missing_database_is_exit_3() -> None:
    ended = run(
        "import_claims", "-", stdin=BODY, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none"
    )
    assert ended.code == 3
    assert "Traceback" not in ended.err
