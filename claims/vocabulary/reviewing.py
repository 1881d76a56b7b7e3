"""The words of reviewing: tickets, people, verdicts, and what is brought in."""

from __future__ import annotations

from claims.vocabulary.words import Word


class TicketState(Word):
    """Where a ticket stands; the legal moves are in :mod:`claims.lifecycle`."""

    OPEN = "open"
    GATHERING = "gathering"
    READY = "ready"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    PUBLISHED = "published"
    CLOSED = "closed"


class Role(Word):
    """What a member may do in a team, weakest first."""

    CONTRIBUTOR = "contributor"
    REVIEWER = "reviewer"
    LEAD = "lead"
    ADMIN = "admin"


class CloseReason(Word):
    """Why a ticket was closed without a verdict."""

    DUPLICATE = "duplicate"
    NOT_CHECKABLE = "not_checkable"
    OPINION = "opinion"
    WITHDRAWN = "withdrawn"


class PriorityFactor(Word):
    """What a rule of a team's raises or lowers a ticket's priority for."""

    CHECK_WORTHINESS = "check_worthiness"
    NUMBER = "number"
    REACH = "reach"
    HARM = "harm"
    DEADLINE = "deadline"


class Spread(Word):
    """How waiting tickets are spread over people."""

    LOAD = "load"
    TURN = "turn"
    SKILL = "skill"


class NoticeKind(Word):
    """What one person is told about a ticket."""

    MENTIONED = "mentioned"
    REPLIED = "replied"
    GIVEN = "given"
    TAKEN_AWAY = "taken_away"
    SENT_BACK = "sent_back"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


class DigestRhythm(Word):
    """How often one person wants one mail with all that is new."""

    DAILY = "daily"
    HOURLY = "hourly"
    NEVER = "never"


class ConfirmationPolicy(Word):
    """Whether a decided verdict needs a second person."""

    NONE = "none"
    OTHER_REVIEWER = "other_reviewer"
    LEAD = "lead"


class VerdictState(Word):
    """Where one version of a verdict stands."""

    PROPOSED = "proposed"
    FINAL = "final"
    SENT_BACK = "sent_back"
    SUPERSEDED = "superseded"


class ReadOutcome(Word):
    """What came of a second person's look at a verdict.

    ``agreed`` and ``disagreed`` are of a blind read, which gives a rating of its own.
    """

    AGREED = "agreed"
    DISAGREED = "disagreed"
    CONFIRMED = "confirmed"
    EDITED = "edited"
    SENT_BACK = "sent_back"


class GateItem(Word):
    """What a verdict should rest on before it is submitted; less needs a waiver."""

    ORIGINS = "origins"
    PRIMARY = "primary"
    ANCHORED = "anchored"
    CONTRARY = "contrary"


class Confidence(Word):
    """How sure the reviewer is of the verdict."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class CorrectionClass(Word):
    """How much a correction changes a published verdict."""

    MINOR = "minor"
    UPDATE = "update"
    SUBSTANTIAL = "substantial"


class ImportState(Word):
    """A file of claims waits for its confirmation, is taken in part by part, or was taken in."""

    WAITING = "waiting"
    TAKING = "taking"
    DONE = "done"


class ImportedAs(Word):
    """What one row of an imported file became."""

    NEW = "new"
    KNOWN = "known"
    REPEATED = "repeated"


class HouseAction(Word):
    """What one line of the house's record tells."""

    MEMBER_ADDED = "member_added"
    MEMBER_CHANGED = "member_changed"
    MEMBER_REMOVED = "member_removed"
    ACCOUNT_CHANGED = "account_changed"
    RULES_CHANGED = "rules_changed"
    EXPORTED = "exported"


class TicketAction(Word):
    """What one ticket event records, besides a move between states."""

    OPENED = "opened"
    MOVED = "moved"
    ASSIGNED = "assigned"
    RENEWED = "renewed"
    STANCE_SET = "stance_set"
    COMPARISON_SET = "comparison_set"
    ORIGIN_SET = "origin_set"
    PERIOD_SET = "period_set"
    BEARING_SET = "bearing_set"
    FRAME_EDITED = "frame_edited"
    SPAN_CHANGED = "span_changed"
    EVIDENCE_ADDED = "evidence_added"
    MATCH_ANSWERED = "match_answered"
    MATCH_SPLIT = "match_split"
    VERDICT_PROPOSED = "verdict_proposed"
    VERDICT_CONFIRMED = "verdict_confirmed"
    VERDICT_SENT_BACK = "verdict_sent_back"
    VERDICT_EDITED = "verdict_edited"
    VERDICT_WITHDRAWN = "verdict_withdrawn"
    BLIND_READ = "blind_read"
    PRIORITY_SET = "priority_set"
    DUE_SET = "due_set"
    SKIPPED = "skipped"
    HANDED_OVER = "handed_over"
    TAGGED = "tagged"
    NOTED = "noted"
