"""Read Markdown's inline marks away, as a reader does.

Promises text without links' addresses and emphasis marks, in time that grows with the
text; refuses block structure, which :mod:`claims.text.articles` reads.
"""

from __future__ import annotations

import re

_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,600}(?:\s\"[^\"]{0,200}\")?\)")
_EMPHASIS = re.compile(
    r"(?<![\w*])(\*\*\*|\*\*|\*|___|__|_)(?=\S)([^*_\n]{1,400}?)(?<=\S)\1(?![\w*])"
)


def strip_markup(text: str) -> str:
    """``text`` without Markdown links and emphasis, as a reader sees it.

    >>> strip_markup("**Nearly** [70 per cent](https://example.org/a) of it")
    'Nearly 70 per cent of it'
    """
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\2", text)
    return text.replace("`", "")
