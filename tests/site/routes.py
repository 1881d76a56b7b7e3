"""The standard routes of the little web: one honest page, and the faults."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from functools import cache

from tests.site.bombs import BROTLI, make_zstd
from tests.site.server import Exchange, Route

ARTICLE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Mine output rises | Daily Example</title>
<meta property="og:title" content="Mine output rises">
<meta name="author" content="Ada Example">
<meta property="article:published_time" content="2025-03-04T10:00:00Z">
<meta property="og:site_name" content="Daily Example">
<link rel="canonical" href="https://daily.example/mines"></head><body>
<nav><a href="/">Home</a> <a href="/about">About</a></nav>
<article><h1>Mine output rises</h1>
<p>The ministry said on Tuesday that mines produced 70 per cent of global supply last year,
up from 64 per cent the year before, according to figures it published the same morning.</p>
<p>Exports fell to 12,400 tonnes in January, the lowest figure since records began, traders
said, and two of the largest buyers have begun to look for other sources of the metal.</p>
<p>See <a href="/report.html">the full report</a> and <a href="https://other.example/x">more</a>.</p>
<table><caption>Output by year</caption><tr><th>Year</th><th>Tonnes</th></tr>
<tr><td>2023</td><td>11,000</td></tr><tr><td>2024</td><td>12,400</td></tr></table>
</article><footer>All rights reserved</footer></body></html>"""

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def serve_article(x: Exchange) -> None:
    x.answer(
        ARTICLE, headers=(("ETag", '"v1"'), ("Last-Modified", "Tue, 04 Mar 2025 10:00:00 GMT"))
    )


def serve_conditional(x: Exchange) -> None:
    if x.request.headers.get("if-none-match") == '"v1"':
        x.answer(b"", status=304)
    else:
        serve_article(x)


def serve_echo(x: Exchange) -> None:
    x.answer(json.dumps(x.request.headers), content_type="text/plain")


def serve_status(x: Exchange) -> None:
    retry = x.request.query.get("retry_after")
    headers = (("Retry-After", retry),) if retry else ()
    x.answer("oops", status=int(x.request.query["code"]), headers=headers)


def serve_redirect(x: Exchange) -> None:
    code = int(x.request.query.get("code", "302"))
    x.answer(b"", status=code, headers=(("Location", x.request.query["to"]),))


def serve_loop(x: Exchange) -> None:
    number = int(x.request.query.get("n", "0")) + 1
    x.answer(b"", status=302, headers=(("Location", f"/redirect-endless?n={number}"),))


def serve_slow_loop(x: Exchange) -> None:
    x.wait(0.3)
    number = int(x.request.query.get("n", "0")) + 1
    x.answer(b"", status=302, headers=(("Location", f"/redirect-slow?n={number}"),))


def serve_slow(x: Exchange) -> None:
    x.wait(float(x.request.query.get("seconds", "0.2")))
    serve_article(x)


def serve_silent(x: Exchange) -> None:
    x.wait(20)


def serve_half_head(x: Exchange) -> None:
    x.send(HEAD)
    x.wait(20)


def drip(x: Exchange, head: bytes, piece: bytes, seconds: float = 0.05) -> None:
    x.send(head)
    while x.wait(seconds):
        x.send(piece)


def flood(x: Exchange, head: bytes, piece: bytes) -> None:
    x.send(head)
    while not x.site.closing.is_set():
        x.send(piece)


def serve_gzip_article(x: Exchange) -> None:
    x.answer(gzip.compress(ARTICLE.encode()), headers=(("Content-Encoding", "gzip"),))


def serve_encoded(x: Exchange) -> None:
    """Any bytes under any claimed encoding."""
    x.answer(b"\x1b\x00" * 50, headers=(("Content-Encoding", x.request.query["name"]),))


def serve_bomb(x: Exchange) -> None:
    """A gigabyte in about a megabyte."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    x.send(HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n")
    megabyte = b"\x20" * (1 << 20)
    for _ in range(1024):
        if x.site.closing.is_set():
            return
        x.send(squeeze.compress(megabyte))
    x.send(squeeze.flush())


@cache
def make_double_bomb() -> bytes:
    return gzip.compress(gzip.compress(b"\x00" * (64 << 20)))


def serve_double_bomb(x: Exchange) -> None:
    x.answer(make_double_bomb(), headers=(("Content-Encoding", "gzip, gzip"),))


def serve_cut_gzip(x: Exchange) -> None:
    squeezed = gzip.compress(ARTICLE.encode())
    x.answer(squeezed[: len(squeezed) // 2], headers=(("Content-Encoding", "gzip"),))


def serve_big(x: Exchange) -> None:
    """Nine honest megabytes."""
    paragraph = b"<p>" + b"honest words " * 78 + b"</p>\n"
    times = 9_000_000 // len(paragraph) + 1
    x.answer(b"<!doctype html><title>Big</title>" + paragraph * times + b"<p>the end</p>")


def serve_zip(x: Exchange) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    x.answer(buffer.getvalue())


def serve_typed(x: Exchange) -> None:
    x.answer(ARTICLE, content_type=x.request.query.get("type"))


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><lolz>&b;</lolz>'
)

ROUTES: dict[str, Route] = {
    "/article": serve_article,
    "/conditional": serve_conditional,
    "/echo": serve_echo,
    "/status": serve_status,
    "/redirect": serve_redirect,
    "/redirect-endless": serve_loop,
    "/redirect-slow": serve_slow_loop,
    "/redirect-self": lambda x: x.answer(status=302, headers=(("Location", "/redirect-self"),)),
    "/redirect-nowhere": lambda x: x.answer(status=302),
    "/slow": serve_slow,
    "/silent": serve_silent,
    "/silent-head": serve_half_head,
    "/drip-status": lambda x: drip(x, b"", b"H"),
    "/drip-headers": lambda x: drip(x, HEAD + b"X: ", b"a"),
    "/drip-body": lambda x: drip(x, HEAD + b"Content-Length: 100000\r\n\r\n", b"a"),
    "/drip-by-second": lambda x: drip(x, HEAD + b"Content-Length: 100000\r\n\r\n", b"a", 1.0),
    "/drip-chunks": lambda x: drip(x, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
    "/drip-100": lambda x: drip(x, b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "/endless-100": lambda x: flood(x, b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "/endless-headers": lambda x: flood(x, HEAD, b"X-A: " + b"b" * 60_000 + b"\r\n"),
    "/endless-header-line": lambda x: flood(x, HEAD + b"X: ", b"b" * 10_000),
    "/many-headers": lambda x: x.send(HEAD + b"X-A: b\r\n" * 5000 + b"\r\n<p>x"),
    "/flood-body": lambda x: flood(x, HEAD + b"\r\n", b"<p>flood " * 5000),
    "/flood-chunks": lambda x: flood(
        x, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 5000
    ),
    "/flood-trailers": lambda x: flood(
        x, HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: b\r\n" * 5000
    ),
    "/bad-chunk": lambda x: x.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc"),
    "/length-lie-long": lambda x: x.answer(ARTICLE, length=200_000),
    "/length-lie-huge": lambda x: x.answer(ARTICLE, length=10**12),
    "/length-lie-absurd": lambda x: x.answer(ARTICLE, length=10**40),
    "/not-http": lambda x: x.send(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "/hang-up": lambda x: None,
    "/gzip-article": serve_gzip_article,
    "/gzip-cut": serve_cut_gzip,
    "/gzip-broken": lambda x: x.answer(b"not gzip", headers=(("Content-Encoding", "gzip"),)),
    "/encoded": serve_encoded,
    "/bomb-gzip": serve_bomb,
    "/bomb-gzip-gzip": serve_double_bomb,
    "/bomb-br": lambda x: x.answer(BROTLI, headers=(("Content-Encoding", "br"),)),
    "/bomb-br-untold": lambda x: x.answer(BROTLI),
    "/bomb-zstd": lambda x: x.answer(make_zstd(), headers=(("Content-Encoding", "zstd"),)),
    "/bomb-zstd-untold": lambda x: x.answer(make_zstd()),
    "/big-9MB": serve_big,
    "/zip": serve_zip,
    "/svg": lambda x: x.answer('<svg xmlns="http://www.w3.org/2000/svg"><text>1</text></svg>'),
    "/xml-laughs": lambda x: x.answer(LAUGHS),
    "/typed": serve_typed,
    "/cookie": lambda x: x.answer(
        status=302, headers=(("Set-Cookie", "a=b"), ("Location", "/echo"))
    ),
}
