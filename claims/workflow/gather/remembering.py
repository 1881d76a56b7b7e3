"""Fresh answers shared by all workers and teams: what is known of them in Django's cache.

The bytes stand in the folder of stored copies, once per digest as ever; here are only
their digest and the facts of the fetch. An answer whose bytes are gone was not kept.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from datetime import datetime
from typing import Any

import redis
from django.core.cache import cache

from claims.models.bodies import BodyDamaged, load_body, store_body
from claims.web.answers import Fetched

LISTS = ("redirects", "request_headers", "headers")


class SharedResponseCache:
    """A :class:`claims.web.caching.ResponseCache` for all processes."""

    def get(self, url: str) -> Fetched | None:
        """The answer while it is fresh and its bytes are there, proven by their digest."""
        try:
            told = cache.get(_key(url))
        except redis.RedisError:
            return None
        if told is None:
            return None
        facts: dict[str, Any] = json.loads(told)
        try:
            body = load_body(facts.pop("body_path"), facts.pop("sha256"))
        except BodyDamaged:
            return None
        facts["started_at"] = datetime.fromisoformat(facts["started_at"])
        pairs = {name: tuple(map(tuple, facts[name])) for name in LISTS[1:]}
        return Fetched(**{**facts, **pairs, "redirects": tuple(facts["redirects"])}, body=body)

    def put(self, url: str, fetched: Fetched, keep_seconds: float) -> None:
        """Keep the answer; where the cache cannot be asked the next one fetches for itself."""
        stored = store_body(fetched.body)
        facts = {one.name: getattr(fetched, one.name) for one in fields(fetched)}
        del facts["body"]
        facts |= {"body_path": stored.path, "sha256": stored.sha256}
        facts["started_at"] = fetched.started_at.isoformat()
        try:
            cache.set(_key(url), json.dumps(facts), timeout=keep_seconds)
        except redis.RedisError:
            return


def _key(url: str) -> str:
    return f"answer:{hashlib.sha256(url.encode()).hexdigest()}"
