"""Matching one claim against many: ``python benchmarks/speed/matching.py [COUNT …]``.

Promises, for each COUNT of earlier claims (100,000 and 1,000,000) in an embedded PostgreSQL
without extensions, their words cut and counted as the product does it: how many are found again
in another case, with a slip, in another word order and with another number, and the milliseconds
of one question, all queries and the word-by-word comparison included: the first time it is asked,
and the better of two times, which a busy machine disturbs less. Two sorts of claims:
``templates`` (a few hundred words in every combination, the hardest there is) and ``words`` (eight
thousand words, a few of them common, most rare). Fixed seed. A million takes about five minutes
and 2 GB of disk for each sort.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

SORTS = ("templates", "words")
ASKED = 100
_AT = "2025-10-17 12:00+00"
_LISTED_STARTS = "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo zu"
_STARTS = _LISTED_STARTS.split()
_LISTED_MIDDLES = "lan mer nis por ril sot tum van wek xim bor cal dun fen gor hal jin kor lum mat"
_MIDDLES = _LISTED_MIDDLES.split()
_LISTED_ENDS = "a e is or um en al ic ous ing ed er est ly tion ment ness ful less"
_ENDS = ["", *_LISTED_ENDS.split()]


def main() -> None:
    """Measure each count and sort in a process and a database of its own; a line of JSON each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("counts", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--sorts", nargs="+", choices=SORTS, default=list(SORTS))
    parser.add_argument("--state", type=Path, help="keep the databases here for the next run")
    parser.add_argument("--child", choices=SORTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(_measure(options.counts[0], options.child)))
        return
    from benchmarks.speed.scale import running_servers

    with running_servers(options.state) as environ:
        for count in options.counts:
            for sort in options.sorts:
                command = [sys.executable, str(Path(__file__)), str(count), "--child", sort]
                own = environ | _make_database(environ["DATABASE_URL"], f"match_{sort}_{count}")
                subprocess.run(command, env=own, check=True)


def _make_database(url: str, name: str) -> dict[str, str]:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        held = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
        if held is None:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return {"DATABASE_URL": url.replace("/factcheck?", f"/{name}?")}


def _measure(count: int, sort: str) -> dict[str, Any]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    chance = random.Random(20251017)
    texts = _make_texts(count, sort, chance)
    _fill(texts)
    return {"claims": count, "sort": sort, **_ask(texts, chance)}


def _make_texts(count: int, sort: str, chance: random.Random) -> list[str]:
    from benchmarks.weighing.measure_duplicates import make_claims

    if sort == "templates":
        return make_claims(count, chance)
    listed = [a + b + c for c in _ENDS for b in _MIDDLES for a in _STARTS]
    return [_make_sentence(listed, chance) for _ in range(count)]


def _make_sentence(listed: list[str], chance: random.Random) -> str:
    size = chance.randrange(8, 20)
    words = [listed[int(len(listed) * chance.random() ** 3)] for _ in range(size)]
    words.insert(chance.randrange(size), f"{chance.randrange(2, 900_000):,}")
    return f"{' '.join(words).capitalize()}."


def _fill(texts: list[str]) -> None:
    """One team's claims with closed tickets, and their words as the product keeps them."""
    from django.db import connection

    from benchmarks.speed.scale_fill import drop_indexes
    from claims.models import Claim, RatingScale, Team

    if Claim.objects.exists():
        return
    scale = RatingScale.objects.earliest("pk")
    team = Team.objects.create(slug="desk", name="Desk", scale=scale)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET maintenance_work_mem = '256MB'")
        indexes = drop_indexes(cursor)
        _copy(cursor, _CLAIMS, _claim_rows(texts, team.pk))
        cursor.execute(
            "INSERT INTO claims_ticket (team_id, claim_id, state, priority, round, close_reason,"
            " version, review_seconds, created_at) SELECT team_id, id, 'closed', 50, 1,"
            " 'not_checkable', 1, 0, now() FROM claims_claim"
        )
        counts: Counter[int] = Counter()
        _copy(cursor, _WORDS, _word_rows(texts, team.pk, counts))
        _copy(cursor, _COUNTS, ((team.pk, key, count) for key, count in counts.items()))
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE")


_CLAIMS = (
    "COPY claims_claim (id, team_id, text, self_contained, text_sha256, score, reasons, claimant,"
    " measured, of_what, place, context_before, context_after, version, created_at) FROM STDIN"
)
_WORDS = "COPY claims_claimwords (team_id, claim_id, words, matched_at) FROM STDIN"
_COUNTS = "COPY claims_wordcount (team_id, key, claims) FROM STDIN"


def _copy(cursor: Any, into: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)


def _claim_rows(texts: list[str], team_id: int) -> Iterator[tuple[Any, ...]]:
    for place, text in enumerate(texts, start=1):
        sha = f"{place:064x}"
        yield (place, team_id, text, text, sha, 0.5, "[]", "", "", "", "", "", "", 0, _AT)


def _word_rows(texts: list[str], team_id: int, counts: Counter[int]) -> Iterator[tuple[Any, ...]]:
    from claims.text.seen_before import telling_words
    from claims.workflow.match.finding import EVERY_CLAIM, key_of

    known: dict[str, int] = {}
    for place, text in enumerate(texts, start=1):
        keys = []
        for word in telling_words(text):
            if (key := known.get(word)) is None:
                key = known[word] = key_of(team_id, word)
            keys.append(key)
        counts.update(keys)
        yield (team_id, place, keys, _AT)
    counts[key_of(team_id, EVERY_CLAIM)] = len(texts)


def _ask(texts: list[str], chance: random.Random) -> dict[str, Any]:
    from benchmarks.weighing.measure_duplicates import renumber, reorder, slip
    from claims.models import Claim, Team
    from claims.workflow.match import find_earlier

    team = Team.objects.get()
    changes = {"case": lambda text, _: text.upper(), "slip": slip, "order": reorder}
    told: dict[str, Any] = {}
    first: list[float] = []
    better: list[float] = []
    asked = chance.sample(range(len(texts)), ASKED)
    for name, change in {**changes, "number": renumber}.items():
        hits = wrong = 0
        for place in asked:
            claim = Claim(pk=len(texts) + 1, team=team)
            claim.text = claim.self_contained = change(texts[place], chance)
            times = []
            for _ in range(2):
                started = time.perf_counter()
                found = find_earlier(claim)
                times.append(1000 * (time.perf_counter() - started))
            first.append(times[0])
            better.append(min(times))
            mine = [one.resemblance for one in found if one.claim.pk == place + 1]
            hits += any(bool(one.differences) is (name == "number") for one in mine)
            wrong += any(not one.resemblance.differences for one in found)
        told[name] = hits / ASKED
        if name == "number":
            # Another claim that happens to have that very number is no mistake; there is none.
            told["number_called_the_same"] = wrong / ASKED
    told["first_median_ms"] = round(statistics.median(first), 1)
    told["median_ms"] = round(statistics.median(better), 1)
    told["p95_ms"] = round(statistics.quantiles(better, n=20)[-1], 1)
    return told


if __name__ == "__main__":
    main()
