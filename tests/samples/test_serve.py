"""The sample server over real sockets: types, search, misbehaving routes, hostile requests."""

from __future__ import annotations

import html
import http.client
import json
import socket
import threading
import time
from typing import Any
from urllib.parse import quote

import pytest

Answer = tuple[int, dict[str, str], bytes]


def ask(port: int, target: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(
            method, target, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def send_raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


def search(port: int, query: str, extra: str = "") -> list[dict[str, Any]]:
    status, headers, body = ask(port, f"/search?q={quote(query)}&format=json{extra}")
    assert status == 200
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    results: list[dict[str, Any]] = json.loads(body)["results"]
    return results


def test_every_listed_page_behaves_as_listed(sample_port: int, listing: dict[str, Any]) -> None:
    expected = {"gone": 410, "missing": 404, "redirect": 301}
    for row in listing["pages"]:
        status, headers, body = ask(sample_port, row["path"])
        assert status == expected.get(row["behaviour"], 200), row["path"]
        assert int(headers["Content-Length"]) == len(body)
        if status == 200:
            assert headers["Content-Type"].startswith("text/html")
            markup = html.unescape(body.decode(row.get("encoding", "utf-8")))
            assert f"<h1>{row['title']}</h1>" in markup


def test_redirect_and_canonical_links_follow_the_host_header(sample_port: int) -> None:
    status, headers, _ = ask(sample_port, "/northwire/r/twelve", Host="samples.test:99")
    assert status == 301
    target = "http://samples.test:99/northwire/2025/10/china-twelve-rare-earths"
    assert headers["Location"] == target
    _, _, body = ask(sample_port, target.removeprefix("http://samples.test:99"))
    assert f'href="http://127.0.0.1:{sample_port}/northwire/2025/10'.encode() in body
    assert b"{{SAMPLE_WEB}}" not in body


@pytest.mark.parametrize("host", ['"><script>', "a b", "x" * 300, "evil/path", "user@host"])
def test_hostile_host_header_falls_back_to_the_own_address(sample_port: int, host: str) -> None:
    _, headers, _ = ask(sample_port, "/northwire/r/twelve", Host=host)
    assert headers["Location"].startswith(f"http://127.0.0.1:{sample_port}/northwire/")


def test_windows_1252_page_declares_its_charset_only_in_its_markup(sample_port: int) -> None:
    _, headers, body = ask(sample_port, "/parliament/record/2025-10-22")
    assert headers["Content-Type"] == "text/html"
    assert b'content="text/html; charset=windows-1252"' in body
    assert "“too little, too late”" in body.decode("windows-1252")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_validators_answer_not_modified_without_a_body(sample_port: int) -> None:
    path = "/northwire/2025/04/china-seven-rare-earths"
    _, headers, body = ask(sample_port, path)
    assert body
    for condition in (
        {"If_None_Match": headers["ETag"]},
        {"If_Modified_Since": headers["Last-Modified"]},
    ):
        status, _, again = ask(sample_port, path, **condition)
        assert (status, again) == (304, b"")
    assert ask(sample_port, path, If_None_Match='"other"')[0] == 200
    assert ask(sample_port, path, If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT")[0] == 200
    assert ask(sample_port, path, If_Modified_Since="not a date")[0] == 200


def test_head_gives_the_length_and_no_body(sample_port: int) -> None:
    path = "/plumb-line/explainers/what-was-signed-in-islamabad"
    full = ask(sample_port, path)
    status, headers, body = ask(sample_port, path, method="HEAD")
    assert (status, body) == (200, b"")
    assert headers["Content-Length"] == str(len(full[2]))


def test_slow_page_keeps_nobody_else_waiting(sample_port: int) -> None:
    took: list[float] = []

    def fetch_slow() -> None:
        began = time.monotonic()
        ask(sample_port, "/harbour-gazette/2025/11/long-read-magnets")
        took.append(time.monotonic() - began)

    waiting = threading.Thread(target=fetch_slow)
    waiting.start()
    began = time.monotonic()
    ask(sample_port, "/robots.txt")
    quick = time.monotonic() - began
    waiting.join()
    assert took[0] >= 0.4
    assert quick < took[0]


def test_slow_page_waits_six_seconds_unless_told_otherwise(listing: dict[str, Any]) -> None:
    delays = {row.get("delay_seconds") for row in listing["pages"] if row["behaviour"] == "slow"}
    assert delays == {6}


def test_robots_forbids_exactly_the_disallowed_pages(
    sample_port: int, listing: dict[str, Any]
) -> None:
    _, headers, body = ask(sample_port, "/robots.txt")
    assert headers["Content-Type"].startswith("text/plain")
    forbidden = [
        line.split(": ")[1] for line in body.decode().splitlines() if line.startswith("Disallow")
    ]
    for row in listing["pages"]:
        is_forbidden = any(row["path"].startswith(prefix) for prefix in forbidden)
        assert is_forbidden == (row["behaviour"] == "disallowed"), row["path"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (
            "China controls nearly 70 per cent of global production of rare earths",
            {
                "/meridian-press/2025/06/who-digs-rare-earths",
                "/statistics-office/tables/rare-earth-mine-production-2024",
                "/harbour-gazette/2025/11/who-else-can-dig",
            },
        ),
        (
            "Beijing announced export controls on 12 rare earth elements",
            {
                "/trade-ministry/notices/2025-31",
                "/northwire/2025/10/china-twelve-rare-earths",
                "/harbour-gazette/2025/10/china-extends-export-controls",
                "/northwire/2025/04/china-seven-rare-earths",
            },
        ),
        (
            "a $500 million deal for a critical-minerals refinery in Pakistan",
            {
                "/northwire/2025/09/pakistan-minerals-memorandum",
                "/calder-process/news/2025-09-10-minerals-memorandum",
                "/plumb-line/explainers/what-was-signed-in-islamabad",
            },
        ),
    ],
)
def test_search_brings_sources_that_agree_and_sources_that_do_not(
    sample_port: int, query: str, wanted: set[str]
) -> None:
    results = search(sample_port, query)
    base = f"http://127.0.0.1:{sample_port}"
    assert wanted <= {result["url"].removeprefix(base) for result in results}
    for result in results:
        assert set(result) == {"url", "title", "snippet", "published"}
        assert len(result["snippet"]) <= 222
        assert len(result["published"]) == 10
        assert result["snippet"]
        assert result["snippet"] != result["title"]


def test_search_finds_nothing_where_there_is_nothing(sample_port: int) -> None:
    assert search(sample_port, "xylophone zeppelin") == []
    assert search(sample_port, "") == []
    assert len(search(sample_port, "rare earth", "&limit=3")) == 3


@pytest.mark.parametrize(
    "query",
    [
        "%00%00",
        "%ff%fe%80",
        "%F0%9F%A6%84" * 50,
        "a" * 20_000,
        "1" * 20_000,
        "&".join(["q=x"] * 500),
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "'%22%5C%28%5B%2A%2B%3F",
        "%ED%A0%80",
        "x&limit=99999999999999999999",
        "x&limit=-1",
        "x&limit=%D9%A3",
    ],
)
def test_hostile_queries_are_answered_and_escaped(sample_port: int, query: str) -> None:
    for form in ("", "&format=json"):
        status, _, body = ask(sample_port, f"/search?q={query}{form}")
        assert status in {200, 400}
        assert b"<script>alert" not in body or form
    assert ask(sample_port, "/robots.txt")[0] == 200


@pytest.mark.parametrize(
    "target",
    [
        "/../serve.py",
        "/../../pyproject.toml",
        "/%2e%2e/serve.py",
        "/assets/..%2f..%2fserve.py",
        "/northwire/../../serve.py",
        "//etc/passwd",
        "/etc/passwd",
        "/northwire/2025/09/pakistan-minerals-memorandum.html",
        "/\x7f%00",
        "http://[::1/",
    ],
)
def test_paths_that_are_not_listed_are_not_read(sample_port: int, target: str) -> None:
    request = f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    answer = send_raw(sample_port, request)
    assert answer.split(b" ")[1] in {b"404", b"400"}
    assert b"import" not in answer
    assert b"root:" not in answer


def test_other_methods_are_refused(sample_port: int) -> None:
    status, _, body = ask(sample_port, "/", method="POST")
    assert status == 501
    assert b"Sample page. The publisher is fictional." in body
