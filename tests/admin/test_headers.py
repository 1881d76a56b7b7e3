"""Every kind of answer carries its policies, and what is refused is refused in our own words."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factcheck.headers import PERMISSIONS, SKIN_POLICY, SKIN_STYLES, STRICT_POLICY
from tests.admin.addresses import common_addresses, list_address, row_addresses
from tests.admin.conftest import LogIn
from tests.admin.world import World

FILES = (".csv", "/state/")
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}


def policy_of(response: Any) -> str:
    for name, value in FIXED.items():
        assert response.headers[name] == value, name
    return str(response.headers["Content-Security-Policy"])


def directives(policy: str) -> dict[str, str]:
    return {name: rest for name, _, rest in (part.partition(" ") for part in policy.split("; "))}


def test_what_both_policies_forbid() -> None:
    for policy in (SKIN_POLICY, STRICT_POLICY):
        told = directives(policy)
        assert told["default-src"] == told["object-src"] == "'none'"
        assert told["base-uri"] == told["frame-ancestors"] == "'none'"
        assert told["form-action"] in ("'self'", "'none'")
        assert "unsafe-inline" not in told.get("script-src", "")
        assert not {"*", "http:", "https:", "blob:"} & set(policy.replace(";", "").split())
    assert directives(SKIN_POLICY)["script-src"] == "'self' 'unsafe-eval'"
    assert "script-src" not in directives(STRICT_POLICY)
    assert "unsafe-inline" not in directives(SKIN_POLICY)["style-src"]


def test_the_policy_names_the_skins_own_styles(world: World, log_in: LogIn) -> None:
    """A new colour or a new version of the skin: put the digest told here into the policy."""
    page = log_in(world.ben).get(reverse("admin:index")).content.decode()
    styles = re.findall(r"<style[^>]*>(.*?)</style>", page, re.S)
    digests = [hashlib.sha256(style.encode()).digest() for style in styles]
    told = [f"sha256-{base64.b64encode(digest).decode()}" for digest in digests]
    assert told == [SKIN_STYLES[0]]


def test_every_page_has_the_skins_policy_and_every_file_the_strict_one(
    world: World, log_in: LogIn
) -> None:
    client = log_in(world.boss)
    pages = [*common_addresses(), *row_addresses(world.near).values()]
    pages += [
        reverse("admin:claims_ticket_changelist"),
        reverse("admin:claims_ticket_change", args=[world.near.ticket.pk]),
        reverse("admin:auth_user_changelist"),
        reverse("admin:password_change"),
    ]
    kinds = set()
    for address in pages:
        response = client.get(address)
        kind = response.headers.get("Content-Type", "").split(";")[0]
        is_page = response.status_code == 200 and kind == "text/html"
        kinds.add((response.status_code, kind))
        assert policy_of(response) == (SKIN_POLICY if is_page else STRICT_POLICY), address
    assert {(200, "text/html"), (200, "text/csv"), (200, "application/json")} <= kinds


def test_the_login_a_redirect_health_and_a_file_carry_a_policy(world: World) -> None:
    client = Client()
    assert policy_of(client.get(reverse("admin:login"))) == SKIN_POLICY
    assert policy_of(client.get(reverse("admin:index"))) == STRICT_POLICY
    assert policy_of(client.get("/healthz")) == STRICT_POLICY
    static = client.get("/static/claims/icon.svg")
    assert static.status_code == 200
    assert static.headers["Content-Security-Policy"] == STRICT_POLICY
    assert b"<svg" in b"".join(static.streaming_content)


def test_a_refusal_is_a_page_of_ours(world: World, log_in: LogIn) -> None:
    client = log_in(world.ben)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.ben)
    foreign = reverse("admin:claims_ticket_change", args=[world.far.ticket.pk])
    for response, status, says in (
        (client.get(foreign), 404, "There is nothing here"),
        (client.get(list_address("job")), 403, "This is not yours to do"),
        (strict.post(reverse("admin:claims_ingest"), {}), 403, "This page was too old"),
        (client.get(f"{list_address('claim')}?team__id=1"), 400, "This could not be read"),
    ):
        assert (response.status_code, says in response.content.decode()) == (status, True), says
        assert policy_of(response) == STRICT_POLICY
        assert b"<script" not in response.content


def test_a_fault_of_ours_is_a_page_of_ours(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.ben)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claims.admin.export.count_rows", None)
        response = client.get(reverse("admin:claims_export"))
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()
    assert policy_of(response) == STRICT_POLICY
