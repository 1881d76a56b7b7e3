"""The reading child: bounded, replaceable, and gone with its parent."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from claims.web.errors import ReaderKilled, Unreadable
from claims.web.pages import read_page
from claims.web.reading_child import PageReader
from tests.site.routes import ARTICLE

URL = "https://daily.example/news"
# Some seconds of work: enough to be caught in the middle of.
LONG = b"<p>" + b"word <i>and</i> " * 24_000


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    with PageReader(deadline_seconds=10) as shared:
        yield shared


def children_of(reader: PageReader) -> list[int]:
    return [child.process.pid for child in list(reader._idle.queue) if child is not None]


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_child_reads_as_we_do(reader: PageReader) -> None:
    page = reader.read(ARTICLE.encode(), url=URL, charset="utf-8")
    assert page == read_page(ARTICLE.encode(), url=URL, charset="utf-8")


def test_the_child_is_kept(reader: PageReader) -> None:
    reader.read(ARTICLE.encode(), url=URL)
    before = children_of(reader)
    reader.read(ARTICLE.encode(), url=URL)
    assert children_of(reader) == before != []


def test_what_is_no_text_is_unreadable_and_costs_no_child(reader: PageReader) -> None:
    reader.read(ARTICLE.encode(), url=URL)
    before = children_of(reader)
    with pytest.raises(Unreadable):
        reader.read(os.urandom(100_000), url=URL)
    assert children_of(reader) == before


def test_ten_megabytes_fit(reader: PageReader) -> None:
    body = b"<!doctype html><p>" + b"honest words, 70 per cent\n" * 380_000 + b"the end"
    assert reader.read(body, url=URL).text.endswith("the end")


def test_too_slow_is_killed_and_the_next_page_read() -> None:
    with PageReader(deadline_seconds=0.2) as reader:
        reader.read(b"<p>warm</p>", url=URL)
        started = time.monotonic()
        with pytest.raises(ReaderKilled, match="longer"):
            reader.read(LONG, url=URL)
        assert time.monotonic() - started < 1
        assert reader.read(b"<p>short</p>", url=URL).text == "short"


def test_too_much_memory_is_ended_and_the_next_page_read() -> None:
    with PageReader(deadline_seconds=20, memory_bytes=24 << 20) as reader:
        with pytest.raises(ReaderKilled):
            reader.read(b"<p>words and words</p>" * 400_000, url=URL)
        assert reader.read(b"<p>short</p>", url=URL).text == "short"


def test_a_child_that_was_killed_is_replaced(reader: PageReader) -> None:
    reader.read(b"<p>one</p>", url=URL)
    for pid in children_of(reader):
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.1)
    assert reader.read(b"<p>two</p>", url=URL).text == "two"


def test_two_workers_serve_many_threads() -> None:
    with PageReader(workers=2) as reader, ThreadPoolExecutor(8) as pool:
        bodies = [f"<p>page {number}</p>".encode() for number in range(40)]
        texts = [page.text for page in pool.map(lambda body: reader.read(body, url=URL), bodies)]
        assert texts == [f"page {number}" for number in range(40)]
        assert len(children_of(reader)) == 2


def test_a_child_sees_no_secret_and_ends_with_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTCHECK_SECRET_KEY", "hidden")
    with PageReader() as reader:
        reader.read(b"<p>one</p>", url=URL)
        (pid,) = children_of(reader)
        assert b"hidden" not in Path(f"/proc/{pid}/environ").read_bytes()
        assert is_running(pid)
    assert not is_running(pid)


def test_a_fork_gets_a_child_of_its_own(reader: PageReader) -> None:
    reader.read(b"<p>one</p>", url=URL)
    before = children_of(reader)
    source, target = os.pipe()
    if (fork := os.fork()) == 0:
        with contextlib.suppress(BaseException):  # whatever happens, the fork ends here
            text = reader.read(b"<p>two</p>", url=URL).text
            os.write(target, f"{text} {children_of(reader) != before}".encode())
            reader.close()
        os._exit(0)
    os.close(target)
    with os.fdopen(source) as answers:
        assert answers.read() == "two True"
    os.waitpid(fork, 0)
    assert reader.read(b"<p>three</p>", url=URL).text == "three"
    assert children_of(reader) == before


PARENT = """
import sys, threading, time
from claims.web.reading_child import PageReader
reader = PageReader(deadline_seconds=30)
reader.read(b"<p>one</p>", url="https://a.example/")
(child,) = [child.process.pid for child in list(reader._idle.queue)]
print(child, flush=True)
if sys.argv[1] == "busy":
    reader.read(b"<p>" + b"word <i>and</i> " * 24_000, url="https://a.example/")
time.sleep(60)
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_the_child_dies_with_its_parent(state: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, state], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(0.2)
    assert is_running(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    ends = time.monotonic() + 5
    while is_running(child) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not is_running(child)
