"""Publishers that teams block, as the fetching of pages asks for them."""

from __future__ import annotations

from collections.abc import Collection

from claims.models.page import Source
from claims.vocabulary import SourceStanding


def blocked_prefixes(team_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """By team: the hosts, or hosts and paths, that are never fetched for it (one query)."""
    blocked: dict[int, tuple[str, ...]] = {}
    rows = Source.objects.filter(team__in=team_ids, standing=SourceStanding.BLOCKED)
    for team_id, prefix in rows.order_by("team", "prefix").values_list("team_id", "prefix"):
        blocked[team_id] = (*blocked.get(team_id, ()), prefix)
    return blocked
