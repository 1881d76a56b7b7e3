"""Reading pages in a child process that can be killed.

:class:`PageReader` promises that reading a page ends: with a
:class:`~claims.web.pages.PageReading`, with :class:`~claims.web.errors.ReaderKilled`
once it took too long or too much memory, or with
:class:`~claims.web.errors.Unreadable`; and that the next page is read as if nothing
had happened. Children are long-lived (the readers take a second to import), get a
bare environment without the parent's secrets, and end with their parent.

Frames on the pipes: a request is two 4-byte lengths, a JSON header, the body; an
answer is a 4-byte length and JSON. Run as ``python -m claims.web.reading_child``.
"""

from __future__ import annotations

import json
import os
import queue
import select
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from claims.web.errors import ReaderKilled, Unreadable
from claims.web.pages import PageReading, read_page

START_SECONDS = 60.0
REQUEST = struct.Struct(">II")
ANSWER = struct.Struct(">I")
MAX_ANSWER_BYTES = 128 * 1024 * 1024
# Caches inside the readers grow slowly; a fresh child now and then costs a second.
PAGES_PER_CHILD = 1000
WATCH_SECONDS = 0.5

IS_READY = "ready"
OUT_OF_MEMORY = "out_of_memory"
UNREADABLE = "unreadable"


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
            [sys.executable, "-m", "claims.web.reading_child", str(deadline_seconds),
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


def serve(requests: IO[bytes], answers: IO[bytes], deadline: float, memory_bytes: int) -> None:
    """The child: read frames until the parent hangs up. Sets its own limits first."""
    import gc
    import resource
    import signal

    for one, kind in ((WARM_UP, "text/html"), (WARM_UP_PDF, "application/pdf")):
        read_page(one, url="https://example.org/", content_type=kind)
    gc.collect()
    gc.freeze()  # what is loaded now stays: no collection need look at it again
    limit_bytes = _address_space_bytes() + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    _answer(answers, {IS_READY: True})
    while lengths := requests.read(REQUEST.size):
        header_length, body_length = REQUEST.unpack(lengths)
        asked = json.loads(requests.read(header_length))
        body = requests.read(body_length)
        # Kernel timers end the child even where C code never lets Python run again.
        signal.setitimer(signal.ITIMER_REAL, deadline + 1)
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime + deadline) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
        answer = _read(asked, body)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _answer(answers, answer)
        if answer.get("error") == OUT_OF_MEMORY:
            return


def _read(asked: dict[str, Any], body: bytes) -> dict[str, Any]:
    try:
        return {"reading": read_page(body, **asked).to_json()}
    except MemoryError:
        return {"error": OUT_OF_MEMORY}
    except Unreadable as problem:
        return {"error": UNREADABLE, "detail": str(problem)}
    except Exception as problem:  # noqa: BLE001 - any fault of any reader on hostile bytes
        return {"error": UNREADABLE, "kind": type(problem).__name__}


def _answer(answers: IO[bytes], answer: dict[str, Any]) -> None:
    encoded = json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")
    answers.write(ANSWER.pack(len(encoded)) + encoded)
    answers.flush()


def _address_space_bytes() -> int:
    """What the idle child has mapped, from the kernel; a generous constant elsewhere."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return 1 << 30
    return pages * os.sysconf("SC_PAGE_SIZE")


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)


# One small page and one small PDF load every model, table and library before the limits are set.
WARM_UP = (
    b"<!doctype html><title>Warm-up</title><article><h1>Warm-up</h1>"
    + b"<p>The quick brown fox jumps over the lazy dog, then rests, as foxes do on Tuesdays.</p>"
    * 9
    + b"</article>"
)
WARM_UP_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources"
    b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
    b"4 0 obj<</Length 30>>stream\nBT /F 9 Tf 9 9 Td (Warm) Tj ET\nendstream endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)


def _take_stdout() -> IO[bytes]:
    """The pipe to the parent for answers alone: what a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


if __name__ == "__main__":
    serve(sys.stdin.buffer, _take_stdout(), float(sys.argv[1]), int(sys.argv[2]))
