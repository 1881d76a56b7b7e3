"""The words of the workbench as closed sets.

One word per thing: these values are what the database stores, what the admin
shows (through the label), and what exports and commands print. Nothing here
knows Django; a room that needs a choice list builds it from the enum.
"""

from __future__ import annotations

from claims.vocabulary.looking import (
    ErrandKind,
    ErrandState,
    FetchOutcome,
    FetchReason,
    JobKind,
    JobReason,
    JobState,
    MediaKind,
    ProviderName,
    SearchOutcome,
    SearchPurpose,
    SearchStop,
    SourceStanding,
    SourceType,
)
from claims.vocabulary.reading import (
    ArticleState,
    Bound,
    Change,
    QuantityKind,
)
from claims.vocabulary.reviewing import (
    CloseReason,
    Confidence,
    ConfirmationPolicy,
    CorrectionClass,
    DigestRhythm,
    GateItem,
    HouseAction,
    ImportedAs,
    ImportState,
    NoticeKind,
    PriorityFactor,
    ReadOutcome,
    Role,
    Spread,
    TicketAction,
    TicketState,
    VerdictState,
)
from claims.vocabulary.weighing import (
    ComparisonFlag,
    CorrectionKind,
    FactCheckWay,
    MatchAnswer,
    MoneyTableKind,
    Outcome,
    Stance,
)
from claims.vocabulary.words import (
    Word,
)

__all__ = [
    "ArticleState",
    "Bound",
    "Change",
    "CloseReason",
    "ComparisonFlag",
    "Confidence",
    "ConfirmationPolicy",
    "CorrectionClass",
    "CorrectionKind",
    "DigestRhythm",
    "ErrandKind",
    "ErrandState",
    "FactCheckWay",
    "FetchOutcome",
    "FetchReason",
    "GateItem",
    "HouseAction",
    "ImportState",
    "ImportedAs",
    "JobKind",
    "JobReason",
    "JobState",
    "MatchAnswer",
    "MediaKind",
    "MoneyTableKind",
    "NoticeKind",
    "Outcome",
    "PriorityFactor",
    "ProviderName",
    "QuantityKind",
    "ReadOutcome",
    "Role",
    "SearchOutcome",
    "SearchPurpose",
    "SearchStop",
    "SourceStanding",
    "SourceType",
    "Spread",
    "Stance",
    "TicketAction",
    "TicketState",
    "VerdictState",
    "Word",
]
