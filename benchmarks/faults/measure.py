"""Hurt the broker and the database while the whole workbench works; count what is lost.

Promises counts that can be repeated (jobs owed, kept once, kept twice, failed;
requests answered and how slowly), with the same body run without the protection
beside it. Seconds are coarse: the machine is shared.

Run: ``python -m benchmarks.faults.measure [--jobs 50] [--submits 20] [--json]
[broker submits database]``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.faults.rig import rigged


def main() -> int:
    """Run the named parts; exit code 1 where anything was lost, doubled or too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="broker, submits, database; all by default")
    parser.add_argument("--jobs", type=int, default=50, help="pages owed in each fault")
    parser.add_argument("--submits", type=int, default=20, help="forms sent in each fault")
    parser.add_argument("--restarts", type=int, default=3, help="restarts of the database")
    parser.add_argument("--faults", default="", help="comma-separated; all by default")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args()
    is_well = True
    with rigged() as rig:
        # Only now: the rig has set the environment and loaded Django.
        from benchmarks.faults import broker, database, rows, submits

        team, person = rows.make_lead()
        rig.start_processes("web", "fetch", "analyse", "beat")
        for part in given.parts or ["broker", "submits", "database"]:
            if part == "broker":
                found = broker.run(rig, team, jobs=given.jobs, only=given.faults)
            elif part == "submits":
                found = submits.run(rig, team, person, count=given.submits, only=given.faults)
            else:
                found = database.run(rig, team, jobs=given.jobs, restarts=given.restarts)
            for facts in found:
                is_well = is_well and facts["ok"]
                print(_line(facts, as_json=given.json), flush=True)
        if not is_well:
            for child in rig.children.values():
                print(f"--- {child.name}\n{child.last_words(15)}", file=sys.stderr)
    return 0 if is_well else 1


def _line(facts: dict[str, Any], *, as_json: bool) -> str:
    if as_json:
        return json.dumps(facts)
    mark = "ok    " if facts["ok"] else "WRONG "
    return mark + "  ".join(f"{name}={value}" for name, value in facts.items() if name != "ok")


if __name__ == "__main__":
    sys.exit(main())
