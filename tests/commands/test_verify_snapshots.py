"""``verify_snapshots`` as a terminal sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from tests.commands.running import call
from tests.people import add_evidence, make_desk, open_one


@pytest.mark.django_db(transaction=True)
def test_whole_copies_are_exit_0_and_a_damaged_one_is_named(
    capfd: pytest.CaptureFixture[str],
) -> None:
    ticket = open_one(make_desk().team)
    pieces = [add_evidence(ticket, f"Line {number} of the ledger.") for number in range(3)]
    assert call("verify_snapshots", "--json") == 0
    told = json.loads(capfd.readouterr().out)
    assert told == {"ok": True, "snapshots": 3, "deleted": 0, "damaged": 0, "bad": []}
    damaged = pieces[1].passage.snapshot
    Path(default_storage.path(damaged.body_path)).unlink()
    assert call("verify_snapshots", "--json") == 1
    told = json.loads(capfd.readouterr().out)
    assert (told["ok"], told["snapshots"], told["damaged"]) == (False, 3, 1)
    assert told["bad"][0]["snapshot"] == damaged.pk
    assert call("verify_snapshots") == 1
    said = capfd.readouterr().out
    assert f"snapshot {damaged.pk}: " in said
    assert "3 snapshots: 1 are not" in said
