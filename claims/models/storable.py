"""Text as PostgreSQL can hold it: what came from the web or a file may carry what it cannot."""

from __future__ import annotations


def storable(text: str, max_chars: int | None = None) -> str:
    """The text without NUL, lone surrogates replaced, cut to ``max_chars``.

    >>> storable("a\\x00b\\ud800c", 3)
    'ab?'
    """
    text = text[: max_chars * 2] if max_chars is not None else text
    if "\x00" in text:
        text = text.replace("\x00", "")
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text[:max_chars]
