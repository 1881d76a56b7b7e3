"""The import of 10,000 claims from a CSV, timed; nothing where the command is missing."""

from __future__ import annotations

import csv
import tempfile
import time
from pathlib import Path
from typing import Any

CLAIMS = 10_000


def measure_import() -> dict[str, Any] | None:
    """CPU and wall seconds of ``import_claims``; the rows stay, so a second run finds repeats."""
    from django.core.management import call_command, get_commands

    if "import_claims" not in get_commands():
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.csv"
        mark = time.time_ns()
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(["claim_text"])
            rows.writerows(
                [f"Yard {mark} number {number} moved {number},000 tonnes in 2024."]
                for number in range(CLAIMS)
            )
        cpu, started = time.process_time(), time.perf_counter()
        with (Path(folder) / "said").open("w") as said:
            call_command("import_claims", str(path), team="desk-1", stdout=said, stderr=said)
        return {
            "claims": CLAIMS,
            "cpu_seconds": round(time.process_time() - cpu, 2),
            "seconds": round(time.perf_counter() - started, 2),
        }
