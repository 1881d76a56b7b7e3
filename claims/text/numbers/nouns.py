"""The noun that a number counts.

Promises the counted phrase and its head in the singular from the shape of the words
alone: a bare number above one is followed by a plural, so the first run of plurals before
a function word is the head. Refuses to name a head where no such noun follows.
"""

from __future__ import annotations

from typing import NamedTuple

from claims.text.numbers.tokens import Tokens, word_set

STOP = word_set(
    """a an the this that these those and or but nor so yet if then than as at by for from in
    into of off on onto out over per to up down with within without under above below about
    around after before during since until till through throughout between among amid against
    across along behind beside besides beyond despite except inside outside near next past
    toward towards upon via versus vs while when where who whom whose which what why how
    because although though unless whether is are was were be been being am has have had
    having do does did doing will would shall should can could may might must not no never
    also just only even still already again there here i you he she it we they me him us them
    my your his its our their mine yours hers ours theirs say says said get gets got go goes
    went gone come comes came make makes made take takes took taken give gives gave given see
    sees saw seen find found found hit hits left leave leaves remain remains each every all
    both either neither any some most apiece ahead ago later earlier away together altogether
    overall respectively however meanwhile instead too very more less began begin begins
    became become becomes won lost wins loses ended ends started starts fell rose grew rises
    falls drops dropped gained gains according including included includes include following
    compared killed injured died dies dead wounded signed needs needed wants wanted expected
    showed shows showing held hold holds kept keep keeps led leads lead met paid pays sent
    sold bought brought told tells tell ran runs run set sets put puts let lets began
    yesterday today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday
    nearly almost roughly approximately exactly straightaway once twice thus hence therefore
    else plus minus due worth such apart sharp o'clock consecutively need cost costs help
    helps reported reports arrived voted signed joined worked gathered appeared tested
    received agreed attended took faced opened closed increased decreased declined"""
)
_SKIPPED = word_set(
    """more other additional extra further such different odd separate whopping of"""
)
_DETERMINERS = word_set("the these those his her its our their my your this that all")
_SAME_PLURAL = word_set(
    """people police cattle sheep fish deer aircraft spacecraft series species troops staff crew
    personnel livestock offspring salmon shrimp bison moose swine poultry men women children
    policemen policewomen firefighters teeth feet mice geese oxen lives wives wolves media
    data criteria phenomena bacteria alumni dice headquarters means crossroads works barracks
    congressmen congresswomen businessmen fishermen servicemen servicewomen gunmen spokesmen
    lawmen craftsmen fishermen freshmen horsemen salesmen sportsmen clergy folk youth hp
    countrymen stuntmen cavalrymen hovercraft grandchildren schoolchildren"""
)
_NOT_PLURAL = word_set(
    """this his its us as is was has does yes thus plus minus versus less unless across perhaps
    always sometimes besides towards afterwards business process access success progress press
    class mass loss boss cross dress address express congress various serious previous famous
    religious dangerous obvious nervous anonymous continuous tremendous numerous conscious gas
    bus campus virus status bonus focus census consensus analysis basis crisis news politics
    economics mathematics physics gross overseas sports sales jobless homeless wireless
    endless needless express plus chess illness darkness fitness wellness christmas texas
    kansas vegas paris los arkansas illinois james charles lewis williams jones davis thomas
    windows indoors outdoors upwards downwards forwards backwards nowadays whereas atlas
    canvas tennis athletics electronics logistics aerospace princess actress waitress witness
    harness surplus focus"""
)
_IRREGULAR = {
    "men": "man", "women": "woman", "children": "child", "teeth": "tooth", "feet": "foot",
    "mice": "mouse", "geese": "goose", "lives": "life", "wives": "wife", "knives": "knife",
    "wolves": "wolf", "halves": "half", "shelves": "shelf", "thieves": "thief", "leaves": "leaf",
    "loaves": "loaf", "calves": "calf", "criteria": "criterion", "bacteria": "bacterium",
    "phenomena": "phenomenon", "movies": "movie", "cookies": "cookie", "calories": "calorie",
    "ties": "tie", "pies": "pie", "rookies": "rookie", "goalies": "goalie", "selfies": "selfie",
    "birdies": "birdie", "zombies": "zombie", "indices": "index", "matrices": "matrix",
    "vertices": "vertex", "crises": "crisis", "analyses": "analysis", "theses": "thesis",
    "diagnoses": "diagnosis", "hypotheses": "hypothesis", "sales": "sale", "sports": "sport",
    "series": "series", "species": "species", "buses": "bus", "gases": "gas", "shoes": "shoe",
    "heroes": "hero", "potatoes": "potato", "tomatoes": "tomato", "vetoes": "veto",
    "echoes": "echo", "volcanoes": "volcano", "mosquitoes": "mosquito", "cargoes": "cargo",
    "headquarters": "headquarters", "troops": "troop", "quizzes": "quiz", "axes": "axe",
    "torpedoes": "torpedo", "oxen": "ox", "data": "data", "media": "media", "means": "means",
    "works": "work", "buffaloes": "buffalo", "alumni": "alumnus", "dice": "die",
}  # fmt: skip
_US_WORDS = word_set(
    """viruses bonuses campuses statuses censuses focuses choruses circuses surpluses lenses
    buses minuses walruses octopuses cactuses chorus corpuses syllabuses caucuses pluses gases"""
)


_POSTPOSED = word_set("old long tall wide deep high thick strong")
_NAMES_LIKE_STOPS = frozenset(("US", "IT"))
_SOFT_PLURALS = frozenset(("sales", "sports"))
_ATTRIBUTIVE = word_set(
    """sales sports arms goods savings weapons drugs customs earnings operations communications
    rights services humanities awards affairs emissions skills honours honors systems"""
)
_PAIRED = word_set(
    """women men people days years veterans singles doubles series troops police crew staff
    species aircraft media data cattle sheep fish games"""
)


_KEEPS_E = word_set("shoes toes foes hoes canoes oboes throes woes floes")


class Counted(NamedTuple):
    """A counted phrase by tokens, ``last`` exclusive, and its head in the singular."""

    first: int
    last: int
    head: str


def singular(word: str) -> str:
    """The singular of an English plural; other words come back as they are.

    >>> [singular(word) for word in ("elements", "countries", "losses", "people", "houses")]
    ['element', 'country', 'loss', 'people', 'house']
    """
    lower = word.lower()
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    if lower.endswith("men") and lower in _SAME_PLURAL:
        return word[:-2] + "an"
    if lower in _SAME_PLURAL or not word.endswith("s") or lower in _NOT_PLURAL or len(lower) < 3:
        return word
    if lower.endswith("ies") and len(lower) > 4:
        return word[:-3] + "y"
    if lower.endswith(("ches", "shes", "sses", "xes", "zzes")) or lower in _US_WORDS:
        return word[:-2]
    if lower.endswith("oes") and lower not in _KEEPS_E:
        return word[:-2]
    return word if lower.endswith(("ss", "us", "is")) else word[:-1]


def is_plural(word: str) -> bool:
    """Whether the word looks like a plural noun."""
    lower = word.lower()
    if lower in _SAME_PLURAL:
        return True
    if word.isupper() and word != lower and len(word) > 2:
        return False
    return (
        len(lower) >= 3
        and lower.endswith("s")
        and not lower.endswith(("ss", "us", "is", "'s"))
        and lower not in _NOT_PLURAL
        and lower not in STOP
    )


def match_counted(tokens: Tokens, at: int, *, is_one: bool, after_of: bool) -> Counted | None:
    """The phrase counted from token ``at``; ``is_one`` takes a singular noun.

    ``after_of`` lets "of" stand first: "thousands of jobs", "seven of the elements".
    """
    if tokens.low(at) == "-" and tokens.touches(at):
        return _match_hyphenated(tokens, at + 1)
    if model := _match_models(tokens, at):
        return model
    index = at
    if tokens.low(index) == "of" and (after_of or tokens.low(index + 1) in _DETERMINERS):
        index += 1
        while tokens.low(index) in _DETERMINERS and index < at + 4:
            index += 1
        index += tokens.is_number(index) and tokens.words[index][0] != "0"
        is_one = False
    while tokens.low(index) in _SKIPPED and index < at + 4:
        index += 1
    if tokens.is_number(index) and tokens.low(index + 1) == "-" and tokens.touches(index + 2):
        index += 3  # "three 500-bed hospitals"
    head, last = _head_between(tokens, index, after_of=index > at)
    if head >= 0:
        return Counted(index, head + 1, _singular_as_written(tokens.words[head]))
    return _match_one(tokens, index, last) if is_one else None


def _head_between(tokens: Tokens, first: int, *, after_of: bool) -> tuple[int, int]:
    """The first plural of a noun phrase, or -1, and the token where the phrase ends."""
    index, soft = first, -1
    limit = min(first + 7, tokens.count)
    while index < limit:
        word, lower = tokens.words[index], tokens.lowers[index]
        if index > first and _joins_names(tokens, index, after_of=after_of):
            index += 1
            continue
        if _ends_phrase(tokens, index, first, after_of=after_of):
            break
        if is_plural(word) and lower not in _ATTRIBUTIVE:
            if lower not in _PAIRED or not is_plural(tokens.raw(index + 1)):
                return index, index + 1
            soft = index
        elif is_plural(word) or lower in _SOFT_PLURALS:
            soft = index
        index += 1
    return soft, index


def _joins_names(tokens: Tokens, at: int, *, after_of: bool) -> bool:
    """A hyphen inside the phrase, or the "and" of "Kia and Hyundai vehicles"."""
    lower = tokens.lowers[at]
    if lower in ("-", "&", "'", "–"):
        return tokens.touches(at)
    return lower == "and" and (after_of or _names_follow(tokens, at))


def _ends_phrase(tokens: Tokens, at: int, first: int, *, after_of: bool) -> bool:
    word, lower = tokens.words[at], tokens.lowers[at]
    if at > first:
        if lower in _POSTPOSED or "\n" in tokens.text[tokens.ends[at - 1] : tokens.starts[at]]:
            return True
    elif after_of and lower in ("most", "least"):
        return False
    if lower in STOP:
        return word not in _NAMES_LIKE_STOPS
    return not word[0].isalpha() and not _is_name_number(tokens, at, first)


def _is_name_number(tokens: Tokens, at: int, first: int) -> bool:
    """The digits inside a name: "COVID-19 tests", "COVID -19 tests", "F-35 jets"."""
    if at == first:
        return False
    if tokens.words[at] == "-":
        return tokens.is_number(at + 1) and tokens.touches(at + 1)
    return tokens.is_number(at) and (tokens.touches(at) or tokens.words[at - 1] == "-")


def _names_follow(tokens: Tokens, at: int) -> bool:
    return tokens.raw(at - 1)[:1].isupper() and tokens.raw(at + 1)[:1].isupper()


def _singular_as_written(word: str) -> str:
    return singular(word.removesuffix("'s"))


def _match_one(tokens: Tokens, first: int, last: int) -> Counted | None:
    """After "one": words up to the first that looks like a verb; the last of them is the head."""
    end = first
    while end < min(last, first + 4):
        lower = tokens.lowers[end]
        if end > first and (lower.endswith(("ed", "ing"))):
            break
        end += 1
    while end > first and tokens.lowers[end - 1].endswith("ly"):
        end -= 1
    if end == first or not tokens.words[end - 1][0].isalpha():
        return None
    return Counted(first, end, _singular_as_written(tokens.words[end - 1]))


def _match_models(tokens: Tokens, at: int) -> Counted | None:
    """ "2 F-16s and 3 Su-30s": things by the name of their model."""
    letters = tokens.raw(at)
    if not (letters[:1].isupper() and letters.isalpha() and len(letters) <= 4):
        return None
    step = at + 1 + (tokens.low(at + 1) == "-")
    if not tokens.is_number(step) or tokens.low(step + 1) != "s":
        return None
    if not all(tokens.touches(index) for index in range(at + 1, step + 2)):
        return None
    return Counted(at, step + 2, tokens.text[tokens.starts[at] : tokens.ends[step]])


def _match_hyphenated(tokens: Tokens, at: int) -> Counted | None:
    """ "12-member panel", "four-door car": the word glued on is what is counted."""
    word = tokens.raw(at)
    if (
        not word[:1].isalpha()
        or not tokens.touches(at)
        or tokens.lowers[at] in STOP
        or tokens.lowers[at] == "strong"  # "a 300-strong crowd"
        or len(word) < 2
    ):
        return None
    return Counted(at, at + 1, _singular_as_written(word))
