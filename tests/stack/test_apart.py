"""The processes of docker-compose.yml, in production mode, each by itself."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from ruamel.yaml import YAML

from factcheck.stack.processes import confined
from factcheck.stack.state import PROJECT_ROOT
from tests.stack.running import clean_environ, free_port, wait_for


def database_url() -> str:
    """The test database as a URL."""
    facts = connection.settings_dict
    query = {"host": facts["HOST"], **({"port": facts["PORT"]} if facts["PORT"] else {})}
    user = quote(facts["USER"]) + (f":{quote(facts['PASSWORD'])}" if facts["PASSWORD"] else "")
    return f"postgresql://{user}@/{facts['NAME']}?{urlencode(query)}"


def production(state: Path, port: int) -> dict[str, str]:
    """What compose sets, with the servers of this test run."""
    return clean_environ(
        state,
        FACTCHECK_PRODUCTION="1",
        FACTCHECK_SECRET_KEY="k" * 60,
        FACTCHECK_ALLOWED_HOSTS="127.0.0.1",
        FACTCHECK_WIKIPEDIA_API_URL="off",
        DATABASE_URL=database_url(),
        REDIS_URL=settings.REDIS_URL,
        PORT=str(port),
    )


def commands() -> dict[str, list[str]]:
    """The command of each process: from compose, the web's from the image."""
    compose = YAML(typ="safe").load((PROJECT_ROOT / "docker-compose.yml").read_text("utf-8"))
    image = (PROJECT_ROOT / "Dockerfile").read_text("utf-8")
    found = re.search(r"^CMD (\[.*\])$", image, re.MULTILINE)
    assert found is not None
    services = compose["services"]
    apart = {name: services[name]["command"] for name in ("fetch", "analyse", "beat")}
    return {"web": json.loads(found[1]), **apart}


@contextmanager
def running(environ: dict[str, str], folder: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, (program, *words) in commands().items():
            assert program == "python"
            with (folder / f"{name}.log").open("wb") as log:
                started[name] = subprocess.Popen(
                    confined([sys.executable, *words], folder=PROJECT_ROOT),
                    env=environ,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        yield started
    finally:
        for one in started.values():
            if one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Show the redirect instead of following it."""


def get(url: str) -> tuple[int, str, bytes]:
    """Status, ``Location`` and body; status 0 while nobody listens."""
    try:
        with urllib.request.build_opener(_Stay).open(url, timeout=10) as answer:
            return answer.status, "", answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers.get("Location", ""), answer.read()
    except OSError:
        return 0, "", b""


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.django_db
def test_the_processes_of_compose_work_together_and_end_on_sigterm(tmp_path: Path) -> None:
    cache.delete_many(["heart:fetch", "heart:analyse"])
    port = free_port()
    environ = production(tmp_path / "state", port)
    base = f"http://127.0.0.1:{port}"
    asked = [sys.executable, "-m", "factcheck.consumed", "fetch", "analyse"]
    assert subprocess.run(asked, cwd=PROJECT_ROOT, env=environ, check=False).returncode == 1
    with running(environ, tmp_path) as started:
        wait_for(
            lambda: get(f"{base}/healthz")[0] == 200,
            90,
            lambda: "\n".join(path.read_text() for path in tmp_path.glob("*.log")),
        )
        facts = json.loads(get(f"{base}/healthz")[2])
        assert facts["ok"] is True
        assert facts["oldest_job_seconds"] is None
        assert get(f"{base}/admin/")[:2] == (301, f"https://127.0.0.1:{port}/admin/")
        assert subprocess.run(asked, cwd=PROJECT_ROOT, env=environ, check=False).returncode == 0
        for one in started.values():
            one.send_signal(signal.SIGTERM)
        assert [one.wait(40) for one in started.values()] == [0, 0, 0, 0]
    assert not (tmp_path / "state" / "postgres").exists()
