"""The child in which pages are read: it takes frames from its parent and answers each.

Promises to set its own limits before the first page, to answer every frame or end, and to end
with its parent. It writes nothing but answers to its pipe. Its parent is
:class:`claims.web.reading_child.PageReader`.

Frames on the pipes: a request is two 4-byte lengths, a JSON header, the body; an
answer is a 4-byte length and JSON. Run as ``python -m claims.web.reading_loop``.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from claims.web.errors import Unreadable
from claims.web.pages import read_page

REQUEST = struct.Struct(">II")
ANSWER = struct.Struct(">I")
WATCH_SECONDS = 0.5

IS_READY = "ready"
OUT_OF_MEMORY = "out_of_memory"
UNREADABLE = "unreadable"


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
