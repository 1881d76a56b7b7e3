"""Answers that need not be asked for again: fresh ones for everybody, received ones for their job.

The bytes stand in the folder of stored copies, once per digest as ever; on the server that all
workers share are only their digest and the facts of the fetch. An answer whose bytes are gone
was not kept. What a worker received and had not yet kept when it died, its job's next worker
finds here: the page is not asked for again. It is the job's alone, whatever its headers say.
Answers of search services and archives are kept for their job in the same way, by address.
"""

from __future__ import annotations

import functools
import hashlib
import json
import time
from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import redis

from claims.models.bodies import BodyDamaged, StoredBody, load_body, store_body
from claims.models.job import Job
from claims.web.answers import Fetched
from claims.web.blocking import refuse_blocked_way
from claims.web.client import Client
from claims.web.snapshots import compress, decompress
from claims.workflow.gather.sharing import shared_server

Told = bytes | str | None
FACTS = tuple(one.name for one in fields(Fetched) if one.name != "body")
LISTS = ("redirects", "request_headers", "headers")
# What was seen ahead for a batch is true for so long; who comes later asks for himself.
AHEAD_SECONDS = 2.0
# Longer than all attempts of a job and what lies between them.
RECEIVED_SECONDS = 1800
# The shared server is no store of large things: a longer answer is asked for again.
MOST_NOTED_CHARS = 1_000_000


class SharedResponseCache:
    """A :class:`claims.web.caching.ResponseCache` for all processes."""

    def __init__(self) -> None:
        self._server = shared_server()
        self._ahead: dict[str, tuple[float, Told]] = {}

    def look_ahead(self, urls: Sequence[str]) -> None:
        """See what is kept for these URLs in one round trip: each is given out once."""
        if not urls:
            return
        with suppress(redis.RedisError):
            told = self._server.mget([_key(url) for url in urls])
            seen_at = time.monotonic()
            # In place: what the batches before this one have not asked for yet is true still.
            for url, (at, _) in list(self._ahead.items()):
                if seen_at - at > AHEAD_SECONDS:
                    self._ahead.pop(url, None)
            self._ahead.update((url, (seen_at, one)) for url, one in zip(urls, told, strict=True))

    def get(self, url: str) -> Fetched | None:
        """The answer while it is fresh and its bytes are there, proven by their digest."""
        seen_at, told = self._ahead.pop(url, (0.0, None))
        if time.monotonic() - seen_at > AHEAD_SECONDS:
            try:
                told = self._server.get(_key(url))
            except redis.RedisError:
                return None
        return _read(told)

    def put(self, url: str, fetched: Fetched, keep_seconds: float) -> None:
        """Keep the answer; where the server cannot be asked the next one fetches for itself."""
        told = _tell(fetched, store_body(fetched.body))
        with suppress(redis.RedisError):
            self._server.set(_key(url), told, px=max(int(keep_seconds * 1000), 1))
        self._ahead.pop(url, None)


@functools.cache
def answer_cache() -> SharedResponseCache:
    """The process's cache of fresh answers."""
    return SharedResponseCache()


@dataclass(frozen=True, slots=True)
class NotedClient:
    """The guarded client for the questions of one job: what answered them is noted at once.

    What an earlier attempt of the job was told and could not keep is given without asking.
    ``blocked`` are publishers that are not asked, nor followed to. Where ``is_for_copies`` the
    bytes go to the folder of stored copies, else they are noted themselves.
    """

    client: Client
    job: Job
    blocked: tuple[str, ...] = ()
    is_for_copies: bool = False

    def fetch(
        self,
        url: str,
        *,
        accept: frozenset[str] | None = None,
        respects_robots: bool = True,
        secret: tuple[str, str] | None = None,
    ) -> Fetched:
        """As :meth:`claims.web.client.Client.fetch`."""
        told = self._recall(url)
        if told is not None:
            refuse_blocked_way((url, *told.redirects, told.final_url), self.blocked)
            return told
        return self.client.fetch(
            url,
            accept=accept,
            respects_robots=respects_robots,
            secret=secret,
            blocked=self.blocked,
            take=functools.partial(self._note, url),
        )

    def _recall(self, url: str) -> Fetched | None:
        if self.job.attempts <= 1:
            return None
        with suppress(redis.RedisError):
            told: Any = shared_server().hget(_job_key(self.job), url)
            return _read(told)
        return None

    def _note(self, url: str, fetched: Fetched) -> None:
        told = _tell(fetched, store_body(fetched.body) if self.is_for_copies else None)
        if len(told) > MOST_NOTED_CHARS:
            return
        with suppress(redis.RedisError):
            lines = shared_server().pipeline(transaction=False)
            lines.hset(_job_key(self.job), url, told)
            lines.expire(_job_key(self.job), RECEIVED_SECONDS)
            lines.execute()


def note_received(job: Job, fetched: Fetched) -> list[StoredBody]:
    """Store the bytes of the job's answer and note it: should this worker die, it is there.

    Gives what was stored: one body, or none where the server says that nothing changed.
    """
    if fetched.is_unchanged:
        return []
    body = store_body(fetched.body)
    with suppress(redis.RedisError):
        shared_server().tell("SET", _job_key(job), _tell(fetched, body), "EX", RECEIVED_SECONDS)
    return [body]


def recall_received(job: Job) -> Fetched | None:
    """What an earlier attempt of the job received and could not keep."""
    if job.attempts <= 1:
        return None
    try:
        return _read(shared_server().get(_job_key(job)))
    except redis.RedisError:
        return None


def forget_received(jobs: Sequence[Job]) -> None:
    """What these jobs received is kept."""
    if not jobs:
        return
    with suppress(redis.RedisError):
        shared_server().tell("UNLINK", *[_job_key(job) for job in jobs])


def _tell(fetched: Fetched, stored: StoredBody | None) -> str:
    """The facts of an answer, and where its bytes are ``stored``, or else the bytes."""
    facts = {name: getattr(fetched, name) for name in FACTS}
    if stored is None:
        facts["packed"] = b64encode(compress(fetched.body)).decode()
    else:
        facts |= {"body_path": stored.path, "sha256": stored.sha256}
    facts["started_at"] = fetched.started_at.isoformat()
    return json.dumps(facts)


def _read(told: Told) -> Fetched | None:
    """The answer as it was told; ``None`` too where another version of us told it otherwise."""
    if told is None:
        return None
    facts: dict[str, Any] = json.loads(told)
    try:
        body = (
            decompress(b64decode(facts.pop("packed")))
            if "packed" in facts
            else load_body(facts.pop("body_path"), facts.pop("sha256"))
        )
        facts["started_at"] = datetime.fromisoformat(facts["started_at"])
        pairs = {name: tuple(map(tuple, facts[name])) for name in LISTS[1:]}
        return Fetched(**{**facts, **pairs, "redirects": tuple(facts["redirects"])}, body=body)
    except (BodyDamaged, KeyError, TypeError, ValueError):
        return None


def _key(url: str) -> str:
    return f"factcheck:answer:{hashlib.sha256(url.encode()).hexdigest()}"


def _job_key(job: Job) -> str:
    return f"factcheck:received:{job.pk}"
