"""The zone of whoever asks: the days and hours of a page are those of the person's team.

Promises: it holds for the one answer and asks the database nothing that the page does not ask.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from claims.admin.standing import standing_of
from claims.models.zones import usual_zone, zone_named

PAGES = "/admin/"


class ZoneMiddleware:
    """Activates the zone for people who are signed in; stands after the one that knows them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, made in the person's zone."""
        if not request.path.startswith(PAGES) or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zone_named(standing_of(request).zone or usual_zone())):
            return self.get_response(request)
