"""The answer to one line of the ``page`` task (shape in ``docs/CONTRACT.md``)."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Any

from claims.web.errors import Unreadable
from claims.web.pages import read_page


def answer_page(line: dict[str, Any]) -> dict[str, Any]:
    """Read the page in ``html``, or in the file at ``path`` (gunzipped if it ends in .gz).

    Raises ``ValueError`` with a sentence where there is no such page or no text in it.
    """
    url = line.get("url")
    try:
        page = read_page(_body_of(line), url=url if isinstance(url, str) else "")
    except (Unreadable, OSError, EOFError, zlib.error) as problem:
        raise ValueError(str(problem)) from None
    found = page.to_json()
    return {
        "title": found["title"] or None,
        "byline": found["byline"] or None,
        "published": found["published"],
        "text": found["text"],
        "links": found["links"],
        "tables": found["tables"],
    }


def _body_of(line: dict[str, Any]) -> bytes:
    html, path = line.get("html"), line.get("path")
    if isinstance(html, str):
        return html.encode("utf-8", "replace")
    if not isinstance(path, str) or "\0" in path:
        raise ValueError("html or path must be a string")
    body = Path(path).read_bytes()
    return gzip.decompress(body) if path.endswith(".gz") else body
