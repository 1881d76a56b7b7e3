"""What "the country", "the company", "this deal" and "it" stand for, where the article tells.

Promises: sentences are taken in the order of the article, and a word is resolved only where
everything read so far leaves one antecedent: one country named, one thing introduced under
that noun, one subject that goes on. Nothing inside a quotation is resolved, for its speaker may
mean another country; nothing with a number is put in, for that would be one more number to check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from claims.text.mentions import (
    ADVERB_OR_VERB,
    Mention,
    find_bare_mentions,
    find_mentions,
    find_names,
)
from claims.text.places import WORLD, find_places
from claims.text.resolutions import Resolution, ResolutionKind

_LONGEST = 1500
# An antecedent further back than this has been out of the reader's sight for a page.
_NEAR_SENTENCES = 8
_REGIONS = frozenset(
    [
        *(WORLD, "Africa", "Asia", "Europe", "North America", "South America", "Latin America"),
        *("Middle East", "OECD", "G7", "G20", "BRICS", "European Union", "euro zone"),
    ]
)
_WITH_ARTICLE = frozenset(
    [
        *("Netherlands", "United States", "United Kingdom", "United Arab Emirates"),
        *("Philippines", "Czech Republic", "Dominican Republic", "Soviet Union"),
    ]
)
_COUNTRY = re.compile(rf"\b[Tt]h(?:e|is) (?:country|nation)(?={ADVERB_OR_VERB})")
_GOVERNMENT = re.compile(rf"\b[Tt]he (?:government|central bank)(?={ADVERB_OR_VERB})")
_TOWN = re.compile(r"\b(?:city|town|village|urban|rural|countryside|municipal|regional|state)\b")
_BLOCKS = re.compile(r"\b(?:another|other|each|every|neighbouring|neighboring|foreign)\b")
_OPENING_PRONOUN = re.compile(
    r"(?P<word>It|They|Its|Their)(?= (?!is\b|was\b|are\b|were\b|has been\b|seems?\b|appears?\b"
    r"|may\b|might\b|could\b|would\b|will\b|takes?\b|took\b|can\b|all\b|both\b|remains\b)[a-z])"
)
_DOES = re.compile(
    r"(?:also |now |still |then |later |already )?(?:has|have|had|mines?|mined|exports?|exported"
    r"|imports?|imported|produces?|produced|makes?|made|sells?|sold|buys?|bought|owns?|owned"
    r"|employs?|employed|controls?|controlled|holds?|held|spends?|spent|earns?|earned|supplies"
    r"|supply|supplied|refines?|refined|signed|built|builds?|plans?|planned|opened|closed|paid"
    r"|pays?|power|powers|powered|runs?|ran|accounts?|accounted|uses?|used|operates?|operated"
    r"|cover|contain|carry|feed|drive|kill|need|cost|earn|borrowed|owes?|owed|joined|left|banned|imposed|raised|cut|reported|announced)\b"
)
_SUBJECT = re.compile(
    r"(?P<who>(?:The )?[A-Z][\w’'-]*(?: (?:of |and |the )?[A-Z][\w’'-]*){0,4})"
    r"(?=(?:, [^,]{1,60},)? (?:has|had|is|was|mines|exports|imports|produces|makes|sells|buys|owns"
    r"|employs|controls|holds|spends|earns|supplies|refines|signed|built|plans|opened|closed|paid"
    r"|runs|accounts|uses|operates|borrowed|owes|joined|banned|imposed|raised|cut|remains|reported"
    r"|mined|exported|imported|produced|sold|bought|announced|spent|lost|won|became)\b)"
)
_PLURAL_SUBJECT = re.compile(
    r"(?P<who>(?:The )?(?:[A-Z][a-z]+|[A-Z][a-z]*-[a-z]+)(?: [a-z][a-z-]+){0,2} ?"
    r"(?:minerals|metals|earths|elements|vaccines|batteries|panels|turbines|ships|farmers|drugs"
    r"|fuels|chips|tariffs|sanctions|exports|imports|crops|trees|forests|fisheries|diamonds"
    r"|fertilisers|fertilizers|pesticides|phones|cars|mines|banks|schools|hospitals|satellites))"
    r"(?= (?:are|were|have|had|sit|lie|make|made|power|remain|cost|come|came|grow|grew|account"
    r"|play|feed|drive|rose|fell|kill|killed|cover|need|use|used|sell|sold|earn|earned)\b)"
)
_BRIDGE = re.compile(
    rf"\b[Tt]his (?:supply chain|industry|sector|market|trade)(?={ADVERB_OR_VERB})"
)
_SINGULAR_THING = re.compile(r"\b(?:an?|the|this|that|its|his|her|their|another|one|each)\b")
_PLURAL_WORD = re.compile(r"\b[a-z]{3,}(?<![su])s\b|\bpeople\b|\b(?:some|many|both|two|three)\b")


@dataclass(slots=True)
class Antecedents:
    """What an article has named so far; ask :meth:`find` for a sentence, then :meth:`note` it."""

    _countries: dict[str, int] = field(default_factory=dict)
    _things: dict[str, list[Mention]] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)
    _topic: str = ""
    _at: int = 0
    _subject: str = ""

    def find(self, sentence: str, previous: str) -> list[Resolution]:
        """What is certain in the next sentence; ``previous`` is the one before in its paragraph."""
        if len(sentence) > _LONGEST:
            return []
        quoted = [found.span() for found in re.finditer(r"[“\"][^”\"]*(?:[”\"]|$)", sentence)]
        found = [
            *self._find_pronoun(sentence, previous),
            *self._find_country(sentence, previous),
            *self._find_bridge(sentence),
            *self._find_things(sentence),
        ]
        return [
            _with_owner(one, sentence)
            for one in found
            if not any(start <= one.start < end for start, end in quoted)
            and "’" not in sentence[max(0, one.start - 1) : one.start]
        ]

    def note(self, sentence: str, *, starts_paragraph: bool = False) -> None:
        """Remember what a sentence names."""
        self._at += 1
        if len(sentence) > _LONGEST:
            self._topic = ""
            return
        for place in find_places(sentence) - _REGIONS:
            self._countries[place] = self._at
        for name in find_names(sentence):
            self._names[name] = self._at
        for mention in find_mentions(sentence):
            known = self._things.setdefault(mention.head, [])
            if len(known) < _NEAR_SENTENCES:
                known.append(mention.placed(self._at))
        self._follow(sentence, starts_paragraph=starts_paragraph)

    def _follow(self, sentence: str, *, starts_paragraph: bool) -> None:
        """The subject in the plural that a paragraph's sentences go on speaking of."""
        subject = _PLURAL_SUBJECT.match(sentence)
        if subject:
            self._topic = subject["who"]
        elif starts_paragraph or not sentence.startswith(("They ", "Their ", "These ")):
            self._topic = ""

    def _only_country(self, sentence: str) -> str | None:
        named = {*self._countries, *(find_places(sentence) - _REGIONS)}
        return next(iter(named)) if len(named) == 1 else None

    def _find_country(self, sentence: str, previous: str) -> Iterator[Resolution]:
        if _TOWN.search(sentence) or _BLOCKS.search(sentence):
            return
        here = find_places(sentence) - _REGIONS
        country = None if here else self._only_country(sentence)
        is_near = country is not None and self._at - self._countries[country] < 3
        if is_near and country:
            for found in _GOVERNMENT.finditer(sentence):
                meaning = f"of {_name(country)}"
                yield Resolution(*found.span(), found[0], meaning, ResolutionKind.COUNTRY)
        if not is_near and not here and previous:
            country = _read_opening_country(previous)
            others = (at for place, at in self._countries.items() if place != country)
            is_near = country is not None and self._at - max(others, default=0) > 1
        if is_near and country:
            for found in _COUNTRY.finditer(sentence):
                meaning = _name(country)
                yield Resolution(*found.span(), found[0], meaning, ResolutionKind.COUNTRY)

    def _find_pronoun(self, sentence: str, previous: str) -> Iterator[Resolution]:
        pronoun = _OPENING_PRONOUN.match(sentence)
        if pronoun is None or not previous or len(previous) > _LONGEST:
            return
        word = pronoun["word"]
        rest = sentence[pronoun.end() + 1 :]
        if word in {"It", "They"} and not _DOES.match(rest):
            return
        many = _PLURAL_SUBJECT.match(previous)
        if word in {"They", "Their"}:
            if many is None or _PLURAL_WORD.search(previous, many.end()):
                return
            meaning, kind = many["who"], ResolutionKind.THING
        else:
            country = _read_opening_country(previous)
            subject = _SUBJECT.match(previous)
            rest_of_it = previous[subject.end() :] if subject else ""
            if subject is None or country is None or any(find_names(rest_of_it)):
                return
            if _SINGULAR_THING.search(rest_of_it) or find_places(rest_of_it) - _REGIONS:
                return
            meaning, kind = _name(country), ResolutionKind.COUNTRY
        if word in {"Its", "Their"}:
            meaning += "’" if meaning.endswith("s") else "’s"
        yield Resolution(0, len(word), word, meaning, kind, replaces=True)

    def _find_bridge(self, sentence: str) -> Iterator[Resolution]:
        for found in _BRIDGE.finditer(sentence) if self._topic else ():
            topic = self._topic.removeprefix("The ")
            topic = topic[0].lower() + topic[1:] if topic[1:2].islower() else topic
            yield Resolution(*found.span(), found[0], f"of {topic}", ResolutionKind.THING)

    def _find_things(self, sentence: str) -> Iterator[Resolution]:
        for bare in find_bare_mentions(sentence):
            known = self._things.get(bare.head, [])
            meanings = {one.meaning for one in known}
            is_near = known and self._at - known[-1].at < _NEAR_SENTENCES
            if len(meanings) != 1 or not is_near or not known[-1].meaning:
                continue
            mention = known[-1]
            if mention.is_name and self._names_between(mention, sentence):
                continue
            if any(one.head == bare.head for one in find_mentions(sentence)):
                continue
            kind = ResolutionKind.ORGANISATION if mention.is_name else ResolutionKind.THING
            yield Resolution(bare.start, bare.end, bare.text, mention.meaning, kind)

    def _names_between(self, mention: Mention, sentence: str) -> bool:
        """Whether another name that may be a company's came up since the one meant."""
        since = {name for name, at in self._names.items() if at >= mention.at}
        return bool((since | set(find_names(sentence))) - {mention.meaning.removeprefix("the ")})


def _name(country: str) -> str:
    return f"the {country}" if country in _WITH_ARTICLE else country


def _with_owner(one: Resolution, sentence: str) -> Resolution:
    """ "The refinery’s" means the other thing’s."""
    if one.replaces or sentence[one.end : one.end + 2] not in {"’s", "'s"}:
        return one
    ending = "" if one.meaning.startswith("of ") else "’" if one.meaning.endswith("s") else "’s"
    end = one.end + 2
    return replace(one, end=end, text=sentence[one.start : end], meaning=one.meaning + ending)


def _read_opening_country(previous: str) -> str | None:
    """The country a sentence is about: its first words name it, and nothing else names another."""
    opening = re.match(r"[A-Z][\w’'-]*(?: [A-Z][\w-]*)?", previous)
    named = find_places(previous) - _REGIONS
    if opening is None or len(named) != 1:
        return None
    first = find_places(re.sub(r"[’']s$", "", opening[0])) - _REGIONS
    return next(iter(named)) if first == named else None
