"""The ratios of :mod:`benchmarks.speed.scale` as tables for people."""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import Any

WORST = 25


def tell(found: dict[int, dict[str, Any]]) -> None:
    """Print what each part says, the largest size against the smallest."""
    sizes = sorted(found)
    if found[sizes[0]].get("pages"):
        _tell_pages(found, sizes)
    for part in ("take", "export", "import"):
        for size in sizes:
            if figures := found[size].get(part):
                told = "  ".join(f"{name} {value}" for name, value in figures.items())
                print(f"{part:<8}{size:>10,}  {told}")


def _tell_pages(found: dict[int, dict[str, Any]], sizes: list[int]) -> None:
    by_size = {
        size: {(row["person"], row["address"]): row for row in found[size]["pages"]}
        for size in sizes
    }
    small, large = by_size[sizes[0]], by_size[sizes[-1]]
    kinds: dict[str, list[tuple[float, dict[str, Any], dict[str, Any]]]] = defaultdict(list)
    for key, row in large.items():
        if key in small and row["status"] == 200:
            kinds[row["kind"]].append((row["ms"] / small[key]["ms"], small[key], row))
    print(
        f"\npages, {sizes[-1]:,} claims against {sizes[0]:,}: time of the page, SQL in ms, blocks"
    )
    heads = f"{'kind':<26}{'pages':>6}{'median':>8}{'worst':>7}{'sql':>16}"
    print(f"{heads}{'blocks':>18}{'queries':>9}{'kB':>7}")
    for kind, rows in sorted(kinds.items()):
        ratios = [ratio for ratio, _, _ in rows]
        before = max(row["sql_ms"] for _, row, _ in rows)
        after = max(row["sql_ms"] for _, _, row in rows)
        few = max(row["blocks"] for _, row, _ in rows)
        many = max(row["blocks"] for _, _, row in rows)
        most = max(row["statements"] for _, _, row in rows)
        size = max(row["bytes"] for _, _, row in rows) // 1000
        print(
            f"{kind:<26}{len(rows):>6}{statistics.median(ratios):>8.2f}{max(ratios):>7.2f}"
            f"{before:>8.1f}{after:>8.1f}{few:>8,}{many:>10,}{most:>9}{size:>7}"
        )
    every = sorted((entry for rows in kinds.values() for entry in rows), key=lambda one: -one[0])
    print("\nthe worst")
    for ratio, before, after in every[:WORST]:
        print(
            f"{ratio:>7.2f} {before['ms']:>7.0f} → {after['ms']:>7.0f} ms {after['sql_ms']:>8.1f} "
            f"SQL {before['blocks']:>7,} → {after['blocks']:>8,} blocks  "
            f"{after['person']:<6} {after['address']}"
        )
