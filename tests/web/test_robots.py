"""robots.txt: asked once, obeyed, and never a way round the guard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from claims.web.errors import FetchError, RobotsRefused, RobotsUnavailable
from claims.web.robots import MemoryRobotsStore, Robots, StoredRobots
from tests.site.server import Exchange, Site
from tests.web.conftest import MakeClient

RULES = """User-agent: *
Disallow: /private
Disallow: /*.pdf$
User-agent: FactcheckWorkbench
Disallow: /echo
"""


def test_rules_are_asked_for_once_and_obeyed(site: Site, make_client: MakeClient) -> None:
    site.robots = RULES
    client = make_client(robots=Robots(MemoryRobotsStore()))
    client.fetch(site.url("/article"))
    client.fetch(site.url("/slow?seconds=0"))
    with pytest.raises(RobotsRefused) as caught:
        client.fetch(site.url("/echo"))
    assert site.paths() == ["/robots.txt", "/article", "/slow"]
    assert not caught.value.is_retryable


def test_wildcards_for_everyone_else(site: Site, make_client: MakeClient) -> None:
    site.robots = RULES
    client = make_client(robots=Robots(MemoryRobotsStore(), product="Other"))
    with pytest.raises(RobotsRefused):
        client.fetch(site.url("/a/b.pdf"))
    with pytest.raises(RobotsRefused):
        client.fetch(site.url("/private/x"))


def test_a_redirect_into_a_forbidden_path_is_refused(site: Site, make_client: MakeClient) -> None:
    site.robots = RULES
    with pytest.raises(RobotsRefused):
        make_client(robots=Robots(MemoryRobotsStore())).fetch(site.url("/redirect?to=/echo"))
    assert "/echo" not in site.paths()


def test_no_rules_mean_welcome(site: Site, make_client: MakeClient) -> None:
    client = make_client(robots=Robots(MemoryRobotsStore()))
    assert client.fetch(site.url("/article")).status == 200


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
def test_refused_rules_mean_welcome(site: Site, make_client: MakeClient, code: int) -> None:
    site.add("/robots.txt", lambda x: x.answer(status=code))
    assert make_client(robots=Robots(MemoryRobotsStore())).fetch(site.url("/article")).body


def test_a_broken_server_means_stay_away_for_now(site: Site, make_client: MakeClient) -> None:
    site.add("/robots.txt", lambda x: x.answer(status=503))
    client = make_client(robots=Robots(MemoryRobotsStore()))
    for _ in range(2):
        with pytest.raises(RobotsUnavailable) as caught:
            client.fetch(site.url("/article"))
    assert caught.value.is_retryable
    assert site.paths() == ["/robots.txt"]


def test_a_silent_robots_file_ends_with_the_page_deadline(
    site: Site, make_client: MakeClient
) -> None:
    site.add("/robots.txt", lambda x: x.wait(5))
    with pytest.raises(FetchError) as caught:
        make_client(robots=Robots(MemoryRobotsStore()), deadline_seconds=0.4).fetch(
            site.url("/article")
        )
    assert caught.value.reason == "timed_out"


def flood(x: Exchange) -> None:
    x.send(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /echo\n")
    while not x.site.closing.is_set():
        x.send(b"# filler filler filler\n" * 1000)


def test_an_endless_robots_file_is_cut_and_obeyed(site: Site, make_client: MakeClient) -> None:
    site.add("/robots.txt", flood)
    client = make_client(robots=Robots(MemoryRobotsStore()), deadline_seconds=5)
    client.fetch(site.url("/article"))
    with pytest.raises(RobotsRefused):
        client.fetch(site.url("/echo"))


@pytest.mark.parametrize(
    "text",
    ["\0\0\0", "<html>not rules</html>", "Disallow", "User-agent: *\nDisallow:", "a" * 100_000],
)
def test_nonsense_is_no_rule(site: Site, make_client: MakeClient, text: str) -> None:
    site.robots = text
    assert make_client(robots=Robots(MemoryRobotsStore())).fetch(site.url("/article")).body


def test_the_guard_holds_for_robots_redirects(site: Site, make_client: MakeClient) -> None:
    with Site() as inner:
        target = inner.add("/secret", "User-agent: *\nDisallow: /")
        site.add("/robots.txt", lambda x: x.answer(status=302, headers=(("Location", target),)))
        make_client(robots=Robots(MemoryRobotsStore())).fetch(site.url("/article"))
        assert inner.seen == []


def test_crawl_delay_is_given_back() -> None:
    robots = Robots(MemoryRobotsStore())
    rules = "User-agent: *\nCrawl-delay: 7\n"
    assert robots.check("http://a.example/x", "http://a.example", lambda url: rules) == 7.0


def test_the_store_forgets_in_time() -> None:
    store = MemoryRobotsStore()
    store.put("http://a.example", StoredRobots("x"), keep_seconds=60)
    store.put("http://b.example", StoredRobots("x"), keep_seconds=-1)
    assert store.get("http://a.example") == StoredRobots("x")
    assert store.get("http://b.example") is None


class OneLine(Robots):
    """The control: whoever asks for rules keeps all others waiting."""

    _line = threading.Lock()

    @contextmanager
    def _alone(self, origin: str) -> Iterator[None]:
        with self._line:
            yield


@pytest.mark.parametrize(("kind", "passes"), [(Robots, True), (OneLine, False)])
def test_a_slow_origin_keeps_no_other_waiting(kind: type[Robots], passes: bool) -> None:
    robots, is_asking, may_answer = kind(MemoryRobotsStore()), threading.Event(), threading.Event()
    asked: list[str] = []

    def answer_slowly(url: str) -> str:
        asked.append(url)
        is_asking.set()
        may_answer.wait(30)
        return ""

    def check_slow() -> float:
        return robots.check("http://slow.example/a", "http://slow.example", answer_slowly)

    with ThreadPoolExecutor(70) as pool:
        slow = [pool.submit(check_slow)]
        assert is_asking.wait(30)
        slow.append(pool.submit(check_slow))
        # More than there could be stripes of locks.
        others = [
            pool.submit(robots.check, f"{origin}/a", origin, lambda _: "")
            for origin in (f"http://host{number}.example" for number in range(66))
        ]
        if passes:
            assert [one.result(30) for one in others] == [0.0] * 66
        else:
            assert not any(one.done() for one in others)
        may_answer.set()
        assert [one.result(30) for one in slow] == [0.0] * 2
    assert asked == ["http://slow.example/robots.txt"]
    assert not robots._asked
