"""``/healthz`` and the start-up checks."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from factcheck.checks import LIMITS_IN_ORDER, check_order_of_limits
from factcheck.health import note_heart


@pytest.mark.django_db
def test_health_is_good_only_while_every_queue_is_consumed(client: Client) -> None:
    cache.delete_many(["heart:fetch", "heart:analyse"])
    answer = client.get("/healthz")
    assert answer.status_code == 503
    facts = answer.json()
    assert (facts["database"], facts["broker"], facts["ok"]) == (True, True, False)
    note_heart("fetch")
    assert client.get("/healthz").status_code == 503
    note_heart("analyse")
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["queues"]["fetch"]["consumed"] is True


@pytest.mark.django_db
@override_settings(
    CACHES={
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
)
def test_health_names_a_missing_broker(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["broker"] is False
    assert answer.json()["database"] is True


def test_the_limits_are_in_order() -> None:
    assert check_order_of_limits() == []


@pytest.mark.parametrize("position", range(3))
def test_limits_out_of_order_are_an_error(position: int) -> None:
    lower, upper = LIMITS_IN_ORDER[position], LIMITS_IN_ORDER[position + 1]
    with override_settings(**{lower: 50, upper: 50}):
        found = [error for error in check_order_of_limits() if error.msg.startswith(lower)]
    assert [error.id for error in found] == ["factcheck.E001"]
