"""A word of its own in every text of a desk, found by walking the models: one search shows a leak.

Promises: the fields are read from the models, so a text field that is added
tomorrow is planted or named as missing; each field has its own word, so a leak
says which field it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from claims.models import (
    ArticleRevision,
    ClaimImport,
    Comment,
    CommentDraft,
    Correction,
    Digest,
    Draft,
    Errand,
    Evidence,
    Holiday,
    HouseEvent,
    ImportedRow,
    ListChoice,
    ListView,
    Notice,
    PageOrigin,
    PriorityRule,
    SecondRead,
    Skip,
    Tag,
    TicketEvent,
    TicketTag,
    Verdict,
    VerdictEvidence,
    Waiver,
    Webhook,
)
from claims.vocabulary import CorrectionKind
from tests.admin.matrix.shapes import SHAPES
from tests.admin.world import Desk

WORD = re.compile(r"kxq[0-9a-f]{3}z", re.IGNORECASE)
TEXTS = (models.CharField, models.TextField, models.JSONField)
# Words of no team: those every member may read, and those of the whole workbench.
SHARED = frozenset({"RatingScale", "Rating", "Provider", "Permission", "Group"})
# Text columns that hold keys, and so cannot hold a word of ours.
KEYS = frozenset({
    "LogEntry.object_id", "MoneyTable.base", "MoneyValue.currency", "ListView.noun",
    "ListChoice.noun", "DigestPlan.time_zone",
})  # fmt: skip
# Rows of these are written once.
APPEND_ONLY = frozenset(
    {Comment, Correction, HouseEvent, SecondRead, TicketEvent, Verdict, VerdictEvidence, Waiver}
)


def list_models() -> list[type[models.Model]]:
    """Every model whose rows belong to a team or to its people."""
    ours: list[Any] = [*apps.get_app_config("claims").get_models(), get_user_model(), LogEntry]
    return [model for model in ours if model.__name__ not in SHARED]


def text_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of a model that hold free words: no closed set, no key."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, TEXTS)
        and not field.choices
        and f"{model.__name__}.{field.name}" not in KEYS
    ]


def words_by_field() -> dict[str, str]:
    """``Model.field`` → its word."""
    names = [
        f"{model.__name__}.{field.name}" for model in list_models() for field in text_fields(model)
    ]
    return {name: f"kxq{number:03x}z" for number, name in enumerate(names, start=1)}


def find_words(text: str) -> set[str]:
    """The words that stand in a text, whatever their case."""
    return {found.lower() for found in WORD.findall(text)}


def name_words(words: Iterable[str]) -> list[str]:
    """The fields that the words came from."""
    names = {word: name for name, word in words_by_field().items()}
    return sorted(names.get(word, word) for word in words)


def rows_of(model: type[models.Model], desk: Desk) -> models.QuerySet[Any]:
    """The rows of a model that are the desk's, its people and their log included."""
    rows = model._default_manager.all()
    people = {"memberships__team": desk.team}
    if model is get_user_model():
        return rows.filter(**people)
    if model is LogEntry:
        return rows.filter(user__in=rows_of(get_user_model(), desk))
    path: Any = model
    return rows.filter(**{path.TEAM_PATH: desk.team.pk})


def plant(desk: Desk, *, skip: frozenset[str] = frozenset()) -> Desk:
    """Write each field's word into every row of the desk; gives the desk as it stands then."""
    _write_missing(desk)
    for model in list_models():
        if model not in APPEND_ONLY:
            for row in rows_of(model, desk):
                names = _sign(row, skip)
                model._default_manager.filter(pk=row.pk).update(
                    **{name: getattr(row, name) for name in names}
                )
    return replace(desk, verdict=_write_append_only(desk, skip))


def list_unplanted(desk: Desk) -> list[str]:
    """The fields whose word stands nowhere in the desk's rows."""
    words = words_by_field()
    missing = []
    for model in list_models():
        held = " ".join(_stored(model, desk))
        missing += [
            name
            for field in text_fields(model)
            if words[name := f"{model.__name__}.{field.name}"] not in held
        ]
    return missing


def _stored(model: type[models.Model], desk: Desk) -> list[str]:
    table = connection.ops.quote_name(model._meta.db_table)
    keys = list(rows_of(model, desk).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {table} t WHERE id = ANY(%s)", [keys])
        return [row[0] for row in cursor.fetchall()]


def _sign(row: models.Model, skip: frozenset[str]) -> list[str]:
    """Set the word of each text field of a row; gives the fields that were set."""
    words, noun = words_by_field(), type(row).__name__
    signed = []
    for field in text_fields(type(row)):
        name = f"{noun}.{field.name}"
        if name in skip or (isinstance(field, models.JSONField) and name not in SHAPES):
            continue
        setattr(row, field.name, _value(name, field, words[name], row))
        signed.append(field.name)
    return signed


def _value(name: str, field: models.Field[Any, Any], word: str, row: models.Model) -> Any:
    held = getattr(row, field.name)
    if isinstance(field, models.JSONField):
        return SHAPES[name](word, held)
    if isinstance(field, models.URLField):
        return f"https://{word}.example/{row.pk}"
    if isinstance(field, models.EmailField):
        return f"{word}@people.example"
    sign = f"{word}{row.pk}"
    if field.max_length and (field.unique or len(f"{held} {sign}") > field.max_length):
        return f"{sign}{held if name == 'Job.key' else ''}"[: field.max_length]
    return f"{held} {sign}".strip()


def _write_missing(desk: Desk) -> None:
    """Rows that no verb has made here."""
    people = list(rows_of(get_user_model(), desk))
    for waiting in rows_of(ClaimImport, desk):
        ImportedRow.objects.create(source=waiting, line=2, claim=desk.claim, became="known")
    Correction.objects.create(
        team=desk.team,
        article=desk.article,
        claim=desk.claim,
        kind=CorrectionKind.SPAN_CHANGED,
        made_by=people[0],
    )
    ArticleRevision.objects.create(article=desk.article, number=1, text="Before.")
    PriorityRule.objects.create(team=desk.team, name="Harm", factor="harm", words="poison")
    Holiday.objects.create(team=desk.team, day="2026-12-25")
    view = ListView.objects.create(team=desk.team, noun="ticket", name="Late", query="queue=late")
    ListChoice.objects.create(person=people[0], noun="page", opens_with=view)
    TicketTag.objects.create(
        ticket=desk.ticket, tag=Tag.objects.create(team=desk.team, name="trade")
    )
    Comment.objects.create(ticket=desk.ticket, author=people[0], text="Which year?")
    Notice.objects.create(ticket=desk.ticket, person=people[0], kind="mentioned", told="Look.")
    CommentDraft.objects.create(ticket=desk.ticket, author=people[0], text="Or was it")
    Digest.objects.create(person=people[0], turn="2026-01-01T07:00:00+00:00", error="Not now.")
    Webhook.objects.create(team=desk.team, url="https://hooks.example/", last_error="Not now.")
    Errand.objects.create(team=desk.team, kind="check", told="Ticket 1.")
    Skip.objects.create(ticket=desk.ticket, person=people[0], reason="Too near to me.")
    for ticket in (desk.ticket, desk.decided):
        Draft.objects.get_or_create(ticket=ticket, author=people[0])
    for piece in rows_of(Evidence, desk).select_related("passage__snapshot"):
        page = piece.passage.snapshot.page_id
        PageOrigin.objects.get_or_create(ticket_id=piece.ticket_id, page_id=page)
    for row in (desk.team, desk.team.scale, desk.source, *people):
        LogEntry.objects.create(
            user=people[0],
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row)[:200],
            action_flag=CHANGE,
            change_message="Changed.",
        )


def _write_append_only(desk: Desk, skip: frozenset[str]) -> Verdict:
    """New rows where the database lets none be changed: lines of history, a verdict's version."""
    for made in (*rows_of(Correction, desk), *rows_of(Comment, desk)):
        _write_copy(made, skip)
    for ticket in (desk.ticket, desk.decided):
        _write_copy(TicketEvent.objects.filter(ticket=ticket).latest("sequence"), skip, "sequence")
    line = rows_of(HouseEvent, desk).latest("sequence")
    line.sequence = HouseEvent.objects.latest("sequence").sequence
    _write_copy(line, skip, "sequence")
    old = Verdict.objects.get(pk=desk.verdict.pk)
    cited = list(old.cited.all())
    Verdict.objects.filter(pk=old.pk).update(state="superseded")
    new: Verdict = _write_copy(old, skip, "version")
    for piece in cited:
        piece.verdict = new
        _write_copy(piece, skip)
    reader = rows_of(get_user_model(), desk).exclude(pk=new.reviewer_id)[0]
    read = SecondRead(verdict=new, reader=reader, outcome="sent_back", at=new.decided_at)
    for made in (read, Waiver(verdict=new, item="origins", needed=2, found=1)):
        _write_copy(made, skip)
    return new


def _write_copy(row: Any, skip: frozenset[str], counted: str = "") -> Any:
    _sign(row, skip)
    row.pk = None
    row._state.adding = True
    if counted:
        setattr(row, counted, getattr(row, counted) + 1)
    row.save(force_insert=True)
    return row
