"""The people that every test here may call on."""

from __future__ import annotations

from tests.people import desk  # noqa: F401
