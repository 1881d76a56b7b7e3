"""Asking: from rows of the search log to questions that can be put without the database.

Promises that a query is counted towards the day's quota before it is put, that nobody is
asked who is switched off, out of quota, or wants to be left alone, and that the row says
which of these it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils import timezone

from claims.models.access import Person
from claims.models.provider import Provider
from claims.models.search import Search
from claims.vocabulary import ProviderName
from claims.web.client import Client
from claims.web.errors import (
    ConnectionFailed,
    FetchError,
    HostBlocked,
    HostBusy,
    HostResting,
    RateLimited,
    Unreadable,
)
from claims.web.search.protocol import Asking, Found, QuotaReached
from claims.web.search.wayback import Archive, find_copy
from claims.workflow.gather.ending import log_trial
from claims.workflow.gather.providers import (
    LABELS,
    RESULTS_PER_QUERY,
    archive_of,
    open_provider,
    search_client,
)
from claims.workflow.gather.setups import Setup, read_setups, trusted_sites
from claims.workflow.gather.silence import silent_providers

# A service that asks for a longer pause than this is left alone until it is over, by everybody.
LEAST_QUIET_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Question:
    """One query to one place, to be put with a client: gives what was found or a FetchError.

    ``is_put`` is false where the answer is known without asking.
    """

    provider: str
    put: Callable[[Asking], tuple[Found, ...]]
    is_put: bool = True


def plan_questions(searches: Sequence[Search]) -> dict[int, Question]:
    """A question for each of the searches that goes over the network, by the search's id."""
    dialled = [one for one in searches if _is_dialled(one.provider)]
    if not dialled:
        return {}
    setups = read_setups()
    silent = silent_providers({one.provider for one in dialled})
    open_ones = [one for one in dialled if one.provider not in silent]
    allowed = _take_quotas(open_ones, setups)
    return {
        one.pk: _plan(one, setups[ProviderName(one.provider)], silent.get(one.provider), allowed)
        for one in dialled
    }


def try_provider(
    name: ProviderName,
    words: str,
    *,
    language: str = "en",
    team_id: int | None = None,
    client: Client | None = None,
    on: date | None = None,
    by: Person | None = None,
) -> tuple[Found, ...]:
    """Put one query at once, for a person who waits for it; counted, noted and logged like any.

    ``words`` is a page's URL for the archive, and ``on`` the day whose copy is wanted.
    ``team_id`` adds the sites that this team trusts, ``client`` stands in for the one that is
    polite together with the workers, ``by`` is who is named in the log.
    Raises a leaf of :class:`FetchError`, and ``KeyError`` for what is not asked over the network.
    """
    setup = read_setups()[name]
    if setup.key and setup.key in words:
        # Pasted into the wrong box: it must not come to stand in the log.
        raise Unreadable("What was typed holds the key of this place. Nothing was asked.")
    asked_in = setup.language_for(language)
    try:
        refusal = refuse_asking(setup)
        if refusal is None and not Provider.objects.all().take_queries(name, 1, setup.quota):
            refusal = _out_of_quota(setup)
        if refusal is not None:
            raise refusal
        client = client or search_client()
        found = _put_trial(setup, client, words, asked_in, team_id, on)
    except FetchError as problem:
        log_trial(name, words, (), problem, by=by, language=asked_in, team_id=team_id)
        raise
    log_trial(name, words, found, None, by=by, language=asked_in, team_id=team_id)
    return found


def _put_trial(
    setup: Setup,
    client: Client,
    words: str,
    language: str,
    team_id: int | None,
    on: date | None,
) -> tuple[Found, ...]:
    try:
        if setup.name == ProviderName.WAYBACK:
            found = _look_into_archive(client, words, on, archive_of(setup))
        else:
            sites = () if team_id is None else trusted_sites(team_id)
            provider = open_provider(setup, client, sites)
            found = provider.search(words, language=language, limit=RESULTS_PER_QUERY)
    except FetchError as problem:
        note_health([(setup.name, problem)])
        raise
    note_health([(setup.name, None)])
    return found


def _look_into_archive(
    client: Client, url: str, on: date | None, archive: Archive
) -> tuple[Found, ...]:
    copy = find_copy(client, url, on, archive=archive)
    if copy is None:
        return ()
    return (Found(copy.url, f"Copy of {copy.original}", published=copy.taken_at.date()),)


def refuse_asking(setup: Setup) -> FetchError | None:
    """Why a place is not asked now; ``None`` where it may be."""
    label = LABELS[setup.name]
    if not setup.is_on:
        return Unreadable(f"{label} is switched off.")
    if setup.missing:
        return Unreadable(f"{label} cannot be asked. {setup.missing}")
    if setup.is_quiet():
        return QuotaReached(
            f"{label} asked to be left alone until {setup.quiet_until:%Y-%m-%d %H:%M} UTC."
        )
    return None


def note_health(ended: Iterable[tuple[str, FetchError | None]]) -> None:
    """Note of each place how its last query ended; our own pauses and refusals are no faults."""
    last: dict[str, FetchError | None] = {}
    for name, problem in ended:
        if not isinstance(problem, HostBlocked | HostBusy | HostResting | QuotaReached):
            last[name] = problem
    # One order for everybody, so that two batches do not lock crosswise.
    for name, problem in sorted(last.items(), key=lambda one: one[0]):
        if problem is None:
            Provider.objects.all().note_success(name)
            continue
        wait = problem.retry_after_seconds if isinstance(problem, RateLimited) else None
        quiet = wait if wait and wait > LEAST_QUIET_SECONDS else 0.0
        Provider.objects.all().note_error(name, str(problem), quiet_seconds=quiet)


def _is_dialled(provider: str) -> bool:
    return provider in LABELS and provider not in (ProviderName.CITED, ProviderName.LIBRARY)


def _plan(search: Search, setup: Setup, silence: str | None, allowed: Counter[str]) -> Question:
    # That it asked to be left alone says more than that it was not reached.
    is_told = silence is not None and not setup.is_quiet()
    refusal = ConnectionFailed(str(silence)) if is_told else refuse_asking(setup)
    if refusal is None:
        if allowed[setup.name] < 1:
            refusal = _out_of_quota(setup)
        allowed[setup.name] -= 1
    if refusal is not None:
        return Question(setup.name, partial(_refuse, refusal), is_put=False)
    is_by_team = setup.name == ProviderName.SITES
    sites = trusted_sites(search.team_id) if is_by_team and search.team_id else ()
    return Question(setup.name, partial(_put, setup, sites, search))


def _put(setup: Setup, sites: tuple[str, ...], search: Search, client: Asking) -> tuple[Found, ...]:
    provider = open_provider(setup, client, sites)
    language = search.language or setup.language_for("en")
    return provider.search(search.query, language=language, limit=RESULTS_PER_QUERY)


def _take_quotas(searches: Iterable[Search], setups: dict[ProviderName, Setup]) -> Counter[str]:
    """How many of these queries may be put, by place; they are counted as used."""
    wanted = Counter(ProviderName(one.provider) for one in searches)
    return Counter(
        {
            name: Provider.objects.take_queries(name, count, setups[name].quota)
            for name, count in sorted(wanted.items())
            if refuse_asking(setups[name]) is None
        }
    )


def _out_of_quota(setup: Setup) -> QuotaReached:
    return QuotaReached(
        f"{LABELS[setup.name]} has had its {setup.quota} queries of today. "
        f"The day ends at 24:00 UTC; it is {timezone.now():%H:%M} now."
    )


def _refuse(refusal: FetchError, _client: Asking) -> tuple[Found, ...]:
    raise refusal
