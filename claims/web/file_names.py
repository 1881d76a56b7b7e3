"""The name that a server gives a file, out of its ``Content-Disposition`` (RFC 6266).

Promises a bare name without folders and signs that cannot be printed; ``filename*`` wins over
``filename``. The name is only ever shown or looked at: nothing is stored under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, unquote_to_bytes

HEADER = "content-disposition"
MAX_HEADER_CHARACTERS = 2_000
MAX_NAME_CHARACTERS = 200
_PARAMETER = re.compile(
    r'(?:^|;)\s*(filename\*?)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.IGNORECASE | re.DOTALL
)
_ESCAPED = re.compile(r'\\(["\\])')
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def find_file_name(headers: Iterable[Sequence[str]]) -> str:
    """The file's name out of response headers (name, value); ``""`` where none is given.

    >>> find_file_name([("Content-Disposition", "attachment; filename*=UTF-8''%C3%A9t%C3%A9.csv")])
    'été.csv'
    """
    value = next((pair[1] for pair in headers if pair[0].lower() == HEADER), "")
    if not value:
        return ""
    text = _as_text(value[:MAX_HEADER_CHARACTERS])
    found = {found[1].lower(): found[2].strip() for found in _PARAMETER.finditer(text)}
    for name in (_decode(found.get("filename*", "")), _unquote(found.get("filename", ""))):
        bare = re.split(r"[/\\]", name)[-1]
        printed = " ".join("".join(c if c.isprintable() else " " for c in bare).split())
        if printed.strip(". "):
            return printed[-MAX_NAME_CHARACTERS:]
    return ""


def title_of(file_name: str) -> str:
    """A file's name as a title of last resort: without its ending and with spaces.

    >>> title_of("Salt_exports-2024_Q1.xlsx")
    'Salt exports-2024 Q1'
    """
    return " ".join(_ENDING.sub("", file_name).replace("_", " ").split())


def _decode(value: str) -> str:
    """``charset'language'name`` with percent signs (RFC 8187)."""
    charset, _, rest = value.partition("'")
    try:
        raw = unquote_to_bytes(rest.partition("'")[2])
        return raw.decode("latin-1" if charset.strip().lower() == "iso-8859-1" else "utf-8")
    except UnicodeError:
        return ""


def _unquote(value: str) -> str:
    """A name in quotes or bare; percent signs are undone as browsers do it."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = _ESCAPED.sub(r"\1", value[1:-1])
    return unquote(value)


def _as_text(value: str) -> str:
    """Headers come byte by byte; many servers write UTF-8 all the same."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
