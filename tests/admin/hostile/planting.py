"""A share of the payloads in every text column of every noun, made from the columns themselves.

A new model or column is planted without a line here. Columns of closed words
keep their word, and a person keeps the password.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from claims.models import Appearance, Quantity, Team
from tests.admin.hostile.payloads import TINY, Payload
from tests.admin.world import World

# Holds the hash of a password: never shown, and nobody could sign in.
KEPT = {("user", "password")}
# As short as this there is no room for a marked payload.
SHORTEST = 24
A_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.+]{8,30})?")
APPEND_ONLY = (
    "claims_correction",
    "claims_houseevent",
    "claims_ticketevent",
    "claims_verdictevidence",
    "claims_verdict",
)


def planted_models() -> list[type[models.Model]]:
    """Every noun of ours, the people, and the admin's own log."""
    return [*apps.get_app_config("claims").get_models(), get_user_model(), LogEntry]


def text_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Columns that can hold any text, JSON among them."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not field.choices
        and (model._meta.model_name, field.name) not in KEPT
    ]


def open_append_only_tables() -> None:
    """Lift the refusal of changes until the transaction is rolled back."""
    _set_triggers("DISABLE")


def close_append_only_tables() -> None:
    """Refuse changes again, where the rows were not in a transaction."""
    _set_triggers("ENABLE")


def _set_triggers(verb: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER USER")


def log_changes(world: World) -> None:
    """A line of the admin's history for each noun that has a history page."""
    for row in (world.near.team, world.scale, world.near.source, world.ben):
        LogEntry.objects.create(
            user=world.boss,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr="x",
            action_flag=2,
            change_message="x",
        )


class Sower:
    """Deals the payloads of one batch out, so that every row of a noun gets others."""

    def __init__(self, batch: Sequence[Payload]) -> None:
        self.batch = batch
        self.turn = itertools.count()

    def sow(self) -> int:
        """Plant every row of every noun; gives the number of texts that were planted."""
        planted = 0
        for model in planted_models():
            fields = text_fields(model)
            rows = list(model._base_manager.order_by("pk")[:60])
            for place, row in enumerate(rows):
                share = self.batch[place :: len(rows)]
                values = {field.name: self._value(field, row, share) for field in fields}
                values |= _cuts(row)
                model._base_manager.filter(pk=row.pk).update(**values)
                planted += len(fields)
        return planted

    def _value(self, field: Any, row: Any, share: Sequence[Payload]) -> Any:
        if isinstance(field, models.JSONField):
            return _in_shape(getattr(row, field.name), field.name, self._endless())
        if field.max_length is None:
            return " ".join(payload.text for payload in share)
        if field.max_length < SHORTEST:
            # Three characters, as of a currency, hold no markup.
            fitting = (tiny for tiny in self._tiny() if len(tiny) <= field.max_length)
            return next(fitting, "<q>"[: field.max_length])
        return self._fitting(field.max_length)

    def _fitting(self, room: int) -> str:
        """Payloads as they come, until the room is full."""
        text = ""
        for payload in itertools.islice(self._endless(), 40):
            longer = f"{text} {payload.text}" if text else payload.text
            if len(longer) <= room:
                text = longer
            elif text:
                break
        return text

    def _endless(self) -> Iterator[Payload]:
        while True:
            yield self.batch[next(self.turn) % len(self.batch)]

    def _tiny(self) -> Iterator[str]:
        start = next(self.turn) % len(TINY)
        yield from (*TINY[start:], *TINY[:start], "<zq>", "<z>")


def _cuts(row: Any) -> dict[str, int]:
    """Offsets that cut right through the payloads."""
    if isinstance(row, Appearance):
        return {"start": 7 + row.pk % 5, "end": 90 + row.pk % 7}
    if isinstance(row, Quantity):
        return {"start": 3, "end": 21}
    return {"ticket_cap": 5} if isinstance(row, Team) else {}


SHAPES: dict[str, Any] = {
    "links": [{"text": "x", "url": "x"}] * 40,
    "tables": [{"caption": "x", "header": ["x", "x"], "rows": [["x", "x"]] * 20}] * 2,
    "media": [{"kind": "image", "url": "x", "caption": "x", "description": "x"}] * 40,
    "headers": {"request": [["x", "x"]] * 5, "response": [["x", "x"]] * 15},
    "redirects": [{"url": "x", "status": "x"}] * 5,
    # Written by the machine alone, and shown all the same where it is no time.
    "checks": ["2026-01-01T00:00:00+00:00", "x"],
    "answer": [{"url": "x", "title": "x"}] * 8,
    "changes": {"x": ["x", "x"], "claimant": ["x", "x"], "stance": ["x", "x"]},
    "fields": {"rationale": "x", "tolerance": "x", "what_would_change": "x"},
}


def _in_shape(held: Any, name: str, endless: Iterator[Payload]) -> Any:
    """The same JSON with a payload for each string; an empty one gets its usual shape."""
    usual = ["x"] * 12 if isinstance(held, list) else held
    return _fill(held or SHAPES.get(name, usual), endless)


def _fill(held: Any, endless: Iterator[Payload]) -> Any:
    if isinstance(held, str):
        # A day is written by the machine alone; its shape is checked where it is read.
        return held if A_DAY.fullmatch(held) else next(endless).text
    if isinstance(held, list):
        return [_fill(one, endless) for one in held]
    if isinstance(held, dict):
        return {key: _fill(one, endless) for key, one in held.items()}
    return held
