"""Stored bodies: once per digest, whole or not at all, damage is an error."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.models.bodies import BodyDamaged, load_body, store_body
from claims.models.storable import storable
from tests.together import run_together


def file_of(body: bytes) -> Path:
    return Path(default_storage.path(store_body(body).path))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(st.binary(max_size=2000))
def test_a_body_comes_back_as_it_was(body: bytes) -> None:
    stored = store_body(body)
    assert load_body(stored.path, stored.sha256) == body
    assert stored.size_bytes == len(body)


def test_the_same_bytes_are_one_private_file() -> None:
    path = file_of(b"the same bytes")
    before = path.stat()
    assert file_of(b"the same bytes").stat() == before
    assert before.st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_write_that_fails_leaves_nothing() -> None:
    body = os.urandom(5000)
    expected = file_of(body)
    expected.unlink()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError):
            store_body(body)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not expected.exists()
    assert not list(expected.parent.glob("*.part"))


@pytest.mark.parametrize("damage", [b"", b"\x00", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_a_damaged_file_is_an_error(damage: bytes) -> None:
    stored = store_body(b"to be damaged")
    path = Path(default_storage.path(stored.path))
    path.write_bytes(damage)
    with pytest.raises(BodyDamaged):
        load_body(stored.path, stored.sha256)
    path.unlink()
    with pytest.raises(BodyDamaged):
        load_body(stored.path, stored.sha256)


def test_many_store_the_same_body_at_once() -> None:
    body = b"many at once" * 1000
    stored = run_together(8, lambda _: store_body(body))
    assert len({one.path for one in stored}) == 1
    assert load_body(stored[0].path, stored[0].sha256) == body


@given(st.text(max_size=200), st.none() | st.integers(0, 50))
def test_storable_text_fits_and_is_stable(text: str, limit: int | None) -> None:
    kept = storable(text, limit)
    assert "\x00" not in kept
    kept.encode("utf-8")
    assert limit is None or len(kept) <= limit
    assert storable(kept, limit) == kept


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00")))
def test_good_text_is_untouched(text: str) -> None:
    assert storable(text) == text


def test_what_cannot_be_stored_is_replaced() -> None:
    assert storable("a\x00b\ud800c") == "ab?c"
