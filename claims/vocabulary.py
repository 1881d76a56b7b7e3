"""The words of the workbench as closed sets.

One word per thing: these values are what the database stores, what the admin
shows (through the label), and what exports and commands print. Nothing here
knows Django; a room that needs a choice list builds it from the enum.
"""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    """A closed set whose members carry a label for people."""

    @property
    def label(self) -> str:
        """The value as people read it: ``in_review`` becomes ``In review``."""
        return self.value.replace("_", " ").capitalize()

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of (stored value, label) in the order of definition."""
        return [(member.value, member.label) for member in cls]


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


class Stance(Word):
    """How a passage bears on a claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    NEUTRAL = "neutral"


class Outcome(Word):
    """What came of setting a claim's number beside a source's."""

    MATCH = "match"
    WITHIN_ROUNDING = "within_rounding"
    DIFFERS = "differs"
    DIFFERENT_PERIOD = "different_period"
    DIFFERENT_SCOPE = "different_scope"
    NOT_COMPARABLE = "not_comparable"


class ComparisonFlag(Word):
    """What a reader should know besides the outcome."""

    TRUE_THEN_NOT_NOW = "true_then_not_now"
    FAR_BEYOND_BOUND = "far_beyond_bound"
    CONVERTED = "converted"


class QuantityKind(Word):
    """What sort of number a quantity is."""

    MONEY = "money"
    PERCENT = "percent"
    PERCENTAGE_POINT = "percentage_point"
    COUNT = "count"
    MEASURE = "measure"
    DURATION = "duration"
    TEMPERATURE = "temperature"
    AGE = "age"
    RATIO = "ratio"
    NUMBER = "number"
    ORDINAL = "ordinal"


class Bound(Word):
    """How a written number limits the real one."""

    EXACT = "="
    ABOUT = "~"
    UNDER = "<"
    AT_MOST = "<="
    OVER = ">"
    AT_LEAST = ">="

    @property
    def label(self) -> str:
        """In words: ``exactly``, ``about``, ``under`` …"""
        return {
            "=": "exactly",
            "~": "about",
            "<": "under",
            "<=": "at most",
            ">": "over",
            ">=": "at least",
        }[self.value]


class Change(Word):
    """The direction of a change whose size is given."""

    UP = "up"
    DOWN = "down"


class SourceType(Word):
    """What kind of publisher stands behind a page."""

    PRIMARY = "primary"
    OFFICIAL = "official"
    ACADEMIC = "academic"
    AGENCY = "agency"
    MEDIA = "media"
    SOCIAL = "social"
    UNKNOWN = "unknown"


class SourceStanding(Word):
    """What a team decided about a publisher; without one it is neither."""

    TRUSTED = "trusted"
    BLOCKED = "blocked"


class SearchPurpose(Word):
    """What a query was meant to bring back."""

    SUPPORT = "support"
    CONTRADICT = "contradict"
    CITED = "cited"
    # A copy of a page in an archive; a place tried out by hand.
    COPY = "copy"
    TRIAL = "trial"
    # What a reviewer brought: an address, a file, a quotation.
    BY_HAND = "by_hand"


class SearchOutcome(Word):
    """How one search ended; *found nothing* is kept and shown."""

    PENDING = "pending"
    FOUND = "found"
    FOUND_NOTHING = "found_nothing"
    COULD_NOT_REACH = "could_not_reach"
    REFUSED = "refused"
    FAILED = "failed"
    # The day's queries are used up, ours or the service's: nothing was asked.
    QUOTA_REACHED = "quota_reached"


class SearchStop(Word):
    """Why the machine stopped searching for a ticket."""

    ENOUGH = "enough"
    QUERIES_USED = "queries_used"
    BUDGET_SPENT = "budget_spent"
    NOBODY_ANSWERED = "nobody_answered"
    ASKED_ONCE = "asked_once"


class ProviderName(Word):
    """One place that is searched, in the order in which people see them."""

    CITED = "cited"
    LIBRARY = "library"
    FACT_CHECKS = "fact_checks"
    SITES = "sites"
    SEARXNG = "searxng"
    BRAVE = "brave"
    WIKIPEDIA = "wikipedia"
    GDELT = "gdelt"
    FEEDS = "feeds"
    WAYBACK = "wayback"
    SAMPLE_WEB = "sample_web"

    @property
    def label(self) -> str:
        """The place's own name, as people know it."""
        return _PROVIDERS[self.value]


_PROVIDERS = {
    "cited": "Links cited by the article",
    "library": "Library of stored pages",
    "fact_checks": "Existing fact-checks",
    "sites": "Trusted sites",
    "searxng": "SearXNG",
    "brave": "Brave Search",
    "wikipedia": "Wikipedia",
    "gdelt": "GDELT",
    "feeds": "Feeds",
    "wayback": "Wayback Machine",
    "sample_web": "Sample web",
}


class JobKind(Word):
    """One kind of machine work owed."""

    FETCH_ARTICLE = "fetch_article"
    DETECT = "detect"
    SEARCH = "search"
    FETCH = "fetch"
    READ = "read"
    WEIGH = "weigh"
    MATCH = "match"


class JobState(Word):
    """Where a job stands. *Leased* means a worker holds it until the lease ends."""

    PENDING = "pending"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"


class JobReason(Word):
    """Why an attempt at a job ended badly, beside the reasons of a fetch."""

    ERROR = "error"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    WORKER_LOST = "worker_lost"


class FetchOutcome(Word):
    """How one fetch ended."""

    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"


class FetchReason(Word):
    """The closed list of reasons why a fetch was refused or failed."""

    URL_INVALID = "url_invalid"
    SCHEME_REFUSED = "scheme_refused"
    CREDENTIALS_REFUSED = "credentials_refused"
    PORT_REFUSED = "port_refused"
    ADDRESS_REFUSED = "address_refused"
    HOST_BLOCKED = "host_blocked"
    ROBOTS_REFUSED = "robots_refused"
    NAME_NOT_FOUND = "name_not_found"
    CONNECTION_FAILED = "connection_failed"
    CERTIFICATE_INVALID = "certificate_invalid"
    TIMED_OUT = "timed_out"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REDIRECT_INVALID = "redirect_invalid"
    ENCODING_REFUSED = "encoding_refused"
    TYPE_REFUSED = "type_refused"
    RESPONSE_INVALID = "response_invalid"
    GONE = "gone"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    NEEDS_JAVASCRIPT = "needs_javascript"
    NEEDS_LOGIN = "needs_login"
    NEEDS_PAYMENT = "needs_payment"
    HOST_RESTING = "host_resting"
    RATE_LIMITED = "rate_limited"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"
    UNREADABLE = "unreadable"
    READER_KILLED = "reader_killed"


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
    SENT_BACK = "sent_back"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


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


class ArticleState(Word):
    """How far the machine has come with an article."""

    FETCHING = "fetching"
    RECEIVED = "received"
    READ = "read"
    FAILED = "failed"


class ImportState(Word):
    """A file of claims waits for its confirmation, or was taken in."""

    WAITING = "waiting"
    DONE = "done"


class ImportedAs(Word):
    """What one row of an imported file became."""

    NEW = "new"
    KNOWN = "known"
    REPEATED = "repeated"


class CorrectionKind(Word):
    """What a person set against the machine's reading; the row keeps both.

    ``frame_field`` names its slot in the row's ``field``; ``wording`` is the
    self-contained wording, ``comparison`` what came of setting two numbers side by side,
    ``period`` the time that a source's number speaks of, ``bearing`` whether a passage bears on
    the claim, ``origin`` which pages carry one report, ``match`` what an earlier claim or a
    fact-check by others is to the claim.
    """

    CLAIM_MADE = "claim_made"
    CLAIM_DROPPED = "claim_dropped"
    CLAIM_RESTORED = "claim_restored"
    SPAN_CHANGED = "span_changed"
    FRAME_FIELD = "frame_field"
    WORDING = "wording"
    CLAIMANT = "claimant"
    STANCE = "stance"
    COMPARISON = "comparison"
    ORIGIN = "origin"
    PERIOD = "period"
    BEARING = "bearing"
    MATCH = "match"


class MatchAnswer(Word):
    """What a person said of a claim that looks like an earlier one.

    ``same``: it is the same claim, seen again. ``related``: the same statement with another
    number, unit, period or place. ``other``: another claim.
    """

    SAME = "same"
    RELATED = "related"
    OTHER = "other"


class FactCheckWay(Word):
    """How a fact-check by others came to the team."""

    SEARCH = "search"
    PAGE = "page"
    FILE = "file"

    @property
    def label(self) -> str:
        """In words: ``found by a search`` …"""
        return {
            "search": "found by a search",
            "page": "declared on a fetched page",
            "file": "imported from a file",
        }[self.value]


class MoneyTableKind(Word):
    """What a dated table of money holds."""

    RATES = "rates"
    PRICES = "prices"

    @property
    def label(self) -> str:
        """In words: ``Exchange rates``, ``Price levels``."""
        return {"rates": "Exchange rates", "prices": "Price levels"}[self.value]


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
    VERDICT_PROPOSED = "verdict_proposed"
    VERDICT_CONFIRMED = "verdict_confirmed"
    VERDICT_SENT_BACK = "verdict_sent_back"
    VERDICT_EDITED = "verdict_edited"
    BLIND_READ = "blind_read"
    PRIORITY_SET = "priority_set"
    DUE_SET = "due_set"
    SKIPPED = "skipped"
    HANDED_OVER = "handed_over"
    TAGGED = "tagged"
    NOTED = "noted"
