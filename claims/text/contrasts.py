"""Words that mean the same thing here, and words that tell two things apart.

Promises two small closed tables of news English over light stems: synonyms, so that
"output" and "production" meet, and contrast groups, so that "exports" and "imports"
never do. Refuses to grow into a thesaurus: a pair that is not listed is two words.
"""

from __future__ import annotations

from claims.text.words import content_words, stem

_SYNONYMS = """
rise increase grow climb jump surge gain soar expand up growth higher
fall drop decline decrease sink slump shrink plunge tumble down lower
production produce producer output manufacture mine mining mined extraction extract
refine refining refined refinery processing smelting
consumption consume demand use usage
die death dead killed kill fatality deadly toll victim
injure injury injured wound wounded hurt
job position post vacancy
worker employee staff workforce
company firm business corporation
car vehicle automobile
home house dwelling residence
person resident inhabitant citizen individual
population populace
country nation
deal agreement contract accord pact
buy acquire purchase acquisition takeover
film movie
pupil student schoolchild
child kid minor
young youth youngster
revenue turnover
price cost
spend spending expenditure outlay
pay wage salary earnings
profit income
loan credit lending
tax levy duty tariff
vote ballot
sign ink
build construct construction
begin start launch
end finish close
big large great huge
restriction control controlling controlled curb ban
export exported exporter
import imported importer
sell sale sold
unemployment jobless joblessness unemployed
inflation cpi
emission emit carbon co2
renewable green
flood flooding
quake earthquake
arrest detain
infect infection case
vaccinate vaccination vaccine inoculate
mineral ore
reserve deposit
supply supplier supplied
announce unveil
world global worldwide globally
"""

# One line a group: a text that speaks of one and not of another speaks of another part of
# the same matter …
_SCOPES = """
production refine consumption reserve
man woman
male female
boy girl
urban rural
gross net
nominal real
public private
primary secondary
median average
onshore offshore
solar wind
coal gas oil
wheat rice maize
northern southern
eastern western
core headline
civilian soldier
adult child
federal state local
domestic foreign international
"""

# … and of these, of another thing altogether.
_MEASURES = """
export import
die injure
die infect
hospitalise infect
revenue profit
import production
spend revenue
deficit debt surplus
parliament senate
unemployment employment
unemployment inflation gdp poverty literacy turnout mortality interest debt wage
birth die
win lose
sell buy
arrest die
lend deposit
area population
"""


# Words that single out a part; a text without them may well speak of the whole.
_LISTED_QUALIFIERS = (
    "man woman male female boy girl urban rural gross net nominal real median average onshore "
    "offshore adult child young heavy light northern southern eastern western"
)
# What only a government does: here its capital stands for the country.
_LISTED_GOVERNING = (
    "announce restriction ban tariff sanction law export import tax subsidy licence policy impose"
)


def _read_groups(listed: str) -> list[list[str]]:
    return [[stem(word) for word in line.split()] for line in listed.strip().splitlines()]


_MEANING = {word: group[0] for group in reversed(_read_groups(_SYNONYMS)) for word in group}


def meaning_of(word: str) -> str:
    """The word that stands for all synonyms of a stemmed word; itself where none is listed.

    >>> meaning_of(stem("output")) == meaning_of(stem("production"))
    True
    """
    return _MEANING.get(word, word)


_NARROWED = {"refine": "production"}
"""Words that narrow another of their group: refined output is not output."""
_SCOPE_GROUPS = [frozenset(map(meaning_of, group)) for group in _read_groups(_SCOPES)]
_NARROWINGS = [(meaning_of(stem(one)), meaning_of(stem(two))) for one, two in _NARROWED.items()]
_MEASURE_GROUPS = [frozenset(map(meaning_of, group)) for group in _read_groups(_MEASURES)]


_SPOKEN = {
    meaning_of(stem(word)): word
    for listed in (_MEASURES, _SCOPES)
    for line in listed.strip().splitlines()
    for word in reversed(line.split())
}


def spoken(meaning: str) -> str:
    """A word a person can read for a meaning of the closed lists.

    >>> spoken(meaning_of(stem("refine")))
    'refine'
    """
    return _SPOKEN.get(meaning, meaning)


MEASURED = frozenset().union(*_SCOPE_GROUPS, *_MEASURE_GROUPS)
"""Words for what is measured, not for the thing it is measured of."""
QUALIFIERS = frozenset(meaning_of(stem(word)) for word in _LISTED_QUALIFIERS.split())
GOVERNING = frozenset(meaning_of(stem(word)) for word in _LISTED_GOVERNING.split())


def find_contrast(mine: frozenset[str], theirs: frozenset[str]) -> tuple[str, str] | None:
    """The first pair (mine, theirs) that tells two parts of one matter apart, or ``None``.

    A group contrasts when each side names one of its words and they share none of it.
    """
    return _find_pair(_SCOPE_GROUPS, mine, theirs)


def find_narrowing(mine: frozenset[str], theirs: frozenset[str]) -> tuple[str, str] | None:
    """The pair (mine, theirs) where one side narrows what the other names in general.

    "Refined output" against "output" is another scope, although both speak of output.
    """
    for narrow, general in _NARROWINGS:
        for ours, others, pair in (
            (mine, theirs, (general, narrow)),
            (theirs, mine, (narrow, general)),
        ):
            if general in ours and narrow not in ours and narrow in others:
                return pair
    return None


def find_other_measure(mine: frozenset[str], theirs: frozenset[str]) -> tuple[str, str] | None:
    """The first pair (mine, theirs) that tells two measured things apart, or ``None``."""
    return _find_pair(_MEASURE_GROUPS, mine, theirs)


def _find_pair(
    groups: list[frozenset[str]], mine: frozenset[str], theirs: frozenset[str]
) -> tuple[str, str] | None:
    for group in groups:
        ours, others = mine & group, theirs & group
        if ours and others and not ours & others:
            return min(ours), min(others)
    return None


def meanings(text: str) -> frozenset[str]:
    """The meanings of a text's content words."""
    return frozenset(meaning_of(word) for word in content_words(text))
