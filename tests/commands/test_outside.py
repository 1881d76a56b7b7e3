"""``import_fact_checks`` and ``load_money_table`` as a terminal sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from claims.models import FactCheck, MoneyTable
from tests.commands.running import call
from tests.people import make_desk

CHECKS = "claim,url,rating\nSalt fell to 3 tonnes.,https://a.example/1,Mixed\n"


@pytest.mark.django_db(transaction=True)
def test_files_are_taken_in_or_refused_whole(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    desk = make_desk()
    checks, rates = tmp_path / "checks.csv", tmp_path / "rates.csv"
    checks.write_text(CHECKS)
    rates.write_text("date,currency,rate\n2024,USD,1.08\n")
    team = ("--team", desk.team.slug)
    assert call("import_fact_checks", str(checks), *team, "--user", "ada", "--json") == 0
    assert json.loads(capfd.readouterr().out) == {"total": 1, "new": 1}
    assert FactCheck.objects.get().added_by == desk.ada
    load = ("load_money_table", str(rates), *team, "--name", "Bank")
    assert call(*load) == 2
    assert "Say which currency" in capfd.readouterr().err
    assert call(*load, "--base", "EUR") == 0
    assert "Bank: exchange rates, 1 values of USD" in capfd.readouterr().out
    assert call(*load, "--base", "EUR") == 2
    assert call(*load, "--base", "EUR", "--replace", "--json") == 0
    assert json.loads(capfd.readouterr().out)["currencies"] == ["USD"]
    assert call(*load, "--base", "EUR", "--replace", "--user", "ben") == 2
    assert "--user: only leads of the team load tables of money." in capfd.readouterr().err
    assert MoneyTable.objects.count() == 1
    checks.write_text(CHECKS + ",https://a.example/2,x\n")
    for wrong in (("--user", "nobody"), ("--team", "none"), ()):
        assert call("import_fact_checks", str(checks), *team, *wrong) == 2
    assert "line 3, column 1 (claim)" in capfd.readouterr().err
    assert call("import_fact_checks", str(tmp_path / "missing.csv"), *team) == 2
    assert FactCheck.objects.count() == 1
