"""What docker-compose.yml and the Dockerfile say, for running it by hand."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from factcheck.stack.state import PROJECT_ROOT

OURS = ("migrate", "web", "fetch", "analyse", "beat")
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


def read_compose() -> dict[str, Any]:
    """The file's services by name, anchors and merges resolved."""
    compose = YAML(typ="safe").load((PROJECT_ROOT / "docker-compose.yml").read_text("utf-8"))
    return {name: dict(service) for name, service in compose["services"].items()}


def fill_in(text: str, given: Mapping[str, str]) -> str:
    """``${NAME:?why}`` and ``${NAME:-default}`` as compose reads them."""

    def value(found: re.Match[str]) -> str:
        name, kind = found["name"], found["kind"]
        if given.get(name):
            return given[name]
        if kind == "-":
            return found["rest"]
        raise AssertionError(f"compose would stop: {name} is not set")

    return VARIABLE.sub(value, text)


def read_environment(service: str, given: Mapping[str, str]) -> dict[str, str]:
    """A service's environment with the variables of ``.env`` filled in."""
    told = read_compose()[service]["environment"]
    return {name: fill_in(str(value), given) for name, value in told.items()}


def read_command(service: str) -> list[str]:
    """A service's own command, else the image's; its ``python`` is this one."""
    words = read_compose()[service].get("command") or read_image_command()
    assert words[0] == "python"
    return [sys.executable, *map(str, words[1:])]


def read_health_command(service: str) -> list[str]:
    """The words after ``CMD`` of a service's health condition."""
    kind, *words = map(str, read_compose()[service]["healthcheck"]["test"])
    assert kind == "CMD"
    return [sys.executable, *words[1:]] if words[0] == "python" else words


def read_dockerfile() -> list[tuple[str, str]]:
    """The instructions in their order, lines that go on joined."""
    text = (PROJECT_ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines]


def read_image_command() -> list[str]:
    """The image's ``CMD``."""
    return list(json.loads(dict(read_dockerfile())["CMD"]))


def copied_paths() -> list[tuple[str, str]]:
    """Every source with its target that the image gets."""
    pairs = []
    for name, words in read_dockerfile():
        if name == "COPY":
            *sources, target = words.split()
            pairs += [(source, target) for source in sources]
    return pairs


def unpack_image(folder: Path) -> Path:
    """A folder with what the image's working directory holds, and nothing else."""
    for source, target in copied_paths():
        place = folder / target
        if target.endswith("/"):
            place = place / Path(source).name
        if (PROJECT_ROOT / source).is_dir():
            shutil.copytree(
                PROJECT_ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT_ROOT / source, place)
    return folder
