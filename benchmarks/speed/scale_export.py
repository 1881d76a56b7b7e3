"""The verdict CSV against ``COPY … TO STDOUT`` of the same columns of the same rows.

Promises product and reference turn by turn in the same run, each in a process of its own, so
that the memory that is told is that way's alone: the most that it held above what it held
before it began.
"""

from __future__ import annotations

import multiprocessing
import re
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROUNDS = 3


def ours() -> Iterator[bytes]:
    """The file as the product sends it: guarded, quoted, in its fixed columns."""
    from claims.export.verdict_csv import finish_verdicts
    from claims.workflow.publish import select_verdicts, verdict_lines

    return finish_verdicts(verdict_lines(select_verdicts()))


def bare() -> Iterator[bytes]:
    """The stored columns behind the same cells, copied by the server, thrown away here."""
    from django.db import connection

    from claims.models.verdict_lines import CELLS, SOURCES
    from claims.workflow.publish import select_verdicts

    columns = ", ".join(dict.fromkeys(_columns(" ".join(CELLS.values()))))
    chosen, values = select_verdicts().order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        picked = cursor.cursor.mogrify(chosen, values)
        query = (
            f"COPY (SELECT {columns} FROM claims_verdict AS verdict {SOURCES} WHERE verdict.id IN"
            f" ({picked}) ORDER BY verdict.ticket_id, verdict.version) TO STDOUT (FORMAT csv)"
        )
        with cursor.cursor.copy(query.encode()) as lines:
            yield from (bytes(line) for line in lines)


def _columns(cells: str) -> list[str]:
    names = "verdict ticket claim team place first numbers reviewer second corrected decisive"
    return re.findall(rf'\b(?:{"|".join(names.split())})\.(?:\w+|"end")', cells)


def measure_export() -> dict[str, Any]:
    """Seconds of each way (medians), their ratio, rows, megabytes, and memory on top."""
    taken: dict[str, list[dict[str, float]]] = {"bare": [], "ours": []}
    for _ in range(ROUNDS):
        for name, way in (("bare", bare), ("ours", ours)):
            taken[name].append(_apart(way))
    seconds = {
        name: statistics.median(one["seconds"] for one in runs) for name, runs in taken.items()
    }
    return {
        "rows": int(taken["ours"][0]["lines"]) - 1,
        "MB": round(taken["ours"][0]["bytes"] / 1e6, 1),
        "copy_seconds": round(seconds["bare"], 2),
        "ours_seconds": round(seconds["ours"], 2),
        "ours/copy": round(seconds["ours"] / seconds["bare"], 2),
        "own_cpu_seconds": round(min(one["cpu"] for one in taken["ours"]), 2),
        "memory_on_top_mb": round(max(one["grown"] for one in taken["ours"]), 1),
    }


def _apart(way: Callable[[], Iterator[bytes]]) -> dict[str, float]:
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=lambda: answers.put(_measure(way)))
    child.start()
    told: dict[str, float] = answers.get(timeout=900)
    child.join()
    return told


def _measure(way: Callable[[], Iterator[bytes]]) -> dict[str, float]:
    from django.db import connection

    connection.close()
    connection.ensure_connection()
    # The first rows load what any run needs; the peak is then counted anew.
    first = way()
    next(first)
    first.close()  # type: ignore[attr-defined]
    Path("/proc/self/clear_refs").write_text("5")
    before, cpu, started = _peak_mb(), time.process_time(), time.perf_counter()
    size = lines = 0
    for block in way():
        size += len(block)
        lines += block.count(b"\r\n")
    return {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "grown": _peak_mb() - before,
        "bytes": size,
        "lines": lines,
    }


def _peak_mb() -> float:
    """The most this process ever held (``VmHWM``), in megabytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000
