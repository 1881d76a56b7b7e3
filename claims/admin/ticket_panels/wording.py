"""Machine words in the words a reviewer reads. Every closed set is covered; a test holds it so."""

from __future__ import annotations

from claims.vocabulary import (
    CloseReason,
    ComparisonFlag,
    FetchReason,
    GateItem,
    JobKind,
    JobReason,
    Outcome,
    SearchOutcome,
    SearchPurpose,
    SearchStop,
    SourceType,
    Stance,
    TicketAction,
    TicketState,
)

OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.MATCH: ("Agrees", "good"),
    Outcome.WITHIN_ROUNDING: ("Agrees after rounding", "good"),
    Outcome.DIFFERS: ("Differs", "bad"),
    Outcome.DIFFERENT_PERIOD: ("Another period", "warn"),
    Outcome.DIFFERENT_SCOPE: ("Another scope", "warn"),
    Outcome.NOT_COMPARABLE: ("Not comparable", "calm"),
}
"""Label and tone of each comparison outcome."""

FLAGS: dict[ComparisonFlag, str] = {
    ComparisonFlag.TRUE_THEN_NOT_NOW: "was true then, is not now",
    ComparisonFlag.FAR_BEYOND_BOUND: "far beyond the stated limit",
    ComparisonFlag.CONVERTED: "units converted",
}

STANCES: dict[Stance, tuple[str, str, str]] = {
    Stance.REFUTES: ("Refutes", "bad", "r"),
    Stance.SUPPORTS: ("Supports", "good", "s"),
    Stance.NEUTRAL: ("Neutral", "calm", "n"),
}
"""Label, tone and key of each stance, in the order in which evidence is grouped."""

SOURCE_TYPES: dict[SourceType, str] = {
    SourceType.PRIMARY: "Primary source",
    SourceType.OFFICIAL: "Official",
    SourceType.ACADEMIC: "Academic",
    SourceType.AGENCY: "News agency",
    SourceType.MEDIA: "Press",
    SourceType.SOCIAL: "Social media",
    SourceType.UNKNOWN: "Kind not set",
}

SEARCH_OUTCOMES: dict[SearchOutcome, tuple[str, str]] = {
    SearchOutcome.PENDING: ("Searching", "calm"),
    SearchOutcome.FOUND: ("Found", "good"),
    SearchOutcome.FOUND_NOTHING: ("Found nothing", "warn"),
    SearchOutcome.COULD_NOT_REACH: ("Could not reach", "bad"),
    SearchOutcome.REFUSED: ("Refused", "bad"),
    SearchOutcome.FAILED: ("Failed", "bad"),
    SearchOutcome.QUOTA_REACHED: ("Quota reached", "warn"),
}

SEARCH_STOPS: dict[SearchStop, str] = {
    SearchStop.ENOUGH: "two independent origins speak for or against the claim.",
    SearchStop.BUDGET_SPENT: "the budget of rounds and queries is spent.",
    SearchStop.QUERIES_USED: "every query was asked everywhere.",
    SearchStop.NOBODY_ANSWERED: "in the last round no place outside answered.",
    SearchStop.ASKED_ONCE: "a person asked for one round.",
}

PURPOSES: dict[SearchPurpose, str] = {
    SearchPurpose.SUPPORT: "for support",
    SearchPurpose.CONTRADICT: "for contradiction",
    SearchPurpose.CITED: "what is cited",
    SearchPurpose.BY_HAND: "brought by a reviewer",
    SearchPurpose.COPY: "for an archive's copy",
    SearchPurpose.TRIAL: "to try the place",
    SearchPurpose.FEED: "a feed read",
}

GATE_ITEMS: dict[GateItem, str] = {
    GateItem.ORIGINS: "Independent origins",
    GateItem.PRIMARY: "Primary sources",
    GateItem.ANCHORED: "Decisive quotes in their copies",
    GateItem.CONTRARY: "Search for contrary evidence",
}

FETCH_REASONS: dict[FetchReason, str] = {
    FetchReason.URL_INVALID: "the link is not a valid web address",
    FetchReason.SCHEME_REFUSED: "only http and https links are opened",
    FetchReason.CREDENTIALS_REFUSED: "the link carries a user name or password",
    FetchReason.PORT_REFUSED: "the link names a port that is not opened",
    FetchReason.ADDRESS_REFUSED: "the link leads to a private address",
    FetchReason.HOST_BLOCKED: "your team blocked this publisher",
    FetchReason.ROBOTS_REFUSED: "the site asks robots to stay away",
    FetchReason.NAME_NOT_FOUND: "there is no such site",
    FetchReason.CONNECTION_FAILED: "the site did not answer",
    FetchReason.CERTIFICATE_INVALID: "the site's certificate is not valid",
    FetchReason.TIMED_OUT: "the site took too long",
    FetchReason.TOO_LARGE: "the page is too large",
    FetchReason.TOO_MANY_REDIRECTS: "the page redirects without end",
    FetchReason.REDIRECT_INVALID: "the page redirects to a broken link",
    FetchReason.ENCODING_REFUSED: "the page is packed in a way that is not opened",
    FetchReason.TYPE_REFUSED: "it is not a kind of document that is read",
    FetchReason.RESPONSE_INVALID: "the site's answer was broken",
    FetchReason.GONE: "the page was removed",
    FetchReason.NOT_FOUND: "the page does not exist",
    FetchReason.FORBIDDEN: "the site does not show us this page",
    FetchReason.NEEDS_JAVASCRIPT: "the page shows its text only to a browser that runs its scripts",
    FetchReason.NEEDS_LOGIN: "the site wants a log-in",
    FetchReason.NEEDS_PAYMENT: "the site wants a payment",
    FetchReason.HOST_RESTING: "the site failed again and again and is left alone for a while",
    FetchReason.RATE_LIMITED: "the site asked to slow down",
    FetchReason.CLIENT_ERROR: "the site refused the request",
    FetchReason.SERVER_ERROR: "the site has a fault of its own",
    FetchReason.UNREADABLE: "no text was found on the page",
    FetchReason.READER_KILLED: "reading the page took too long",
}

FETCHING = (JobKind.FETCH_ARTICLE, JobKind.SEARCH, JobKind.FETCH)
JOB_REASONS: dict[JobReason, str] = {
    JobReason.ERROR: "the workbench has a fault of its own here",
    JobReason.TIMED_OUT: "it ran past its time limit",
    JobReason.OUT_OF_MEMORY: "it took more memory than it may",
    JobReason.WORKER_LOST: "the worker died in the middle of it",
    JobReason.WORKER_LOST_AMONG_FEW: "the worker died in the middle of it",
    JobReason.MAIL_FAILED: "no mail server took it",
    JobReason.HOOK_OFF: "the webhook was switched off",
    JobReason.CANCELLED: "it was cancelled",
}

JOB_KINDS: dict[JobKind, str] = {
    JobKind.FETCH_ARTICLE: "Fetching the article",
    JobKind.DETECT: "Finding the claims",
    JobKind.SEARCH: "A search",
    JobKind.FETCH: "Fetching a page",
    JobKind.READ: "Reading a page",
    JobKind.WEIGH: "Weighing the passages",
    JobKind.MATCH: "Looking for earlier claims",
    JobKind.SEND_DIGEST: "Sending a mail",
    JobKind.SEND_HOOK: "Posting to the webhook",
    JobKind.ERRAND: "Long work",
}


def say_job_reason(kind: str, reason: str) -> str:
    """Why an attempt at a job ended badly, in plain words; empty where none did."""
    if not reason:
        return ""
    asked_the_web = kind in (*FETCHING, JobKind.SEND_HOOK)
    if reason in set(JobReason) and not (asked_the_web and reason == FetchReason.TIMED_OUT):
        return JOB_REASONS[JobReason(reason)]
    known = reason in set(FetchReason)
    return FETCH_REASONS[FetchReason(reason)] if known else reason.replace("_", " ")


CLOSE_REASONS: dict[CloseReason, str] = {
    CloseReason.DUPLICATE: "Duplicate of another ticket",
    CloseReason.NOT_CHECKABLE: "Cannot be checked",
    CloseReason.OPINION: "Opinion, not a factual claim",
    CloseReason.WITHDRAWN: "Withdrawn by its author",
}

ACTIONS: dict[TicketAction, str] = {
    TicketAction.OPENED: "opened the ticket",
    TicketAction.MOVED: "moved the ticket",
    TicketAction.ASSIGNED: "assigned the ticket",
    TicketAction.RENEWED: "renewed the reservation",
    TicketAction.STANCE_SET: "set a stance",
    TicketAction.COMPARISON_SET: "set what a comparison says",
    TicketAction.ORIGIN_SET: "set which pages are one origin",
    TicketAction.PERIOD_SET: "set the time a number speaks of",
    TicketAction.BEARING_SET: "set whether a passage bears on the claim",
    TicketAction.FRAME_EDITED: "corrected the frame",
    TicketAction.SPAN_CHANGED: "moved the ends of the claim",
    TicketAction.EVIDENCE_ADDED: "added evidence",
    TicketAction.MATCH_ANSWERED: "said what an earlier claim is to it",
    TicketAction.MATCH_SPLIT: "split what had been merged",
    TicketAction.VERDICT_PROPOSED: "decided",
    TicketAction.VERDICT_CONFIRMED: "confirmed the verdict",
    TicketAction.VERDICT_SENT_BACK: "sent the verdict back",
    TicketAction.VERDICT_EDITED: "edited the verdict",
    TicketAction.VERDICT_WITHDRAWN: "withdrew the published verdict",
    TicketAction.BLIND_READ: "read the claim blind",
    TicketAction.PRIORITY_SET: "set the priority",
    TicketAction.DUE_SET: "set when it is due",
    TicketAction.SKIPPED: "skipped the ticket",
    TicketAction.HANDED_OVER: "handed the ticket over",
    TicketAction.TAGGED: "changed the tags",
    TicketAction.NOTED: "noted",
}

MOVED: dict[tuple[str, str], str] = {
    (TicketState.OPEN, TicketState.GATHERING): "started looking for sources",
    (TicketState.GATHERING, TicketState.READY): "finished looking for sources",
    (TicketState.READY, TicketState.IN_REVIEW): "took the ticket",
    (TicketState.IN_REVIEW, TicketState.READY): "put the ticket back in the queue",
    (TicketState.READY, TicketState.GATHERING): "asked for another search",
    (TicketState.IN_REVIEW, TicketState.GATHERING): "asked for another search",
    (TicketState.DECIDED, TicketState.PUBLISHED): "published the verdict",
    (TicketState.PUBLISHED, TicketState.IN_REVIEW): "reopened it for a correction",
    (TicketState.CLOSED, TicketState.OPEN): "opened it again",
    (TicketState.CLOSED, TicketState.GATHERING): "opened it again",
    (TicketState.CLOSED, TicketState.READY): "opened it again",
    (TicketState.CLOSED, TicketState.DECIDED): "opened it again",
}
"""What a plain move from one state to another is called in the history."""
