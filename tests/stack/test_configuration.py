"""Every setting that is read is described, and every one described is read."""

from __future__ import annotations

import re

from factcheck.stack.command import read_logins
from factcheck.stack.state import PROJECT_ROOT

NAME = re.compile(r"\b(?:FACTCHECK_[A-Z_]+[A-Z]|DATABASE_URL|REDIS_URL)\b")
# Code, and the files that hand variables to it.
READERS = ["factcheck/**/*.py", "claims/**/*.py", "benchmarks/**/*.py", "docker-compose.yml"]


def test_the_settings_read_are_the_settings_described() -> None:
    read = {
        name
        for pattern in READERS
        for path in PROJECT_ROOT.glob(pattern)
        for name in NAME.findall(path.read_text("utf-8"))
    }
    described = set(NAME.findall((PROJECT_ROOT / "docs/CONFIGURATION.md").read_text("utf-8")))
    assert read == described


def test_no_secret_has_a_default_in_compose() -> None:
    text = (PROJECT_ROOT / "docker-compose.yml").read_text("utf-8")
    for name in ("FACTCHECK_SECRET_KEY", "FACTCHECK_POSTGRES_PASSWORD"):
        uses = re.findall(rf"\${{?{name}[^}}]*}}?", text)
        assert uses
        assert set(uses) == {f"${{{name}:?set it}}"}
    example = (PROJECT_ROOT / ".env.example").read_text("utf-8")
    assert "\nFACTCHECK_SECRET_KEY=\n" in example
    assert "\nFACTCHECK_POSTGRES_PASSWORD=\n" in example


def test_every_login_of_the_demo_is_told_with_its_desk() -> None:
    told = read_logins()
    assert told[0].startswith("Log in")
    assert "  ada     demo-ada      lead, economy-desk" in told
    assert "  admin   demo-admin    admin" in told
