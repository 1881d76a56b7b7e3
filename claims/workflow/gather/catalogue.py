"""The places that can be searched: what each needs before it is asked, and what it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from claims.vocabulary import ProviderName, SearchPurpose

BOTH = frozenset({SearchPurpose.SUPPORT, SearchPurpose.CONTRADICT})
# Where one kind of query already brings all there is.
ONE = frozenset({SearchPurpose.SUPPORT})
NONE: frozenset[SearchPurpose] = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """One place: what its settings page offers, and for what it is asked.

    ``places`` says what its list holds (``""``: it has none), ``default_url`` is its published
    address, ``dials`` whether it is asked over the network.
    """

    about: str
    default_url: str = ""
    dials: bool = True
    has_url: bool = True
    needs_key: bool = False
    has_languages: bool = True
    places: str = ""
    pause_seconds: float = 0.0
    purposes: frozenset[SearchPurpose] = BOTH


N = ProviderName
KINDS: dict[ProviderName, Kind] = {
    N.CITED: Kind(
        "The links of the article that made the claim. Asked first, once for each ticket.",
        dials=False,
        has_url=False,
        has_languages=False,
        purposes=NONE,
    ),
    N.LIBRARY: Kind(
        "Every page and article the team has stored: nothing is asked of anybody outside.",
        dials=False,
        has_url=False,
        has_languages=False,
        purposes=ONE,
    ),
    N.FACT_CHECKS: Kind(
        "Fact-checks that others have published, with their ratings. Needs a key for the "
        "Fact Check Tools API from a Google Cloud project.",
        default_url="https://factchecktools.googleapis.com",
        needs_key=True,
        purposes=ONE,
    ),
    N.SITES: Kind(
        "Official statistics and agencies, searched by name through SearXNG: the sites listed "
        "here for every team, and the publishers that the ticket's team marked as trusted.",
        places="One site in a line: a host, or a host and the beginning of a path.",
    ),
    N.SEARXNG: Kind(
        "Web search without a key, through an instance of SearXNG of your own. Its settings "
        "must list json among the formats.",
    ),
    N.BRAVE: Kind(
        "Web search in an index of its own. Needs a key for the Brave Search API.",
        default_url="https://api.search.brave.com",
        needs_key=True,
    ),
    N.WIKIPEDIA: Kind(
        "Wikipedia or any other MediaWiki, and the sources its articles cite. "
        "{language} in the address stands for the language of the search.",
    ),
    N.GDELT: Kind(
        "News of the last three months from all over the world, without a key. "
        "It wants five seconds between two queries.",
        default_url="https://api.gdeltproject.org",
        pause_seconds=5.0,
        purposes=ONE,
    ),
    N.FEEDS: Kind(
        "What chosen publishers published lately, by their RSS or Atom feeds.",
        has_url=False,
        has_languages=False,
        places="One address of a feed in a line.",
        purposes=ONE,
    ),
    N.WAYBACK: Kind(
        "Copies of pages that are gone, and pages as they were on a day. It is not searched; "
        "it is asked when a page cannot be had.",
        default_url="https://web.archive.org",
        has_languages=False,
        purposes=NONE,
    ),
    N.SAMPLE_WEB: Kind(
        "The small web that comes with the demonstration.",
        has_languages=False,
    ),
}
LABELS: dict[str, str] = {name.value: name.label for name in ProviderName}
