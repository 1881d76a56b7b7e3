"""A start on a server, a setting or a version that is known to be bad is refused with the cure."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import psycopg
import pytest
import redis
from django.db import connection
from packaging.version import Version

from claims.checks import VERSION_FLOORS, low_versions
from factcheck.fitness import START
from factcheck.server_checks import (
    BrokerFacts,
    DatabaseFacts,
    check_broker,
    check_database,
    judge_broker,
    judge_database,
    read_broker_facts,
    read_database_facts,
)
from factcheck.stack.processes import Janitor, confined
from factcheck.stack.state import PROJECT_ROOT, StateFolder
from factcheck.stack.valkey import Valkey
from tests.stack.running import clean_environ, free_port
from tests.stack.test_apart import commands, database_url, production

EVICTING = (
    "allkeys-lru",
    "allkeys-lfu",
    "allkeys-random",
    "volatile-lru",
    "volatile-lfu",
    "volatile-random",
    "volatile-ttl",
)


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[redis.Redis]:
    """A broker of the test's own, which it may spoil."""
    janitor = Janitor()
    state = StateFolder(tmp_path / "broker")
    server = Valkey(state, janitor, is_throwaway=True)
    janitor.tell("remove", state.sockets)
    server.start()
    with redis.Redis.from_url(state.redis_url) as client:
        yield client
    server.stop()
    janitor.close()


def url_of(client: redis.Redis) -> str:
    return f"unix://{client.connection_pool.connection_kwargs['path']}"


def ids(messages: object) -> list[str]:
    return [message.id for message in messages]  # type: ignore[attr-defined]


# The broker --------------------------------------------------------------------


def test_every_policy_that_evicts_is_refused_with_its_cure(own_broker: redis.Redis) -> None:
    assert judge_broker(read_broker_facts(url_of(own_broker))) == []
    for policy in EVICTING:
        own_broker.config_set("maxmemory-policy", policy)
        found = judge_broker(read_broker_facts(url_of(own_broker)))
        assert ids(found) == ["factcheck.E031"], policy
        assert policy in found[0].msg
        assert "maxmemory-policy noeviction" in str(found[0].hint)


def test_a_hosted_broker_that_forbids_config_is_still_judged(own_broker: redis.Redis) -> None:
    path = own_broker.connection_pool.connection_kwargs["path"]
    own_broker.acl_setuser(
        "guest", enabled=True, passwords=["+secret"], categories=["+@all"], commands=["-config"],
        keys=["*"],
    )  # fmt: skip
    guest = f"unix://guest:secret@{path}"
    with redis.Redis.from_url(guest) as client, pytest.raises(redis.ResponseError):
        client.config_get("maxmemory-policy")
    own_broker.config_set("maxmemory-policy", "volatile-lru")
    assert ids(judge_broker(read_broker_facts(guest))) == ["factcheck.E031"]
    # One that tells nothing at all is doubtful, not refused.
    own_broker.acl_setuser(
        "mute", enabled=True, passwords=["+secret"], categories=["+@all"], commands=["-info"],
        keys=["*"],
    )  # fmt: skip
    found = judge_broker(read_broker_facts(f"unix://mute:secret@{path}"))
    assert ids(found) == ["factcheck.W032", "factcheck.W033"]


def test_an_old_broker_is_refused() -> None:
    for kind, number in (("Redis", "6.2.14"), ("Redis", "5.0.7"), ("Valkey", "6.9.9")):
        facts = BrokerFacts(kind, number, "noeviction", is_append_only=True)
        assert ids(judge_broker(facts)) == ["factcheck.E030"]
    for kind, number in (("Redis", "7.0.15"), ("Valkey", "9.1.2"), ("Redis", "10.0.0")):
        facts = BrokerFacts(kind, number, "noeviction", is_append_only=None)
        assert judge_broker(facts) == []


def test_an_absent_broker_is_a_warning_only(settings: object, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"  # type: ignore[attr-defined]
    assert ids(check_broker()) == ["factcheck.W030"]


def start_and_end(command: list[str], environ: Mapping[str, str]) -> tuple[int, str]:
    """Start a process that should refuse; gives its exit code and what it said."""
    done = subprocess.run(
        confined(command, folder=PROJECT_ROOT),
        env=dict(environ),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.django_db
def test_every_process_refuses_to_start_on_an_evicting_broker(
    own_broker: redis.Redis, tmp_path: Path
) -> None:
    own_broker.config_set("maxmemory-policy", "allkeys-lru")
    environ = {**production(tmp_path / "state", free_port()), "REDIS_URL": url_of(own_broker)}
    starts = {name: [sys.executable, *words] for name, (_, *words) in commands().items()}
    starts["check"] = [sys.executable, "manage.py", "check", "--database", "default"]
    starts["doctor"] = [sys.executable, "manage.py", "doctor"]
    demo = clean_environ(
        tmp_path / "demo", DATABASE_URL=database_url(), REDIS_URL=url_of(own_broker)
    )
    running = {
        name: subprocess.Popen(
            confined(command, folder=PROJECT_ROOT),
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name, command in starts.items()
    }
    workbench = [sys.executable, "manage.py", "workbench", "--port", str(free_port())]
    code, told = start_and_end(workbench, demo)
    assert code == 3, told
    assert "maxmemory-policy noeviction" in told
    for name, process in running.items():
        said, _ = process.communicate(timeout=90)
        assert process.returncode != 0, f"{name} started: {said}"
        assert "maxmemory-policy noeviction" in said or name == "doctor", f"{name}: {said}"
        assert "noeviction" in said, f"{name}: {said}"
        assert "Traceback" not in said, f"{name}: {said}"


# The database ------------------------------------------------------------------


def facts_of(**other: object) -> DatabaseFacts:
    given = {
        "version": 150014,
        "encoding": "UTF8",
        "has_fsync": True,
        "is_standby": False,
        "clock_ahead_seconds": 0.2,
        **other,
    }
    return DatabaseFacts(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, []),
        ({"version": 180004}, []),
        ({"version": 140019}, ["factcheck.E020"]),
        ({"version": 120022}, ["factcheck.E020"]),
        ({"encoding": "SQL_ASCII"}, ["factcheck.E021"]),
        ({"encoding": "LATIN1"}, ["factcheck.E021"]),
        ({"is_standby": True}, ["factcheck.E022"]),
        ({"has_fsync": False}, ["factcheck.W023"]),
        ({"clock_ahead_seconds": 16.0}, ["factcheck.W024"]),
        ({"clock_ahead_seconds": -3600.0}, ["factcheck.W024"]),
    ],
)
def test_what_the_database_says_of_itself_is_judged(
    other: dict[str, object], expected: list[str]
) -> None:
    found = judge_database(facts_of(**other))
    assert ids(found) == expected
    assert all(message.hint for message in found)


@pytest.mark.django_db
def test_the_tests_own_servers_are_fit_but_thrown_away() -> None:
    facts = read_database_facts()
    assert abs(facts.clock_ahead_seconds) < 5
    assert ids(judge_database(facts)) == ["factcheck.W023"]
    assert ids(check_database()) == ["factcheck.W023"]


@pytest.mark.django_db
def test_each_session_counts_in_utc_whatever_the_server_does() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW timezone")
        assert cursor.fetchone()[0] == "UTC"


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.django_db
def test_a_database_in_another_encoding_is_refused(tmp_path: Path) -> None:
    facts = connection.settings_dict
    name = "factcheck_ascii"
    server = {key.lower(): facts[key] for key in ("USER", "PASSWORD", "HOST", "PORT") if facts[key]}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name}")
        admin.execute(
            f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' "
            "TEMPLATE template0"
        )
        try:
            url = database_url().replace(f"/{facts['NAME']}?", f"/{name}?")
            environ = {**production(tmp_path / "state", free_port()), "DATABASE_URL": url}
            migrate = [sys.executable, "manage.py", "migrate", "--no-input"]
            code, told = start_and_end(migrate, environ)
            assert code == 1, told
            assert "createdb -E UTF8" in told
            _, told = start_and_end([sys.executable, "manage.py", "doctor", "--json"], environ)
            findings = {one["name"]: one for one in json.loads(told.splitlines()[0])["findings"]}
            assert findings["database"]["ok"] is False
            assert "createdb -E UTF8" in findings["database"]["cure"]
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


# Versions and settings -----------------------------------------------------------


def pinned(path: Path) -> dict[str, list[Version]]:
    """Every pin of a lock file by package; some have one per Python."""
    found: dict[str, list[Version]] = {}
    for name, number in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", path.read_text(), re.M):
        found.setdefault(name.lower(), []).append(Version(number))
    return found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_no_pin_lies_below_its_floor(name: str) -> None:
    pins = pinned(PROJECT_ROOT / name)
    for package, floor in VERSION_FLOORS.items():
        assert package in pins
        assert min(pins[package]) >= Version(floor), package


def test_the_floors_are_those_of_known_faults() -> None:
    assert Version(VERSION_FLOORS["urllib3"]) >= Version("2.7")
    assert Version(VERSION_FLOORS["requests"]) >= Version("2.32.2")
    pins = pinned(PROJECT_ROOT / "requirements.txt")
    # Django's patch releases close holes: the floor moves with the pin.
    assert Version(VERSION_FLOORS["django"]) == pins["django"][0]
    assert pins["django"][0].release[:2] == (5, 2)


def test_an_installed_package_below_its_floor_is_found() -> None:
    assert low_versions(VERSION_FLOORS) == {}
    assert low_versions({"django": "5.2", "urllib3": "99.1"}) == {"urllib3": "99.1"}
    above = f"{version('requests')}.1"
    assert low_versions({"requests": above}) == {"requests": above}


def test_our_checks_are_asked_at_the_start() -> None:
    from django.core.checks.registry import registry

    names = {check.__name__ for check in registry.get_checks() if START in check.tags}
    assert names >= {"check_versions", "check_order_of_limits"}


def test_pages_are_read_by_the_builder_that_is_linear() -> None:
    from bs4.builder._lxml import LXMLTreeBuilder

    from claims.web import markup

    builders = [
        thing
        for thing in vars(markup).values()
        if isinstance(thing, type) and issubclass(thing, LXMLTreeBuilder)
    ]
    assert len(builders) == 2  # lxml's own, and ours made from it
    calls = [
        call
        for folder in ("claims", "factcheck")
        for path in (PROJECT_ROOT / folder).rglob("*.py")
        for call in re.findall(r"BeautifulSoup\([^\n]*", path.read_text("utf-8"))
    ]
    assert calls
    assert all("builder=_PartsBuilder(" in call for call in calls)


REFUSED = [
    ({"FACTCHECK_SECRET_KEY": ""}, "FACTCHECK_SECRET_KEY is not set"),
    ({"FACTCHECK_ALLOWED_HOSTS": ""}, "FACTCHECK_ALLOWED_HOSTS is not set"),
    ({"FACTCHECK_DEBUG": "1"}, "FACTCHECK_DEBUG=1 shows internals"),
    ({"DATABASE_URL": ""}, "Set DATABASE_URL and REDIS_URL"),
    ({"REDIS_URL": ""}, "Set DATABASE_URL and REDIS_URL"),
    ({"FACTCHECK_FETCH_ALLOW": "127.0.0.1:80"}, "FACTCHECK_FETCH_ALLOW_CONFIRMED=1"),
    ({"FACTCHECK_TASK_HARD_LIMIT_SECONDS": "600"}, "must be less than"),
    ({"FACTCHECK_FETCH_DEADLINE_SECONDS": "70"}, "must be less than"),
]


@pytest.mark.django_db
def test_settings_that_must_not_start_are_refused_in_one_line(tmp_path: Path) -> None:
    good = production(tmp_path / "state", free_port())
    code = (
        "import importlib, json, os, sys\n"
        "from django.core.exceptions import ImproperlyConfigured\n"
        "told = []\n"
        "for changed in json.load(sys.stdin):\n"
        "    kept = dict(os.environ)\n"
        "    os.environ.update(changed)\n"
        "    try:\n"
        "        importlib.reload(importlib.import_module('factcheck.settings'))\n"
        "        told.append('')\n"
        "    except ImproperlyConfigured as problem:\n"
        "        told.append(str(problem))\n"
        "    os.environ.clear()\n"
        "    os.environ.update(kept)\n"
        "print(json.dumps(told))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT_ROOT,
        env=good,
        input=json.dumps([{}, *(changed for changed, _ in REFUSED)]),
        capture_output=True,
        text=True,
        check=True,
    )
    first, *others = json.loads(done.stdout)
    assert first == ""
    for (changed, words), told in zip(REFUSED, others, strict=True):
        assert words in told, changed
        assert "\n" not in told
    assert os.environ.get("FACTCHECK_PRODUCTION") is None
