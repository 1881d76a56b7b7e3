"""The two desks, and a client logged in as anybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.admin.world import World, make_world

LogIn = Callable[[Any], Client]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def log_in() -> LogIn:
    def enter(person: Any) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return enter
