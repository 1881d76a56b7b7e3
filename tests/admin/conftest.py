"""The two desks, made once for a module, and a client logged in as anybody."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.admin.world import World, make_world

LogIn = Callable[[Any], Client]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Refusals are what these tests ask for; a traceback for each would cost a second."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def shared_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Rows that stand for all tests of a module; what a test does to them is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(shared_world: World, db: None) -> World:
    return shared_world


@pytest.fixture
def log_in() -> LogIn:
    def enter(person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return enter
