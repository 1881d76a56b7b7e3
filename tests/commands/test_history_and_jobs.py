"""``verify_history``, ``sweep_jobs`` and ``fetch_page`` as a terminal sees them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db.models.functions import Now

from claims.models import Job, Ticket
from claims.vocabulary import FetchReason, JobKind
from tests.commands.running import call, run
from tests.people import make_desk, make_team, ready_one
from tests.site.server import Site

FETCH_KEYS = [
    "outcome",
    "reason",
    "final_url",
    "status",
    "content_type",
    "bytes",
    "sha256",
    "seconds",
]
HISTORY_KEYS = {
    "ok", "tickets", "events", "head", "last_event", "records", "record_head", "head_matches",
    "first_bad",
}  # fmt: skip

Printed = pytest.CaptureFixture[str]


def printed(capfd: Printed) -> dict[str, object]:
    (line,) = capfd.readouterr().out.splitlines()
    told: dict[str, object] = json.loads(line)
    return told


# verify_history ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_history_holds_and_its_head_goes_on_holding(capfd: Printed, tmp_path: Path) -> None:
    desk = make_desk()
    ready_one(desk.team)
    assert call("verify_history", "--json") == 0
    told = printed(capfd)
    assert set(told) == HISTORY_KEYS
    assert (told["ok"], told["tickets"], told["events"], told["first_bad"]) == (True, 1, 3, None)
    kept = tmp_path / "head.json"
    kept.write_text(json.dumps(told))
    ready_one(desk.team)
    assert call("verify_history", "--json", "--head", str(kept)) == 0
    assert printed(capfd)["head_matches"] is True
    bare = tmp_path / "head.txt"
    bare.write_text(str(told["head"]))
    assert call("verify_history", "--json", "--head", str(bare)) == 1
    assert printed(capfd)["head_matches"] is False


@pytest.mark.django_db(transaction=True)
def test_a_broken_history_is_exit_1_and_names_the_row(capfd: Printed) -> None:
    ticket = ready_one(make_desk().team)
    Ticket.objects.filter(pk=ticket.pk).update(state="closed")
    ended = run("verify_history", "--json")
    assert ended.code == 1
    assert ended.object["first_bad"]["ticket"] == ticket.pk
    assert call("verify_history") == 1
    assert f"ticket {ticket.pk}, event 3: history ends ready" in capfd.readouterr().out


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("content", [None, b"", b"{", b"[1]", b"\xff\xfe\x00", b"{}", b"abc"])
def test_a_head_that_is_none_is_exit_2(
    content: bytes | None, tmp_path: Path, capfd: Printed
) -> None:
    kept = tmp_path / "head"
    if content is not None:
        kept.write_bytes(content)
    assert call("verify_history", "--head", str(kept)) == 2
    assert "--head" in capfd.readouterr().err


# sweep_jobs --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_one_sweep_says_what_it_found(capfd: Printed) -> None:
    team = make_team("harbour-desk")
    Job.objects.owe_many(JobKind.FETCH, ["1", "2", "3"], team=team)
    Job.objects.lease((JobKind.FETCH,), limit=2, seconds=60)
    Job.objects.filter(state="leased").update(lease_until=Now() - timedelta(seconds=1))
    assert call("sweep_jobs", "--once") == 0
    assert printed(capfd) == {
        "retaken": 2,
        "failed": 0,
        "reservations_expired": 0,
        "reminded": 0,
        "weighings_owed": 0,
        "matchings_owed": 0,
        "tickets_begun": 0,
        "due_fetch": 3,
        "due_analyse": 0,
        "due_send": 0,
    }


# fetch_page --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "address_refused"),
        ("http://[::1]/", "address_refused"),
        ("http://169.254.169.254/latest/meta-data", "address_refused"),
        ("ftp://example.org/", "scheme_refused"),
        ("http://user:pw@example.org/", "credentials_refused"),
        ("http://127.0.0.1:6379/", "port_refused"),
        ("nonsense", "url_invalid"),
    ],
)
def test_what_is_refused_is_exit_1_with_a_reason_of_the_list(
    url: str, reason: str, capfd: Printed
) -> None:
    assert call("fetch_page", url, "--json") == 1
    told = printed(capfd)
    assert list(told) == FETCH_KEYS
    assert (told["outcome"], told["reason"]) == ("refused", reason)
    assert isinstance(told["seconds"], float)
    assert reason in set(FetchReason)


def test_a_page_on_an_allowed_port(settings: LazySettings, capfd: Printed) -> None:
    with Site() as site:
        settings.FETCH_ALLOW = (site.address,)
        assert call("fetch_page", site.url("/article"), "--json", "--text") == 0
        told = printed(capfd)
        assert list(told) == [*FETCH_KEYS, "text", "cut", "media"]
        assert (told["outcome"], told["reason"], told["status"]) == ("ok", None, 200)
        assert len(str(told["sha256"])) == 64
        assert told["text"]
        assert told["cut"] is False
        shown = "<figure><img src=/a.jpg><figcaption>A crane.</figcaption></figure><p>Salt.</p>"
        address = site.add("/shown", shown)
        assert call("fetch_page", address, "--json", "--text") == 0
        image = {"kind": "image", "url": site.url("/a.jpg")}
        assert printed(capfd)["media"] == [image | {"caption": "A crane.", "description": ""}]
        assert call("fetch_page", address, "--text") == 0
        assert f"media 1       image {site.url('/a.jpg')} – A crane." in capfd.readouterr().out
        assert call("fetch_page", site.url("/status?code=410"), "--json") == 1
        assert printed(capfd)["outcome"] == "failed"


def test_fetch_page_needs_neither_database_nor_broker() -> None:
    with Site() as site:
        ended = run(
            "fetch_page",
            site.url("/article"),
            "--json",
            DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
            REDIS_URL="redis://127.0.0.1:1/0",
            FACTCHECK_FETCH_ALLOW=f"127.0.0.1:{site.port}",
        )
    assert ended.code == 0, ended.err
    assert ended.object["outcome"] == "ok"
    assert ended.err == ""
