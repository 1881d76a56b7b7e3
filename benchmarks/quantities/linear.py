"""Check that reading takes time in proportion to the text.

Run it as ``python -m benchmarks.quantities.linear``.

Each hostile piece is repeated to two lengths that differ by :data:`GROWTH`; the CPU time
per character of the longer may be at most :data:`TOLERANCE` times that of the shorter. A
quadratic reading would be :data:`GROWTH` times as slow.
"""

from __future__ import annotations

import sys
import time

from claims.text.dates import read_dates
from claims.text.quantities import read_quantities

SHORT, GROWTH, TOLERANCE = 4_000, 8, 3.0
PIECES = (
    "9", "9,", "1.2", "1/2", "1-", "1 000 ",
    "5 to ", "a ", "one hundred and ", "twenty-", "half a ",
    "$", "US$5 ", "-", "(", "'", '"5" ', "\u200b5", "\u00a0", "\U0001f642", "in 2019 ",
    "May 5, ",
    "last year ", "5 km ", "5 or more ", "between ", "of the ", "rose by ",
    "nearly 70 per cent of global ",
    "12 rare earth ", "two women and men ", "e6", "^", "http://a ", "https://x", "\x00",
    "½", "5 points, ",
    "one point five ", "thousands of ", "7 out of 10 ", "10-", "10:", "Q3 ", "S&P 500 ", "\n1. ",
)  # fmt: skip


def _seconds(text: str) -> float:
    started = time.process_time()
    read_quantities(text)
    read_dates(text)
    return time.process_time() - started


def worst_growth() -> tuple[float, str]:
    """The largest ratio of time per character, long against short, and the piece that gave it."""
    worst = (0.0, "")
    for piece in PIECES:
        short = piece * (SHORT // len(piece))
        long = piece * (SHORT * GROWTH // len(piece))
        # The best of two runs each: other work on the machine only ever adds time.
        brief = max(min(_seconds(short), _seconds(short)), 0.001)
        worst = max(worst, (min(_seconds(long), _seconds(long)) / brief / GROWTH, piece))
    return worst


def main() -> int:
    """Print the worst growth; 1 where it is above the tolerance."""
    growth, piece = worst_growth()
    print(f"worst growth per character {growth:.2f} (allowed {TOLERANCE}) for {piece!r}")
    return int(growth > TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
