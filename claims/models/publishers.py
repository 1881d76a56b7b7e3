"""Publishers a team trusts or blocks, as the doors and the fetching of pages ask for them."""

from __future__ import annotations

from collections.abc import Collection

from claims.models.page import Source
from claims.models.team import Team
from claims.vocabulary import SourceStanding


def trusted_hosts(team: Team) -> tuple[str, ...]:
    """Hosts, or hosts and paths, of the publishers the team trusts; in order of their name."""
    rows = Source.objects.filter(team=team, standing=SourceStanding.TRUSTED)
    return tuple(rows.order_by("prefix").values_list("prefix", flat=True))


def blocked_prefixes(team_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """By team: the hosts, or hosts and paths, that are never fetched for it (one query)."""
    blocked: dict[int, tuple[str, ...]] = {}
    rows = Source.objects.filter(team__in=team_ids, standing=SourceStanding.BLOCKED)
    for team_id, prefix in rows.order_by("team", "prefix").values_list("team_id", "prefix"):
        blocked[team_id] = (*blocked.get(team_id, ()), prefix)
    return blocked
