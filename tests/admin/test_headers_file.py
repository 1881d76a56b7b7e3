"""In production mode the headers of every type of page equal a stored file, byte for byte."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from factcheck.headers import STRICT_POLICY
from factcheck.stack.state import PROJECT_ROOT
from tests.admin.headers.ask import HOST
from tests.stack.test_apart import production

STORED = Path(__file__).parent / "headers" / "production.txt"
# Set to 1 to write the file anew; the change is then read like any other.
KEEP = "FACTCHECK_KEEP_HEADERS"


@pytest.fixture
def environ(db: None, tmp_path: Path) -> dict[str, str]:
    return {
        **production(tmp_path, 0),
        "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        "FACTCHECK_SECRET_KEY": hashlib.sha256(b"a test").hexdigest(),
        "FACTCHECK_ALLOWED_HOSTS": HOST,
        "FACTCHECK_BEHIND_PROXY": "1",
    }


def run(environ: dict[str, str], *arguments: str) -> str:
    told = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT_ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-3000:]
    return told.stdout + told.stderr


def sections(text: str) -> dict[str, dict[str, str]]:
    """Title → header → value, from the file."""
    found = {}
    for part in text.split("## ")[1:]:
        title, status, *lines = part.strip().split("\n")
        found[title] = {"status": status, **dict(line.split(": ", 1) for line in lines)}
    return found


def test_the_headers_equal_the_stored_file(environ: dict[str, str]) -> None:
    told = run(environ, "-m", "tests.admin.headers.ask")
    if os.environ.get(KEEP):
        STORED.write_text(told, "utf-8")
    assert told == STORED.read_text("utf-8")


def test_the_stored_file_says_what_it_should() -> None:
    """So that a file written anew cannot quietly hold less."""
    pages = sections(STORED.read_text("utf-8"))
    assert len(pages) >= 25
    for title, told in pages.items():
        assert told["X-Content-Type-Options"] == "nosniff", title
        assert told["X-Frame-Options"] == "DENY", title
        assert "Access-Control-Allow-Origin" not in told, title
        policy = told["Content-Security-Policy"]
        assert policy == STRICT_POLICY or "script-src 'self'" in policy, title
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
        if "plain http" not in title:
            assert told["Strict-Transport-Security"].startswith("max-age=31536000"), title
        cookie = told.get("Set-Cookie", "Secure; HttpOnly; SameSite=Lax")
        assert title == "signing out" or all(
            word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax")
        ), title
    statuses = {told["status"] for told in pages.values()}
    assert {"200", "301", "302", "400", "403", "404", "500"} <= statuses


def test_djangos_own_check_for_production_finds_nothing(environ: dict[str, str]) -> None:
    told = run(environ, "manage.py", "check", "--deploy", "--fail-level", "ERROR")
    # The database of a test run is thrown away; it is told so, and nothing else is.
    assert set(re.findall(r"\((\w+\.[DIWEC]\d+)\)", told)) <= {"factcheck.W023"}
    assert "(0 silenced)" in told
