"""A GET changes no row; a change without a token is refused."""

from __future__ import annotations

import hashlib

from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.admin.addresses import common_addresses, row_addresses
from tests.admin.conftest import LogIn
from tests.admin.world import World

WATCHED = ("claims", "auth", "admin")


def digest_rows() -> dict[str, str]:
    """A digest of every row of every table that a person could care about."""
    found = {}
    for label in WATCHED:
        for model in apps.get_app_config(label).get_models():
            table = connection.ops.quote_name(model._meta.db_table)
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
                found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


def test_reading_writes_nothing(world: World, log_in: LogIn) -> None:
    client = log_in(world.ada)
    before = digest_rows()
    addresses = [*common_addresses(), *row_addresses(world.near).values()]
    addresses += [reverse("admin:claims_article_add"), reverse("admin:search") + "?s=metals"]
    for address in addresses:
        response = client.get(address)
        if response.streaming:
            list(response.streaming_content)
    assert digest_rows() == before


def test_a_change_needs_a_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.ada)
    before = digest_rows()
    for address in (
        reverse("admin:claims_ingest"),
        reverse("admin:claims_claim_open", args=[world.near.claim.pk]),
        reverse("admin:claims_job_retry", args=[world.near.job.pk]),
        reverse("admin:claims_team_change", args=[world.near.team.pk]),
    ):
        assert client.post(address, {"kind": "text"}).status_code == 403, address
    assert digest_rows() == before


def test_looking_at_a_fact_sheet_never_saves_it(world: World, log_in: LogIn) -> None:
    client = log_in(world.boss)
    before = digest_rows()
    for noun in ("article", "claim", "page", "snapshot", "search", "job", "verdict"):
        address = row_addresses(world.near)[f"{noun} change"]
        assert client.post(address, {"text": "other", "title": "other"}).status_code == 403, noun
    assert digest_rows() == before
