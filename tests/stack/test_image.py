"""The files that make containers: what they must hold, and what they must not."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from factcheck.stack.state import PROJECT_ROOT
from tests.stack.compose import OURS, copied_paths, read_compose, read_dockerfile

SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|API_KEY", re.IGNORECASE)


def is_valid(path: Path) -> bool:
    """Whether the compose specification (of the check-jsonschema package) takes the file."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    return subprocess.run([*command, str(path)], capture_output=True, check=False).returncode == 0


def test_the_compose_file_is_what_the_specification_says(tmp_path: Path) -> None:
    assert is_valid(PROJECT_ROOT / "docker-compose.yml")
    text = (PROJECT_ROOT / "docker-compose.yml").read_text("utf-8")
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(text.replace("depends_on:", "depend_on:"))
    assert not is_valid(wrong)


def test_every_image_is_pinned_to_a_version() -> None:
    images = [words.split()[0] for name, words in read_dockerfile() if name == "FROM"]
    services = read_compose()
    images += [services[name]["image"] for name in ("postgres", "valkey")]
    assert len(images) == 3
    for image in images:
        _, _, tag = image.rpartition(":")
        assert re.match(r"\d", tag), image


def test_the_image_runs_as_an_ordinary_user_without_secrets() -> None:
    instructions = read_dockerfile()
    names = [name for name, _ in instructions]
    user = dict(instructions)["USER"]
    assert user not in ("root", "0")
    assert names.index("USER") < names.index("CMD")
    assert names.count("USER") == 1
    assert "ADD" not in names
    for name, words in instructions:
        assert name not in ("ENV", "ARG") or not SECRET.search(words), words
    pip = next(words for name, words in instructions if name == "RUN" and "pip" in words)
    assert "--require-hashes" in pip
    assert "--no-deps" in pip


def test_the_image_gets_only_paths_that_are_in_the_repository() -> None:
    if not (PROJECT_ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a clone, or no git")
    # A clone of somebody else's is still read.
    listing = ["git", "-c", "safe.directory=*", "ls-files"]
    tracked = subprocess.run(
        listing, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for source, _ in copied_paths():
        assert source not in (".", "./"), "a whole folder takes secrets and state along"
        assert any(path == source or path.startswith(f"{source}/") for path in tracked), source


def test_our_containers_may_do_little() -> None:
    for name in OURS:
        service = read_compose()[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service
    ports = {name: service.get("ports", []) for name, service in read_compose().items()}
    assert [name for name, given in ports.items() if given] == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in ports["web"])
