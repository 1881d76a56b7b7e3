"""Politeness shared by all workers: the throttle and the robots cache in Redis or Valkey.

Promises that one script per call decides who may ask a host now, by the
server's clock. Losing the server loses only manners, never work: while it
cannot be asked, a host is treated as busy.
"""

from __future__ import annotations

import json

import redis

from claims.web.robots import MemoryRobotsStore, StoredRobots
from claims.workflow.gather.sharing import shared_server

BUSY_SECONDS = 1.0
OWN_ROBOTS_SECONDS = 60.0

# KEYS[1] the host's sorted set of entries (score = expiry), KEYS[2] its next start.
ENTER = """
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local start = tonumber(redis.call('GET', KEYS[2]) or '0')
if now < start then return tostring(start - now) end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return '0.05' end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), t[1] .. ':' .. t[2] .. ':' .. ARGV[4])
redis.call('EXPIRE', KEYS[1], math.ceil(tonumber(ARGV[3])) + 1)
local kept = math.ceil(tonumber(ARGV[1])) + 60
redis.call('SET', KEYS[2], tostring(now + tonumber(ARGV[1])), 'EX', kept)
return '0'
"""

LEAVE = """
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
redis.call('ZPOPMIN', KEYS[1])
local start = tonumber(redis.call('GET', KEYS[2]) or '0')
local wanted = now + tonumber(ARGV[1])
if wanted > start then
  redis.call('SET', KEYS[2], tostring(wanted), 'EX', math.ceil(tonumber(ARGV[1])) + 60)
end
return 1
"""


class SharedThrottleStore:
    """A :class:`claims.web.throttle.ThrottleStore` on the broker's server."""

    def __init__(self, url: str | None = None) -> None:
        self._server = shared_server(url)
        self._enter = self._server.register_script(ENTER)
        self._leave = self._server.register_script(LEAVE)
        self._count = 0

    def enter(
        self, host: str, *, delay_seconds: float, concurrency: int, lease_seconds: float
    ) -> float:
        """Seconds to wait before asking the host, 0 when a place was taken."""
        self._count += 1
        try:
            wait = self._enter(
                keys=self._keys(host),
                args=[delay_seconds, concurrency, lease_seconds, f"{id(self)}:{self._count}"],
            )
        except redis.RedisError:
            return BUSY_SECONDS
        return float(wait)

    def leave(self, host: str, *, delay_seconds: float) -> None:
        """Give the place back; an unreachable server frees it when the lease ends."""
        try:
            self._leave(keys=self._keys(host), args=[delay_seconds])
        except redis.RedisError:
            return

    @staticmethod
    def _keys(host: str) -> list[str]:
        return [f"factcheck:host:{host}:held", f"factcheck:host:{host}:next"]


class SharedRobotsStore:
    """A :class:`claims.web.robots.RobotsStore` on the broker's server.

    Each process also remembers an answer for a minute: every page of a site
    asks, and a round trip each costs more than all else that politeness does.
    """

    def __init__(self) -> None:
        self._server = shared_server()
        self._own = MemoryRobotsStore()

    def get(self, origin: str) -> StoredRobots | None:
        """The origin's answer while it is fresh."""
        own = self._own.get(origin)
        if own is not None:
            return own
        try:
            kept = self._server.get(_robots_key(origin))
        except redis.RedisError:
            return None
        if kept is None:
            return None
        robots = StoredRobots(json.loads(kept))
        self._own.put(origin, robots, OWN_ROBOTS_SECONDS)
        return robots

    def put(self, origin: str, robots: StoredRobots, keep_seconds: float) -> None:
        """Keep the origin's answer for so long."""
        self._own.put(origin, robots, min(keep_seconds, OWN_ROBOTS_SECONDS))
        try:
            told = json.dumps(robots.text)
            self._server.set(_robots_key(origin), told, px=max(int(keep_seconds * 1000), 1))
        except redis.RedisError:
            return


def _robots_key(origin: str) -> str:
    return f"factcheck:robots:{origin}"
