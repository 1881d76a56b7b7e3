"""The words of looking: searches, fetches, sources, and the jobs that do the work."""

from __future__ import annotations

from claims.vocabulary.words import Word


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
    # One reading of a listed feed, as a way in for articles.
    FEED = "feed"
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
    SEND_DIGEST = "send_digest"
    SEND_HOOK = "send_hook"
    ERRAND = "errand"


class ErrandKind(Word):
    """One kind of long work that a person asks for."""

    ARTICLES = "articles"
    FILES = "files"
    PREVIEW = "preview"
    IMPORT = "import"
    EXPORT = "export"
    CHECK = "check"


class ErrandState(Word):
    """Where an errand stands."""

    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class JobState(Word):
    """Where a job stands. *Leased* means a worker holds it until the lease ends."""

    PENDING = "pending"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobReason(Word):
    """Why an attempt at a job ended badly, beside the reasons of a fetch."""

    ERROR = "error"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    WORKER_LOST = "worker_lost"
    # While it had so few others that each is looked at alone.
    WORKER_LOST_AMONG_FEW = "worker_lost_among_few"
    MAIL_FAILED = "mail_failed"
    HOOK_OFF = "hook_off"
    CANCELLED = "cancelled"


class MediaKind(Word):
    """What a page shows beside words, kept as a link."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


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
