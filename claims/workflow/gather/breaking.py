"""The breaker's standings in Redis or Valkey, shared by all workers.

One script a call, by the server's clock. While the server cannot be asked every host is
taken to stand well: politeness treats it as busy in any case.
"""

from __future__ import annotations

import redis

from claims.web.breaker import MAX_REST_SECONDS, PROBE_SECONDS, Standing
from claims.workflow.gather.sharing import shared_server

# A host that nobody asked for so long starts anew.
FORGET_SECONDS = 3600
# KEYS: failures in a row, the rest, the probe. ARGV: threshold, the probe's milliseconds.
LOOK = """
local failures = tonumber(redis.call('GET', KEYS[1]) or '0')
local rest = redis.call('PTTL', KEYS[2])
if rest > 0 then return {failures, rest, redis.call('GET', KEYS[2])} end
if failures >= tonumber(ARGV[1])
   and not redis.call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[2]) then
  return {failures, math.max(redis.call('PTTL', KEYS[3]), 1), 'failed'}
end
return {failures, 0, ''}
"""
# ARGV: threshold, seconds to remember, first and longest rest in milliseconds.
FAIL = """
local failures = redis.call('INCR', KEYS[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('DEL', KEYS[3])
local over = failures - tonumber(ARGV[1])
if over >= 0 then
  local rest = math.min(tonumber(ARGV[3]) * 2 ^ math.min(over, 10), tonumber(ARGV[4]))
  redis.call('SET', KEYS[2], 'failed', 'PX', math.floor(rest))
end
return failures
"""


class SharedBreakerStore:
    """A :class:`claims.web.breaker.BreakerStore` on the broker's server."""

    def __init__(self, url: str | None = None) -> None:
        self._server = shared_server(url)
        self._look = self._server.register_script(LOOK)
        self._fail = self._server.register_script(FAIL)

    def look(self, host: str, *, threshold: int) -> Standing:
        """See :meth:`claims.web.breaker.BreakerStore.look`."""
        try:
            failures, milliseconds, cause = self._look(
                keys=self._keys(host), args=[threshold, int(PROBE_SECONDS * 1000)]
            )
        except redis.RedisError:
            return Standing()
        return Standing(int(failures), int(milliseconds) / 1000, cause == b"asked")

    def fail(self, host: str, *, threshold: int, first_seconds: float) -> None:
        """See :meth:`claims.web.breaker.BreakerStore.fail`."""
        rests = [int(first_seconds * 1000), int(MAX_REST_SECONDS * 1000)]
        try:
            self._fail(keys=self._keys(host), args=[threshold, FORGET_SECONDS, *rests])
        except redis.RedisError:
            return

    def rest(self, host: str, seconds: float) -> None:
        """See :meth:`claims.web.breaker.BreakerStore.rest`."""
        try:
            self._server.set(self._keys(host)[1], "asked", px=max(int(seconds * 1000), 1))
        except redis.RedisError:
            return

    def succeed(self, host: str) -> None:
        """See :meth:`claims.web.breaker.BreakerStore.succeed`."""
        try:
            self._server.delete(*self._keys(host))
        except redis.RedisError:
            return

    @staticmethod
    def _keys(host: str) -> list[str]:
        return [f"factcheck:host:{host}:{name}" for name in ("failures", "rest", "probe")]
