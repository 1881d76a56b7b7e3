"""What a superuser, a stranger and a lead find on the pages; who may at all is in ``matrix/``."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.admin.addresses import (
    NOUNS,
    body_of,
    common_addresses,
    list_address,
    row_addresses,
)
from tests.admin.conftest import LogIn
from tests.admin.world import CANARY, World


def test_the_superuser_sees_both_teams(world: World, log_in: LogIn) -> None:
    client = log_in(world.boss)
    for noun in NOUNS:
        body = body_of(client.get(row_addresses(world.far)[f"{noun} change"]))
        assert CANARY in body, noun


def test_a_member_of_no_team_is_told_so_and_sees_nothing(world: World, log_in: LogIn) -> None:
    client = log_in(world.stranger)
    assert "not a member of a team" in body_of(client.get(reverse("admin:index")))
    for address in common_addresses()[1:]:
        assert client.get(address).status_code == 403, address
    for name, address in row_addresses(world.near).items():
        if name not in ("claim open", "job retry"):
            assert client.get(address).status_code == 404, name


@pytest.mark.parametrize(
    ("who", "allowed"), [("ada", True), ("ben", False), ("dan", False), ("boss", True)]
)
def test_jobs_are_for_leads(world: World, log_in: LogIn, who: str, allowed: bool) -> None:
    client = log_in(getattr(world, who))
    assert (client.get(list_address("job")).status_code == 200) is allowed
    assert (reverse("admin:claims_job_changelist") in body_of(client.get("/admin/"))) is allowed
