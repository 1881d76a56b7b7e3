"""The line protocol of ``predict.py``: JSON lines in, one answer to each, in order.

Promises an answer to every line that is not blank, ``{"id", "error"}`` where it cannot be read,
and to wait for no second line before the first is answered. Refuses to know any task.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, TypeVar

Line = dict[str, Any]
T = TypeVar("T")
Answer = Callable[[Line], Line]
"""Takes a line, gives the answer without its ``id``; may raise ``UnreadableLineError``."""

_READ_AT_ONCE = 1 << 16


class UnreadableLineError(ValueError):
    """The line lacks what the task needs; the message is the answer's ``error``."""


AnswerAll = Callable[[Sequence[Line]], list[Line | UnreadableLineError]]
"""Takes the lines that have arrived, gives the answer to each or why there is none."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for besides the task."""

    encoder: bool = False


def attempt(read: Callable[[Line], T], line: Line) -> T | UnreadableLineError:
    try:
        return read(line)
    except UnreadableLineError as problem:
        return problem


def one_by_one(load: Callable[[Options], Answer]) -> Callable[[Options], AnswerAll]:
    """The loader of a task whose lines have nothing to gain from each other."""

    def load_all(options: Options) -> AnswerAll:
        answer = load(options)
        return lambda lines: [attempt(answer, line) for line in lines]

    return load_all


def text_of(line: Line, key: str = "text") -> str:
    """The string under ``key``; raises :class:`UnreadableLineError` where there is none."""
    value = line.get(key)
    if not isinstance(value, str):
        raise UnreadableLineError(f"{key} must be a string")
    return value


def day_of(line: Line, key: str = "published") -> date | None:
    """The ISO date under ``key``, ``None`` where absent."""
    value = line.get(key)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise UnreadableLineError(f"{key} must be an ISO date such as 2025-11-18") from None


def strings_of(line: Line, key: str) -> list[str]:
    """The list of strings under ``key``; raises :class:`UnreadableLineError` on another shape."""
    value = line.get(key)
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise UnreadableLineError(f"{key} must be a list of strings")
    return value


def named_texts_of(line: Line, key: str) -> list[tuple[Any, str, Line]]:
    """``(id, text, entry)`` of the objects under ``key``; raises on another shape."""
    value = line.get(key)
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise UnreadableLineError(f"{key} must be a list of objects")
    if not all("id" in entry for entry in value):
        raise UnreadableLineError(f"every object of {key} needs an id")
    return [(entry["id"], text_of(entry), entry) for entry in value]


def read_arrived(stream: BinaryIO) -> Iterator[list[bytes]]:
    """The lines of ``stream`` in the groups in which they arrive, without their ends.

    Waits for one line, never for a second: a caller that writes a line gets its answer.
    """
    rest: list[bytes] = []
    while arrived := os.read(stream.fileno(), _READ_AT_ONCE):
        *lines, last = arrived.split(b"\n")
        if lines:
            lines[0] = b"".join((*rest, lines[0]))
            rest = []
            yield lines
        rest.append(last)
    if any(rest):
        yield [b"".join(rest)]


def answer_lines(answer_all: AnswerAll, raw_lines: Iterable[bytes]) -> list[Line]:
    """Each line's answer with its ``id``, or ``{"id", "error"}`` where it cannot be read."""
    lines = [_parse(raw) for raw in raw_lines]
    answers = iter(answer_all([line for line in lines if line is not None]))
    found: list[Line] = []
    for line in lines:
        if line is None:
            found.append({"id": None, "error": "not a JSON object"})
            continue
        answer = next(answers)
        told = {"error": str(answer)} if isinstance(answer, UnreadableLineError) else answer
        found.append({"id": line.get("id"), **told})
    return found


def _parse(raw: bytes) -> Line | None:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) else None
