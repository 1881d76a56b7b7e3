"""The SearXNG that docker-compose.yml can start: for the other containers only, with JSON."""

from __future__ import annotations

import re

from ruamel.yaml import YAML

from factcheck.stack.state import PROJECT_ROOT
from tests.stack.compose import read_compose, read_environment


def test_it_is_asked_for_by_name_and_reached_from_within_alone() -> None:
    service = read_compose()["searxng"]
    assert service["profiles"] == ["search"]
    assert "ports" not in service
    assert service["cap_drop"] == ["ALL"]
    # One day's image, named whole: what is tried is what is started.
    assert re.fullmatch(r"searxng/searxng:20\d\d\.\d+\.\d+-[0-9a-f]{7,}", service["image"])


def test_it_answers_with_json_as_the_provider_asks() -> None:
    (mount,) = read_compose()["searxng"]["volumes"]
    settings = YAML(typ="safe").load((PROJECT_ROOT / mount.split(":")[0]).read_text("utf-8"))
    assert "json" in settings["search"]["formats"]
    # Else it takes the workers for robots, and wants a database of its own for that.
    assert not settings["server"]["limiter"]
    assert not settings["server"]["public_instance"]


def test_the_workers_hear_where_it_stands() -> None:
    given = {
        "FACTCHECK_SECRET_KEY": "s", "FACTCHECK_ALLOWED_HOSTS": "h", "FACTCHECK_FETCH_CONTACT": "c",
        "FACTCHECK_POSTGRES_PASSWORD": "p", "FACTCHECK_SEARXNG_URL": "http://searxng:8080",
    }  # fmt: skip
    assert read_environment("fetch", given)["FACTCHECK_SEARXNG_URL"] == "http://searxng:8080"
    assert read_environment("web", given)["FACTCHECK_BRAVE_KEY"] == ""
