"""Looking writes nothing by any method, a change needs a POST with its token, cookies are shut.

That a GET writes nothing, by everybody at every address, is held in ``test_matrix.py``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt

from claims.admin.claim import ClaimAdmin
from claims.models import Claim
from tests.admin.matrix.conftest import Two
from tests.admin.matrix.rows import digest_rows
from tests.admin.matrix.site_without import site_with, use_site
from tests.admin.matrix.walking import PlainClient, list_routes

Enter = Callable[[str], Client]
PASS_PHRASE = "correct horse battery staple"
SHOW_COOKIES = """
from factcheck import settings
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE,
      settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY,
      settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE)
"""


@pytest.mark.parametrize("method", ["head", "options", "put"])
def test_no_other_method_writes(two: Two, enter: Enter, method: str) -> None:
    client = enter("lead")
    before = digest_rows()
    for route in list_routes():
        response = getattr(client, method)(route.fill(two.far))
        assert response.status_code != 500, route
        if method == "head" and not response.streaming:
            assert response.content == b"", route
    assert digest_rows() == before


def post_without_token(client: Client, two: Two) -> list[str]:
    """The addresses that took a POST without its token: answered, or wrote."""
    taken = []
    for route in list_routes():
        response = client.post(route.fill(two.far), {"kind": "text"})
        if response.status_code != 403:
            taken.append(route.pattern)
    return taken


def test_every_post_needs_its_token(two: Two) -> None:
    client = PlainClient(enforce_csrf_checks=True)
    client.force_login(two.people["admin"])
    before = digest_rows()
    assert post_without_token(client, two) == []
    assert digest_rows() == before


class TrustingAdmin(ClaimAdmin):
    """One address that asks for no token."""

    def get_urls(self) -> list[Any]:
        @csrf_exempt
        def score(request: HttpRequest) -> HttpResponse:
            Claim.objects.update(score=0.5)
            return HttpResponse("done")

        return [path("score/", score), *super().get_urls()]


def test_control_an_address_without_a_token_is_caught(two: Two) -> None:
    client = PlainClient(enforce_csrf_checks=True)
    client.force_login(two.people["admin"])
    before = digest_rows()
    with use_site(site_with(TrustingAdmin)):
        assert post_without_token(client, two) == ["admin/claims/claim/score/"]
    assert digest_rows() != before


def sign_in(client: Client, person: Any) -> Any:
    """By the form, as a person does."""
    person.set_password(PASS_PHRASE)
    person.save()
    given = {"username": person.get_username(), "password": PASS_PHRASE, "next": "/admin/"}
    return client.post(reverse("admin:login"), given)


def test_signing_in_changes_the_session_and_its_cookies_are_shut(two: Two) -> None:
    client = Client()
    # A session that somebody else may have planted.
    planted = client.session
    planted["seen"] = "before"
    planted.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    client.get(reverse("admin:login"))
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    response = sign_in(client, two.people["reviewer"])
    assert response.status_code == 302
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted.session_key
    assert client.cookies[settings.CSRF_COOKIE_NAME].value != token
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = response.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax"), name
    stale = Client()
    stale.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    assert stale.get(reverse("admin:index")).status_code == 302
    client.post(reverse("admin:logout"))
    assert client.get(reverse("admin:index")).status_code == 302


def test_in_production_the_cookies_travel_by_https_only() -> None:
    environment = os.environ | {
        "FACTCHECK_PRODUCTION": "1",
        "FACTCHECK_SECRET_KEY": "k" * 60,
        "FACTCHECK_ALLOWED_HOSTS": "desk.example",
        "DATABASE_URL": "postgresql://u:p@db.example/f",
        "REDIS_URL": "redis://broker.example/0",
    }
    command = [sys.executable, "-c", SHOW_COOKIES]
    told = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["True", "True", "True", "True", "Lax", "Lax"]
