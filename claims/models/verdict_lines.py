"""Verdicts as the database itself writes them: one CSV line each, in the columns of the export.

Promises the cells that :class:`claims.export.record.VerdictRecord` and its writer would give
(a test holds the two against each other), from one statement and so from one instant, in the
order of tickets and versions, line by line without holding them. Refuses to know formulas:
:mod:`claims.export.verdict_csv` makes the lines safe.

Asking row by row for records cost thirty times what the rows cost the database; copying the
finished cells costs about as much as copying the columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from claims.models.verdict import Verdict

# Whole numbers without a fraction, others by the shortest digits; no infinities.
_NUMBER = """CASE WHEN {0} IS NULL OR {0} IN ('NaN', 'Infinity', '-Infinity') THEN ''
    WHEN abs({0}) < 1e16 AND {0} = trunc({0}) THEN ({0})::bigint::text
        || CASE WHEN abs({0}) < 9007199254740992 THEN '' ELSE '.0' END
    ELSE ({0})::text END"""
_MOMENT = """CASE WHEN {0} IS NULL THEN '' ELSE
    to_char({0} AT TIME ZONE 'UTC', CASE WHEN date_trunc('second', {0}) = {0}
        THEN 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"' END) END"""
_ANSWER = "CASE {0} WHEN true THEN 'true' WHEN false THEN 'false' ELSE '' END"
_JSON_NUMBER = """CASE WHEN jsonb_typeof({0}) = 'number' THEN ({0})::text::float8 END"""


def _number(value: str) -> str:
    return _NUMBER.format(value)


def _moment(value: str) -> str:
    return _MOMENT.format(value)


def _plain(value: str) -> str:
    return f"coalesce({value}::text, '')"


# In the order of the record's fields; every cell is text and none is NULL, so all are quoted.
CELLS: dict[str, str] = {
    "claim_id": "ticket.claim_id",
    "ticket_id": "verdict.ticket_id",
    "team": "team.slug",
    "article_title": "coalesce(place.title, told.article_title, '')",
    "article_url": "coalesce(place.url, told.article_url, '')",
    "article_published": _plain("coalesce(place.published_on, told.article_published)"),
    "claim_text": "claim.text",
    "claim_start": _plain("place.start"),
    "claim_end": _plain('place."end"'),
    "claimant": "claim.claimant",
    "quantity_count": _plain("numbers.count"),
    "value": _number("first.value"),
    "low": _number("first.low"),
    "high": _number("first.high"),
    "unit": _plain("first.unit"),
    "bound": _plain("first.bound"),
    "hedge": _plain("first.hedge"),
    "measured": "coalesce(nullif(claim.measured, ''), first.measured, '')",
    "of_what": "coalesce(nullif(claim.of_what, ''), first.of_what, '')",
    "place": "claim.place",
    "as_of": "CASE WHEN claim.period_from <> claim.period_to"
    " THEN claim.period_from || '/' || claim.period_to"
    " ELSE coalesce((coalesce(claim.period_from, claim.period_to))::text, '') END",
    "rating_scale": "verdict.scale_name",
    "rating": "verdict.rating_label",
    "rating_value": _plain("verdict.rating_value"),
    "rating_best": _plain("verdict.rating_best"),
    "rating_worst": _plain("verdict.rating_worst"),
    "rationale": "verdict.rationale",
    "reviewer": "reviewer.username",
    "second_reviewer": _plain("second.username"),
    "agreed": _ANSWER.format("verdict.has_agreed"),
    "state": "ticket.state",
    "created_at": _moment("ticket.created_at"),
    "decided_at": _moment("verdict.decided_at"),
    "published_at": _moment("verdict.published_at"),
    "minutes_in_review": "rtrim(rtrim(((verdict.review_seconds * 10 + 30) / 60 / 10.0)"
    "::numeric(12, 1)::text, '0'), '.')",
    "verdict_version": "verdict.version",
    "correction_of": _plain("corrected.version"),
    "evidence_count": "verdict.evidence_count",
    "independent_origins": "verdict.independent_origins",
    "primary_reached": _ANSWER.format("verdict.is_primary_reached"),
    "decisive_evidence_url": _plain("decisive.url"),
    "decisive_quote": _plain("decisive.quote"),
    "snapshot_sha256": _plain("decisive.snapshot_sha256"),
    "snapshot_at": _moment("decisive.snapshot_at"),
    "source_value": _number("decisive.source_number"),
    "difference": _number("decisive.difference"),
    "waiver_reason": "verdict.waiver_reason",
    "claimreview_url": "''",
}
SOURCES = f"""
JOIN claims_ticket AS ticket ON ticket.id = verdict.ticket_id
JOIN claims_claim AS claim ON claim.id = ticket.claim_id
JOIN claims_team AS team ON team.id = ticket.team_id
JOIN auth_user AS reviewer ON reviewer.id = verdict.reviewer_id
LEFT JOIN auth_user AS second ON second.id = verdict.second_reviewer_id
LEFT JOIN claims_verdict AS corrected ON corrected.id = verdict.correction_of_id
LEFT JOIN LATERAL (
    SELECT number.* FROM claims_quantity AS number WHERE number.claim_id = claim.id
    ORDER BY number.position LIMIT 1
) AS first ON true
LEFT JOIN LATERAL (
    SELECT count(*) FROM claims_quantity AS number WHERE number.claim_id = claim.id
) AS numbers ON true
LEFT JOIN LATERAL (
    SELECT article.title, article.url, article.published_on, appearance.start, appearance."end"
    FROM claims_appearance AS appearance
    JOIN claims_article AS article ON article.id = appearance.article_id
    WHERE appearance.claim_id = claim.id
    ORDER BY article.created_at DESC, article.id DESC, appearance.start LIMIT 1
) AS place ON true
LEFT JOIN LATERAL (
    SELECT line.article_title, line.article_url, line.article_published
    FROM claims_importedrow AS line WHERE line.claim_id = claim.id AND place.title IS NULL
    ORDER BY line.id DESC LIMIT 1
) AS told ON true
LEFT JOIN LATERAL (
    SELECT piece.url, piece.quote, piece.snapshot_sha256, piece.snapshot_at,
        {_JSON_NUMBER.format("piece.comparison #> '{passage_quantity,value}'")} AS source_number,
        {_JSON_NUMBER.format("piece.comparison #> '{difference,absolute}'")} AS difference
    FROM claims_verdictevidence AS piece
    WHERE piece.verdict_id = verdict.id AND piece.is_decisive ORDER BY piece.number LIMIT 1
) AS decisive ON true"""  # noqa: S608 - no value is part of the text


def copy_verdict_lines(rows: QuerySet[Verdict]) -> Iterator[bytes]:
    """One CSV line per verdict of ``rows``, every cell quoted, ended by a line feed.

    The connection is busy until the iterator ends or is closed.
    """
    picked: Any = rows.order_by().values("pk").query
    try:
        chosen, values = picked.sql_with_params()
    except EmptyResultSet:
        return
    cells = ", ".join(f'{sql} AS "{name}"' for name, sql in CELLS.items())
    with connection.cursor() as cursor:
        # COPY takes no parameters: the driver writes them into the statement, quoted.
        plain = cursor.cursor.mogrify(chosen, values)
        query = (
            f"COPY (SELECT {cells} FROM claims_verdict AS verdict {SOURCES} "  # noqa: S608 - quoted
            f"WHERE verdict.id IN ({plain}) ORDER BY verdict.ticket_id, verdict.version"
            ") TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
        )
        with cursor.cursor.copy(query.encode()) as lines:
            for line in lines:
                yield bytes(line)
