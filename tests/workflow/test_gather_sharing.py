"""The lines to the server that all workers share: few, opened again when cut, never mixed up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis
from django.conf import settings

from claims.workflow.gather.sharing import CONNECTIONS, MOST_OWED, SharedServer

KEY = "factcheck:test:line"


@pytest.fixture
def server() -> Iterator[SharedServer]:
    server = SharedServer(settings.REDIS_URL)
    server.set(KEY, "stands", ex=60)
    yield server
    server.delete(KEY)
    # Closed here: the collector would name them in whichever test it next runs.
    for _ in range(CONNECTIONS):
        server.connection_pool.take().disconnect()


def numbers(server: SharedServer) -> set[int]:
    """What the other side calls the lines, each asked once in its turn."""
    return {int(server.client_id()) for _ in range(CONNECTIONS)}


def test_any_number_of_threads_share_few_lines(server: SharedServer) -> None:
    with ThreadPoolExecutor(3 * CONNECTIONS) as pool:
        asked = [pool.submit(server.blpop, [f"nothing:{n}"], 0.2) for n in range(3 * CONNECTIONS)]
        assert [one.result() for one in asked] == [None] * len(asked)
    lines = numbers(server)
    assert len(lines) == CONNECTIONS
    assert numbers(server) == lines


def test_lines_that_were_cut_are_opened_once_more(server: SharedServer) -> None:
    lines = numbers(server)
    with redis.Redis.from_url(settings.REDIS_URL) as bystander:
        for number in lines:
            bystander.client_kill_filter(_id=str(number))
    assert [server.get(KEY) for _ in lines] == [b"stands"] * CONNECTIONS
    assert not numbers(server) & lines


def test_without_a_server_a_call_fails_without_a_pause() -> None:
    nobody = SharedServer("redis://127.0.0.1:1/0")
    began = time.monotonic()
    for _ in range(2 * CONNECTIONS):
        with pytest.raises(redis.ConnectionError):
            nobody.get(KEY)
    # Three tries with pauses between them, as redis-py has them, would be a second and more each.
    assert time.monotonic() - began < CONNECTIONS


def test_what_is_told_is_heeded_and_its_answers_are_given_to_nobody(server: SharedServer) -> None:
    lines = numbers(server)
    for number in range(3 * MOST_OWED):
        server.tell("SET", f"{KEY}:{number % CONNECTIONS}", number, "EX", 60)
        server.tell("NO SUCH COMMAND")
    # Each line is asked, and answers in its order: what was told over it is done.
    assert numbers(server) == lines
    told = {int(server.get(f"{KEY}:{number}") or -1) for number in range(CONNECTIONS)}
    assert told == {*range(3 * MOST_OWED)[-CONNECTIONS:]}
    # A line that is cut with answers on it takes none of them to the next one who asks.
    server.tell("ECHO", "for nobody")
    with redis.Redis.from_url(settings.REDIS_URL) as bystander:
        for number in lines:
            bystander.client_kill_filter(_id=str(number))
    assert [server.get(KEY) for _ in lines] == [b"stands"] * CONNECTIONS
    assert not numbers(server) & lines


class Interrupted(Exception):
    """What a soft time limit raises, wherever the process stands."""


class Stopped(SharedServer):
    """Interrupted between asking and hearing the answer, so often."""

    times = 3

    def parse_response(self, connection: Any, command_name: Any, **options: Any) -> Any:
        if self.times:
            self.times -= 1
            raise Interrupted
        return super().parse_response(connection, command_name, **options)


def test_an_answer_that_nobody_waited_for_is_given_to_nobody(server: SharedServer) -> None:
    stopped = Stopped(settings.REDIS_URL)
    for _ in range(3):
        with pytest.raises(Interrupted):
            stopped.execute_command("ECHO", "for nobody")
    assert [stopped.get(KEY) for _ in range(2 * CONNECTIONS)] == [b"stands"] * 2 * CONNECTIONS
