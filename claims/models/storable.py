"""Text as PostgreSQL can hold it: what came from the web or a file may carry what it cannot."""

from __future__ import annotations

from typing import Any


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


def storable_json(value: Any) -> Any:
    """The same JSON value with every text in it, keys included, made storable.

    >>> storable_json({"a\\x00": ["b\\x00", 1]})
    {'a': ['b', 1]}
    """
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [storable_json(one) for one in value]
    if isinstance(value, dict):
        return {storable(key): storable_json(one) for key, one in value.items()}
    return value
