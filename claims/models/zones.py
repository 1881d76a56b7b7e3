"""Zones: where a team's days begin and end.

Promises: a zone is a name of the IANA database; times are stored as instants everywhere, and a
zone only says which day and hour an instant is. Refuses to know rows and people.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone


def usual_zone() -> str:
    """The zone of a team that chose none: the install's."""
    return str(settings.TIME_ZONE)


@cache
def list_zones() -> tuple[str, ...]:
    """Every zone by name, as the machine's time-zone data has them."""
    return tuple(sorted(name for name in available_timezones() if name[0].isupper()))


def check_zone(name: str) -> None:
    """Refuse a name that is none, with the cure."""
    if name not in list_zones():
        raise ValidationError("Write a zone as Europe/Berlin, or UTC.", code="zone")


def zone_named(name: str) -> ZoneInfo:
    """The zone; the install's where the machine's data lost this name."""
    return ZoneInfo(name if name in list_zones() else usual_zone())


def today_in(name: str) -> date:
    """Which day it is there now."""
    return day_in(name, timezone.now())


def day_in(name: str, moment: datetime) -> date:
    """Which day an instant is there."""
    return moment.astimezone(zone_named(name)).date()


def midnight(day: date) -> datetime:
    """When a day begins for whoever is asking."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())
