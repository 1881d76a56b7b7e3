"""Silence: places that could not be reached lately, so that nobody waits for them again at once.

Promises that losing the cache costs patience and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection

import redis
from django.core.cache import cache

# After a provider could not be reached, the next queries are answered so at once for this long.
UNREACHABLE_SECONDS = 120


def note_silence(provider: str, detail: str) -> None:
    """Spare the next searches the same wait; without the cache they wait for themselves."""
    try:
        cache.set(_key(provider), detail, timeout=UNREACHABLE_SECONDS)
    except redis.RedisError:
        return


def silent_providers(providers: Collection[str]) -> dict[str, str]:
    """Those of the places that could not be reached lately, with what was said of them."""
    try:
        noted = cache.get_many([_key(name) for name in providers])
    except redis.RedisError:
        return {}
    return {name: noted[_key(name)] for name in providers if _key(name) in noted}


def _key(provider: str) -> str:
    """Where the cache notes that a provider does not answer."""
    return f"unreachable:{provider}"
