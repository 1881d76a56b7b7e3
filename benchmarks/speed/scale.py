"""What 100 times the rows cost: pages, *Take next*, the CSV and the import, as ratios.

``python benchmarks/speed/scale.py [--sizes 10000 100000 1000000] [--state DIR] [--only PART …]``

Starts an embedded PostgreSQL and Valkey with their durable settings in a scratch folder
(``--state`` keeps it, and the next run uses its rows again), makes one database per size,
fills it (:mod:`benchmarks.speed.scale_fill`) and measures each part in a process of its own.
Seconds on a shared machine mean little; the ratios at the end are what this is for. Filling
a million takes about a quarter of an hour and 8 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

SIZES = (10_000, 100_000, 1_000_000)
PARTS = ("pages", "take", "export", "import")


def main() -> None:
    """Read the command line; measure, or be the process that measures one part."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--state", type=Path, help="keep the databases here for the next run")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--people", nargs="+", default=["large", "three", "small", "empty", "boss"])
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--child", choices=("fill", *PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _be_child(options)
        return
    from benchmarks.speed.scale_report import tell

    with running_servers(options.state) as environ:
        found: dict[int, dict[str, Any]] = {}
        for size in sorted(options.sizes):
            own = environ | _database(environ["DATABASE_URL"], size)
            found[size] = {
                part: json.loads(_run(part, size, own, options) or "null") for part in options.only
            }
            if options.state:
                kept = options.state / f"figures-{size}.json"
                kept.write_text(json.dumps(found[size], indent=1))
        tell(found)


@contextmanager
def running_servers(state_folder: Path | None) -> Iterator[dict[str, str]]:
    """The environment of a database server and a broker that run for this block."""
    from factcheck.stack.postgres import Postgres
    from factcheck.stack.processes import Janitor
    from factcheck.stack.state import StateFolder
    from factcheck.stack.valkey import Valkey

    janitor = Janitor()
    if state_folder is None:
        state = StateFolder(Path(tempfile.mkdtemp(prefix="factcheck-scale-")).resolve())
        janitor.tell("remove", state.root)
    else:
        state_folder.mkdir(parents=True, exist_ok=True)
        state = StateFolder(state_folder.resolve())
    janitor.tell("remove", state.sockets)
    settings = {"max_wal_size": "4GB"}
    postgres, valkey = Postgres(state, janitor, settings=settings), Valkey(state, janitor)
    try:
        postgres.start()
        valkey.start()
        yield {
            **os.environ,
            "FACTCHECK_STATE": str(state.root),
            "DATABASE_URL": state.database_url,
            "REDIS_URL": state.redis_url,
            "FACTCHECK_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "factcheck.settings",
        }
    finally:
        valkey.stop()
        postgres.stop()
        janitor.close()


def _database(url: str, size: int) -> dict[str, str]:
    """The environment of one size's own database, made when it is not there."""
    import psycopg

    name = f"scale_{size}"
    with psycopg.connect(url, autocommit=True) as connection:
        held = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
        if held is None:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return {"DATABASE_URL": url.replace("/factcheck?", f"/{name}?")}


FILLED: set[str] = set()
"""Databases whose rows are known to be there."""


def _run(part: str, size: int, environ: dict[str, str], options: Any) -> str:
    """What a child printed; the rows are there before the first part is measured."""
    if environ["DATABASE_URL"] not in FILLED:
        _call("fill", size, environ, options)
        FILLED.add(environ["DATABASE_URL"])
    say(f"{size:,} claims: {part}")
    return _call(part, size, environ, options)


def _call(part: str, size: int, environ: dict[str, str], options: Any) -> str:
    command = [sys.executable, str(Path(__file__)), "--child", part, "--size", str(size)]
    command += ["--tries", str(options.tries), "--people", *options.people]
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _be_child(options: Any) -> None:
    import django

    django.setup()
    parts: dict[str, Callable[[], Any]] = {
        "fill": lambda: _fill(options.size),
        "pages": lambda: _pages(options),
        "take": _take,
        "export": _export,
        "import": _import,
    }
    print(json.dumps(parts[options.child]()))


def _fill(size: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.speed.scale_fill import fill

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM claims_claim)")
        if cursor.fetchone()[0]:
            return
    say(f"Filling {size:,} claims")
    connection.ensure_connection()
    fill(connection.connection, size, say)


def _pages(options: Any) -> list[dict[str, Any]]:
    from benchmarks.speed.scale_pages import measure_pages

    return measure_pages(options.people, options.tries)


def _take() -> dict[str, Any]:
    from benchmarks.speed.scale_take import measure_take

    return measure_take()


def _export() -> dict[str, Any]:
    from benchmarks.speed.scale_export import measure_export

    return measure_export()


def _import() -> dict[str, Any] | None:
    from benchmarks.speed.scale_import import measure_import

    return measure_import()


def say(text: str) -> None:
    """One line of progress, beside the figures."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
