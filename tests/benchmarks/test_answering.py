"""The line protocol: every line answered, in order, and none made to wait for the next."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.answering import (
    Line,
    UnreadableLineError,
    answer_lines,
    attempt,
    read_arrived,
    text_of,
)

SECOND = b'{"id": 2, "text": "Ships \xc3\xa9 came."}'


def measure(line: Line) -> Line:
    return {"length": len(text_of(line))}


def measure_all(lines: Sequence[Line]) -> list[Line | UnreadableLineError]:
    return [attempt(measure, line) for line in lines]


def test_a_line_is_given_before_the_next_is_written() -> None:
    out, into = os.pipe()
    with os.fdopen(out, "rb") as stream, os.fdopen(into, "wb", buffering=0) as caller:
        arrived = read_arrived(stream)
        # Were a second line waited for, the pipe would stay empty and this would not return.
        caller.write(b"one\n")
        assert next(arrived) == [b"one"]
        caller.write(b"two\nthree\nfo")
        assert next(arrived) == [b"two", b"three"]
        caller.write(b"ur\n")
        assert next(arrived) == [b"four"]
        caller.write(b"last")
        caller.close()
        assert list(arrived) == [[b"last"]]


def test_lines_longer_than_a_pipe_are_put_together(tmp_path: Path) -> None:
    lines = [b"a" * 200_000, b"", b"\xc3\xa9" * 100_000, b"short"]
    path = tmp_path / "lines"
    path.write_bytes(b"\n".join(lines) + b"\n")
    with path.open("rb") as stream:
        assert [line for group in read_arrived(stream) for line in group] == lines


def test_what_cannot_be_read_is_answered_where_it_stood() -> None:
    unreadable = [b"[1]", b"{", b"\xff", b"[" * 100_000, b"null"]
    told = answer_lines(measure_all, [SECOND, *unreadable, b'{"id": "x"}', SECOND])
    assert told == [
        {"id": 2, "length": 13},
        *[{"id": None, "error": "not a JSON object"}] * len(unreadable),
        {"id": "x", "error": "text must be a string"},
        {"id": 2, "length": 13},
    ]
