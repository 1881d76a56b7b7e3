"""Digests and compression of stored copies."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.web.snapshots import compress, decompress, digest, text_digest


@given(st.binary(max_size=2000))
def test_what_is_stored_comes_back_and_varies_never(body: bytes) -> None:
    assert decompress(compress(body)) == body
    assert compress(body) == compress(body)


def test_digests_are_sha256() -> None:
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert text_digest("é") == digest("é".encode())
    assert text_digest("\ud800") != text_digest("?")


@pytest.mark.parametrize(
    "stored", [b"", b"nonsense", compress(b"x" * 100)[:-3], compress(b"x") + b"y"]
)
def test_a_damaged_copy_is_told(stored: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        decompress(stored)


def test_inflating_is_capped() -> None:
    bomb = zlib.compress(b"\0" * 10_000_000, 9)
    with pytest.raises(ValueError, match="more than 1000"):
        decompress(bomb, max_bytes=1000)
