"""What every test may lean on."""

from __future__ import annotations

from django.test import TransactionTestCase

from tests.emptying import empty_tables

TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[attr-defined]
