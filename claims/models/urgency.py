"""How urgent a claim is by a team's rules, by when it is due, and which rules of its desk it meets.

Promises: the same facts give the same answer, and each point is told by the rule that gave it.
A team without rules of its own is rated as the workbench always did: check-worthiness counts
:data:`SCORE_WEIGHT` points and a number :data:`NUMBER_BONUS`. Refuses to write anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from claims.models.claim import Appearance, Claim, Quantity
from claims.models.team import Team
from claims.models.team_rules import AssignmentRule, PriorityRule
from claims.models.working_days import Calendar
from claims.models.zones import day_in, today_in
from claims.vocabulary import PriorityFactor
from claims.web.blocking import is_below
from claims.web.errors import UrlInvalid
from claims.web.urls import parse_http_url

# A number that can be set beside a source's makes a claim quicker to settle and costlier to miss.
NUMBER_BONUS = 20
SCORE_WEIGHT = 75
HIGHEST = 100
USUAL = (
    PriorityRule(
        name="Check-worthiness", factor=PriorityFactor.CHECK_WORTHINESS, points=SCORE_WEIGHT
    ),
    PriorityRule(name="Holds a number", factor=PriorityFactor.NUMBER, points=NUMBER_BONUS),
)
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules look at: the words (see :func:`spoken`), the score, where the claim stands."""

    words: str
    score: float
    has_number: bool
    articles: int = 1
    languages: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """A priority from 0 to 100, and the rules that made it: ``Harm +20``."""

    priority: int
    reasons: tuple[str, ...]

    def explain(self) -> str:
        """The rules in one line."""
        return ", ".join(self.reasons) or "no rule applies"


@dataclass(frozen=True, slots=True)
class Rules:
    """A team's rules as they stand: load once, ask often."""

    priority_rules: tuple[PriorityRule, ...]
    levels: tuple[tuple[int, int], ...]
    calendar: Calendar
    assignment_rules: tuple[AssignmentRule, ...]
    today: date
    zone: str

    def day_of(self, moment: datetime) -> date:
        """Which day an instant is where the team is."""
        return day_in(self.zone, moment)

    @property
    def are_own(self) -> bool:
        """Whether the team wrote priority rules of its own."""
        return self.priority_rules is not USUAL

    def rate(self, facts: Facts) -> Rated:
        """The priority by the rules, kept between 0 and 100."""
        total, reasons = 0.0, []
        for rule in self.priority_rules:
            points = self._points(rule, facts)
            if points:
                total += points
                reasons.append(f"{rule.name} {round(points):+d}")
        return Rated(max(0, min(HIGHEST, round(total))), tuple(reasons))

    def due_on(self, priority: int, opened_on: date) -> date | None:
        """The day by whose end a ticket of that priority is to be decided, if the team says so."""
        for from_priority, working_days in self.levels:
            if priority >= from_priority:
                return self.calendar.after(opened_on, working_days)
        return None

    def notice_on(self, due_on: date | None) -> date | None:
        """From when it is due soon: the working day before; today where that is past."""
        return max(self.calendar.before(due_on), self.today) if due_on else None

    def matching(self, facts: Facts) -> list[AssignmentRule]:
        """The assignment rules that the facts meet, in their order."""
        return [rule for rule in self.assignment_rules if meets(rule, facts)]

    def _points(self, rule: PriorityRule, facts: Facts) -> float:
        factor = PriorityFactor(rule.factor)
        if factor is PriorityFactor.CHECK_WORTHINESS:
            return rule.points * facts.score
        if factor is PriorityFactor.NUMBER:
            holds = facts.has_number
        elif factor is PriorityFactor.REACH:
            holds = facts.articles >= rule.level
        elif factor is PriorityFactor.HARM:
            holds = _says_any(facts.words, rule.words)
        else:
            last = self.calendar.after(self.today, rule.level)
            holds = facts.due_on is not None and facts.due_on <= last
        return rule.points if holds else 0


def load_rules(team: Team, *, today: date | None = None) -> Rules:
    """The team's rules that are switched on (four queries)."""
    own = tuple(rule for rule in team.priority_rules.all() if rule.is_on)
    levels = team.service_levels.order_by("-from_priority")
    return Rules(
        priority_rules=own or USUAL,
        levels=tuple(levels.values_list("from_priority", "working_days")),
        calendar=calendar_of(team),
        assignment_rules=tuple(team.assignment_rules.filter(is_on=True)),
        today=today or today_in(team.time_zone),
        zone=team.time_zone,
    )


def calendar_of(team: Team, *, since: date | None = None) -> Calendar:
    """The team's working days with its holidays of the last and the coming two years."""
    day = since or today_in(team.time_zone)
    near = team.holidays.filter(
        day__gt=day - timedelta(days=800), day__lt=day + timedelta(days=800)
    )
    return Calendar(frozenset(team.weekdays), frozenset(near.values_list("day", flat=True)))


def facts_of(claims: Sequence[Claim]) -> dict[int, Facts]:
    """Claim id → its facts (two queries for any number)."""
    ids = [claim.pk for claim in claims]
    numbered = set(
        Quantity.objects.filter(claim__in=ids).order_by().values_list("claim_id", flat=True)
    )
    places: dict[int, list[tuple[int, str, str]]] = {}
    rows = Appearance.objects.standing().filter(claim__in=ids).order_by()
    for claim_id, article, language, url in rows.values_list(
        "claim_id", "article_id", "article__language", "article__url"
    ):
        places.setdefault(claim_id, []).append((article, language, url))
    return {
        claim.pk: Facts(
            words=spoken(claim.self_contained),
            score=claim.score,
            has_number=claim.pk in numbered,
            articles=len({article for article, _, _ in places.get(claim.pk, [])}),
            languages=frozenset(one.casefold() for _, one, _ in places.get(claim.pk, []) if one),
            urls=frozenset(url for _, _, url in places.get(claim.pk, []) if url),
        )
        for claim in claims
    }


def meets(rule: AssignmentRule, facts: Facts) -> bool:
    """Whether every condition that is filled holds; a rule without any meets nothing."""
    holds = []
    if rule.words.strip():
        holds.append(_says_any(facts.words, rule.words))
    if rule.language:
        holds.append(rule.language.casefold() in facts.languages)
    if rule.site:
        holds.append(any(_is_of(url, rule.site) for url in facts.urls))
    return bool(holds) and all(holds)


def _is_of(url: str, site: str) -> bool:
    try:
        return is_below(parse_http_url(url), site)
    except UrlInvalid:
        return False


def spoken(text: str) -> str:
    """The words alone, in lower case, each between blanks, so that a phrase is found as words.

    >>> spoken("Rare-earth exports, 2025.")
    ' rare earth exports 2025 '
    """
    return f" {' '.join(WORD.findall(text.casefold()))} "


def _says_any(words: str, phrases: str) -> bool:
    """Whether one of the phrases, one a line or between commas, stands among the words."""
    wanted = (spoken(phrase) for phrase in re.split(r"[\n,]", phrases))
    return any(one.strip() and one in words for one in wanted)
