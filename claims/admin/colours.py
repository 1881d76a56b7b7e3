"""A rating's colour as a page may print it.

It stands in a ``style`` attribute, where anything but six digits could be more
than a colour; forms refuse such a value, rows written by a program are not asked.
"""

from __future__ import annotations

import re

PLAIN_COLOUR = "#64748b"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def safe_colour(colour: str) -> str:
    """The colour if it is ``#rrggbb``, else :data:`PLAIN_COLOUR`, a grey."""
    return colour if _COLOUR.fullmatch(colour) else PLAIN_COLOUR
