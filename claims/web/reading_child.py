"""Reading pages in a child process that can be killed.

:class:`PageReader` promises that reading a page ends: with a
:class:`~claims.web.pages.PageReading`, with :class:`~claims.web.errors.ReaderKilled`
once it took too long or too much memory, or with
:class:`~claims.web.errors.Unreadable`; and that the next page is read as if nothing
had happened. Children are long-lived (the readers take a second to import), get a
bare environment without the parent's secrets, and end with their parent. What a child does
is in :mod:`claims.web.reading_loop`.
"""

from __future__ import annotations

import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from claims.web.errors import ReaderKilled, Unreadable
from claims.web.pages import PageReading
from claims.web.reading_loop import ANSWER, OUT_OF_MEMORY, REQUEST

START_SECONDS = 60.0
MAX_ANSWER_BYTES = 128 * 1024 * 1024
# Caches inside the readers grow slowly; a fresh child now and then costs a second.
PAGES_PER_CHILD = 1000


class PageReader:
    """A pool of ``workers`` reading children; thread-safe, started on first use.

    ``deadline_seconds`` bounds one page by the wall clock, ``memory_bytes`` what a
    child may take beyond what it needs when idle.
    """

    def __init__(
        self,
        workers: int = 1,
        deadline_seconds: float = 15.0,
        memory_bytes: int = 300 * 1024 * 1024,
    ) -> None:
        self._deadline_seconds = deadline_seconds
        self._memory_bytes = memory_bytes
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)

    def read(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str = "text/html",
        charset: str | None = None,
        name: str = "",
    ) -> PageReading:
        """As :func:`claims.web.pages.read_page`, in a child; waits for a free one.

        Raises :class:`ReaderKilled` or :class:`Unreadable`.
        """
        child = self._idle.get()
        if child is not None and not child.is_fresh():
            child.end()
            child = None
        try:
            if child is None:
                child = _Child.start(self._deadline_seconds, self._memory_bytes)
            asked = {"url": url, "content_type": content_type, "charset": charset, "name": name}
            answer = child.ask(asked, body, self._deadline_seconds)
        except BaseException:  # also a stop in mid-answer: a child half read is of no more use
            if child is not None:
                child.end()
            child = None
            raise
        finally:
            self._idle.put(child)
        if answer.get("error") == OUT_OF_MEMORY:
            raise ReaderKilled("Reading the page took more memory than allowed.")
        if "reading" not in answer:
            raise Unreadable(answer.get("detail") or "No text could be read from the page.")
        return PageReading.from_json(answer["reading"])

    def close(self) -> None:
        """End all idle children; the reader can be used again afterwards."""
        idle = [self._idle.get() for _ in range(self._idle.qsize())]
        for child in idle:
            if child is not None:
                child.end()
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(slots=True)
class _Child:
    """The parent's end of one child."""

    process: subprocess.Popen[bytes]
    stdin: int
    stdout: int
    pages: int = 0
    owner: int = field(default_factory=os.getpid)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def start(cls, deadline_seconds: float, memory_bytes: int) -> Self:
        root = str(Path(__file__).resolve().parents[2])
        process = subprocess.Popen(  # noqa: S603 - our own module, arguments are numbers
            [sys.executable, "-m", "claims.web.reading_loop", str(deadline_seconds),
             str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # third-party readers write page text there
            cwd=root,
            env=_bare_environment(root),
            start_new_session=True,  # a terminal's Ctrl-C is for the parent to handle
        )  # fmt: skip
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("pipes were asked for")
        child = cls(process, process.stdin.fileno(), process.stdout.fileno())
        os.set_blocking(child.stdin, False)
        os.set_blocking(child.stdout, False)
        try:
            child._receive(time.monotonic() + START_SECONDS)
        except BaseException:  # whatever ends the start, no child stays behind
            child.end()
            raise
        return child

    def is_fresh(self) -> bool:
        """Whether the child is ours, lives and has not read too many pages."""
        is_ours = self.owner == os.getpid()
        return is_ours and self.process.poll() is None and self.pages < PAGES_PER_CHILD

    def ask(self, asked: dict[str, Any], body: bytes, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        self.pages += 1
        header = json.dumps(asked).encode()
        self._send(REQUEST.pack(len(header), len(body)) + header + body, deadline)
        answer = self._receive(deadline)
        if answer.get("error") == OUT_OF_MEMORY:
            self.end()
        return answer

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(self.stdin, select.POLLOUT, deadline)
            try:
                view = view[os.write(self.stdin, view) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise ReaderKilled("Reading the page ended the reader.") from None

    def _receive(self, deadline: float) -> dict[str, Any]:
        (length,) = ANSWER.unpack(self._read_exactly(ANSWER.size, deadline))
        if length > MAX_ANSWER_BYTES:
            raise Unreadable("The reading of the page is too large.")
        answer: dict[str, Any] = json.loads(self._read_exactly(length, deadline))
        return answer

    def _read_exactly(self, length: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < length:
            self._wait(self.stdout, select.POLLIN, deadline)
            try:
                piece = os.read(self.stdout, min(length - len(received), 1 << 20))
            except BlockingIOError:
                continue
            if not piece:
                raise ReaderKilled("Reading the page ended the reader.")
            received += piece
        return bytes(received)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        left = deadline - time.monotonic()
        poll = select.poll()
        poll.register(descriptor, event)
        if left <= 0 or not poll.poll(left * 1000):
            raise ReaderKilled("Reading the page took longer than allowed.")

    def end(self) -> None:
        """Kill the child and collect it; after a fork, only let go of its pipes."""
        with self.lock:
            if self.owner == os.getpid():
                if self.process.poll() is None:
                    self.process.kill()
                self.process.wait()
            else:
                self.process.returncode = 0  # it is the parent's to wait for
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None and not pipe.closed:
                    _close_quietly(pipe)


def _close_quietly(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        return  # what was left to flush has no reader any more


def _bare_environment(root: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    # More threads than one reserve address space that the memory limit would count.
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    return {**kept, **threads, "PYTHONPATH": root, "PYTHONIOENCODING": "utf-8"}
