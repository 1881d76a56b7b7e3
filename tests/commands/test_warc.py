"""``export_warc`` and ``import_warc`` as a terminal sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims.models import Snapshot
from tests.commands.running import call
from tests.people import add_evidence, make_desk, make_team, open_one


@pytest.mark.django_db(transaction=True)
def test_a_teams_copies_go_to_a_file_and_into_another_team(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    team = make_desk().team
    ticket = open_one(team)
    for number in range(3):
        add_evidence(ticket, f"Line {number} of the ledger.")
    other = make_team("far-desk")
    target = tmp_path / "all.warc.gz"
    assert call("export_warc", "--team", team.slug, "--output", str(target)) == 0
    capfd.readouterr()
    assert call("import_warc", str(target), "--team", other.slug, "--json") == 0
    told = json.loads(capfd.readouterr().out)
    assert told == {"new": 3, "known": 0, "left_out": 0, "reasons": []}
    assert Snapshot.objects.filter(page__team=other).count() == 3
    assert call("import_warc", str(target), "--team", other.slug) == 0
    assert "0 new copies, 3 were here already" in capfd.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_one_page_is_chosen_and_mistakes_end_with_2(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    team = make_desk().team
    page = add_evidence(open_one(team), "Line 1 of the ledger.").passage.snapshot.page
    target = tmp_path / "one.warc.gz"
    assert call("export_warc", page.url, "--team", team.slug, "--output", str(target)) == 0
    assert target.read_bytes()[:2] == b"\x1f\x8b"
    broken = tmp_path / "broken.warc"
    broken.write_text("Dear editor,\n")
    for words in (
        ("export_warc", "https://nowhere.example/", "--team", team.slug),
        ("export_warc", "ftp://x", "--team", team.slug),
        ("import_warc", str(broken), "--team", team.slug),
        ("import_warc", str(tmp_path / "none.warc"), "--team", team.slug),
    ):
        assert call(*words) == 2, words
    assert "Record 1 is not WARC" in capfd.readouterr().err
