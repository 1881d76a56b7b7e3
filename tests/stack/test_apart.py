"""The services of docker-compose.yml by hand: each its own command, environment and health.

What runs is what the image holds and nothing else, in production mode, against
the servers of this test run (Debian's own, where ``DATABASE_URL`` and
``REDIS_URL`` name them).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from benchmarks.faults.visitor import Visitor
from factcheck.stack.binaries import find_binaries
from factcheck.stack.processes import confined
from factcheck.stack.state import PROJECT_ROOT
from factcheck.stack.valkey import find_server
from tests.stack.compose import (
    read_command,
    read_compose,
    read_environment,
    read_health_command,
    unpack_image,
)
from tests.stack.running import clean_environ, free_port, wait_for

DATABASE = "factcheck_apart"
PASSWORD = "an-unlikely-password"
MAKE_PEOPLE = f"""
from django.contrib.auth import get_user_model
from claims.models import Membership
from claims.vocabulary import Role
from claims.workflow.equip import first_team
team, _ = first_team()
ada = get_user_model().objects.create_user("ada", password="{PASSWORD}", is_staff=True)
Membership.objects.create(team=team, user=ada, role=Role.LEAD)
"""
ARTICLE = (
    "On 9 October 2025 Beijing announced export controls on 12 rare earth elements, the ministry "
    "said.\n\nChina accounted for about 69 per cent of world mine production of rare earths in "
    "2024, up from 58 per cent in 2020."
)


def database_url(name: str = "") -> str:
    """The test database, or another one on its server, as a URL."""
    facts = connection.settings_dict
    query = {"host": facts["HOST"], **({"port": facts["PORT"]} if facts["PORT"] else {})}
    user = quote(facts["USER"]) + (f":{quote(facts['PASSWORD'])}" if facts["PASSWORD"] else "")
    return f"postgresql://{user}@/{name or facts['NAME']}?{urlencode(query)}"


def production(state: Path, port: int, service: str = "web") -> dict[str, str]:
    """A service's environment from compose, with the servers of this test run."""
    told = read_environment(
        service,
        {
            "FACTCHECK_SECRET_KEY": "k" * 60,
            "FACTCHECK_ALLOWED_HOSTS": "127.0.0.1",
            "FACTCHECK_BEHIND_PROXY": "1",
            "FACTCHECK_TRUSTED_ORIGINS": f"https://127.0.0.1:{port}",
            "FACTCHECK_FETCH_CONTACT": "https://desk.example/contact",
            "FACTCHECK_POSTGRES_PASSWORD": "p",
        },
    )
    ours = {
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "PORT": str(port),
        "FACTCHECK_WIKIPEDIA_API_URL": "off",
    }
    assert set(told) >= {"FACTCHECK_PRODUCTION", "DATABASE_URL", "REDIS_URL"}
    return clean_environ(state, **{**told, **ours})


def commands() -> dict[str, list[str]]:
    """The command of each process that stays."""
    return {name: read_command(name) for name in ("web", "fetch", "analyse", "beat")}


@contextmanager
def own_database() -> Iterator[str]:
    """An empty database on the run's server; gives its URL."""
    facts = connection.settings_dict
    server = {key.lower(): facts[key] for key in ("USER", "PASSWORD", "HOST", "PORT") if facts[key]}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0")
        try:
            yield database_url(DATABASE)
        finally:
            admin.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@contextmanager
def running(
    started: dict[str, list[str]], environs: dict[str, dict[str, str]], folder: Path, logs: Path
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The processes, killed with their groups at the end where they have not ended."""
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in started.items():
            with (logs / f"{name}.log").open("wb") as log:
                processes[name] = subprocess.Popen(
                    confined(command, folder=folder),
                    env=environs[name],
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        yield processes
    finally:
        for one in processes.values():
            if one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Show the redirect instead of following it."""


def get(url: str) -> tuple[int, str]:
    """Status and ``Location``; status 0 while nobody listens."""
    try:
        with urllib.request.build_opener(_Stay).open(url, timeout=10) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers.get("Location", "")
    except OSError:
        return 0, ""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.django_db
def test_every_service_of_compose_works_and_an_article_becomes_evidence(tmp_path: Path) -> None:
    cache.delete_many(["heart:fetch", "heart:analyse"])
    port, sample_port = free_port(), free_port()
    image = unpack_image(tmp_path / "srv")
    state = tmp_path / "state"
    with own_database() as url:
        # What an operator would add to reach an intranet: here the sample web.
        more = {
            "DATABASE_URL": url,
            "FACTCHECK_FETCH_ALLOW": f"127.0.0.1:{sample_port}",
            "FACTCHECK_FETCH_ALLOW_CONFIRMED": "1",
            "FACTCHECK_SAMPLE_WEB_URL": f"http://127.0.0.1:{sample_port}",
        }
        services = ("migrate", "web", "fetch", "analyse", "beat")
        environs = {name: {**production(state, port, name), **more} for name in services}

        def run(command: list[str], service: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                confined(command, folder=image),
                env=environs[service],
                capture_output=True,
                text=True,
                check=False,
            )

        migrated = run(read_command("migrate"), "migrate")
        assert migrated.returncode == 0, migrated.stderr
        made = run([sys.executable, "manage.py", "shell", "-c", MAKE_PEOPLE], "web")
        assert made.returncode == 0, made.stderr
        assert run(read_health_command("fetch"), "fetch").returncode == 1

        serve = [sys.executable, str(PROJECT_ROOT / "samples/serve.py"), "--port", str(sample_port)]
        environs["sample"] = dict(os.environ)
        with (
            running({"sample": serve}, environs, PROJECT_ROOT, tmp_path),
            running(commands(), environs, image, tmp_path) as started,
        ):
            wait_for(
                lambda: get(f"http://127.0.0.1:{port}/healthz")[0] == 200,
                90,
                lambda: "\n".join(path.read_text() for path in tmp_path.glob("*.log")),
            )
            assert get(f"http://127.0.0.1:{port}/admin/") == (
                301,
                f"https://127.0.0.1:{port}/admin/",
            )
            for service in ("fetch", "analyse"):
                assert run(read_health_command(service), service).returncode == 0
            words = [word.replace("8000", str(port)) for word in read_health_command("web")]
            assert run(words, "web").returncode == 0

            ask_for_evidence(port, url)

            for one in started.values():
                one.send_signal(signal.SIGTERM)
            assert [one.wait(40) for one in started.values()] == [0, 0, 0, 0]
    assert not (state / "postgres").exists()


def ask_for_evidence(port: int, url: str) -> None:
    """An article goes in by HTTP; its tickets come out ready, one at least with evidence."""
    ada = Visitor(port, is_proxied=True)
    ada.log_in("ada", PASSWORD)
    with psycopg.connect(url, autocommit=True) as rows:

        def count(question: str) -> int:
            row = rows.execute(question).fetchone()
            assert row is not None
            return int(row[0])

        (team,) = rows.execute("SELECT id FROM claims_team").fetchone() or (0,)
        sent = ada.post("/admin/add/", kind="text", team=team, title="Controls", text=ARTICLE)
        assert sent.status == 302, sent.text[:400]

        def is_weighed() -> bool:
            left = "SELECT count(*) FROM claims_job WHERE state IN ('pending', 'leased')"
            done = "SELECT count(*) FROM claims_job WHERE kind = 'weigh' AND state = 'done'"
            return count(done) > 0 and count(left) == 0

        wait_for(is_weighed, 90, lambda: str(rows.execute("SELECT * FROM claims_job").fetchall()))
        assert count("SELECT count(*) FROM claims_ticket WHERE state <> 'ready'") == 0
        (ticket,) = rows.execute(
            "SELECT ticket_id FROM claims_evidence ORDER BY ticket_id"
        ).fetchone() or (0,)
    assert ticket, "no evidence was found"
    page = ada.get(f"/admin/claims/ticket/{ticket}/change/")
    assert page.status == 200
    assert "Controls" in page.text


def test_the_brokers_command_is_what_the_start_up_check_wants(tmp_path: Path) -> None:
    name, *words = map(str, read_compose()["valkey"]["command"])
    assert name == "valkey-server"
    program = shutil.which("redis-server") or str(find_server())
    path = tmp_path / "v.sock"
    private = ["--port", "0", "--unixsocket", str(path), "--dir", str(tmp_path)]
    with subprocess.Popen(
        confined([program, *words, *private]), stdout=subprocess.DEVNULL
    ) as server:
        try:
            client = redis.Redis(unix_socket_path=str(path))
            wait_for(path.exists, 30)
            wait_for(lambda: bool(client.ping()), 30)
            kept = client.config_get("maxmemory-policy", "appendonly")
            assert kept == {"maxmemory-policy": "noeviction", "appendonly": "yes"}
            client.close()
        finally:
            server.kill()
    _, *asked = read_health_command("valkey")
    assert asked == ["ping"]


@pytest.mark.django_db
def test_the_databases_health_command_finds_the_database() -> None:
    program, *words = read_health_command("postgres")
    folders = [found.folder for found in find_binaries() if (found.folder / program).exists()]
    if not folders:
        pytest.skip(f"no {program} on this machine")
    facts = connection.settings_dict
    where = ["-h", facts["HOST"], "-p", str(facts["PORT"] or 5432)]
    assert words == ["-U", "factcheck", "-d", "factcheck"]
    asked = subprocess.run([str(folders[0] / program), *words, *where], check=False)
    assert asked.returncode == 0


def test_the_database_is_made_as_we_make_ours() -> None:
    told = read_compose()["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert told == ["--encoding=UTF8", "--locale=C.UTF-8"]
    script = (PROJECT_ROOT / ".ci/run").read_text("utf-8")
    assert all(word in script for word in told)
