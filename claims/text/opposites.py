"""Words that deny, words that are opposites, and kinds of which a thing is one at a time.

Promises closed lists of English over light stems: negations, pairs of opposites, and classes
("first, second, third", "comedy, drama, thriller") in which another word of the class, where
the claim's own is missing, is likely to contradict it. Refuses to know grammar: who is denied
what is weighed in :mod:`claims.text.stance`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from claims.text.places import WORLD, find_places
from claims.text.words import cut_words

_LISTED_NEGATIONS = """
not no never none neither nor nobody nothing nowhere cannot without fail lack deny refuse false
untrue unable incapable avoid yet stop except instead unlike non isn wasn reject cease abandon omit
exclude quit absence neglect forbid dispute prohibit unsuccessful unsuccessfully incorrect denied
forbidden
"""
_PHRASES = re.compile(
    # Whole words: behind its stem "rarely" would be the rare of rare earths.
    r"n['’]t\b|\b(?:rarely|hardly|barely|scarcely|seldom)\b|\b(?:other|rather) than\b"
    r"|\boutside of\b|\baway from\b|\bno longer\b|\binstead of\b|\bas opposed to\b"
    r"|\bfree of\b|\bwith the exception\b",
    re.IGNORECASE,
)

LISTED_OPPOSITES = """
rise fall, increase decrease, increase shrink, grow shrink, more less, more fewer, most least,
high low, higher lower, highest lowest, first last, early late, earlier later, before after,
win lose, win nominate, victory defeat, alive dead, born die, survive die, start end,
begin finish, begin end, open close, form disband, form dissolve, establish dissolve,
marry divorce, marry single, big small, large small, largest smallest, biggest smallest,
large tiny, huge tiny, long short, longest shortest, old young, older younger, oldest youngest,
new old, tall short, tallest shortest, wide narrow, deep shallow, near far, male female,
man woman, boy girl, king queen, prince princess, actor actress, father mother, son daughter,
brother sister, uncle aunt, husband wife, he she, his her, north south, east west,
northern southern, eastern western, upper lower, positive negative, success failure,
success flop, successful unsuccessful, succeed fail, accept reject, accept refuse, agree refuse,
agree disagree, approve reject, approve veto, pass reject, allow forbid, allow ban,
permit prohibit, legal illegal, lawful unlawful, true false, correct wrong, married single,
single married, alone together, solo band, solo group, hot cold, warm cold, wet dry, strong weak,
rich poor, wealthy poor, expensive cheap, safe dangerous, safe unsafe, healthy sick,
support oppose, favour oppose, favor oppose, praise criticise, praise criticize, praise condemn,
critical favourable, love hate, popular unpopular, popular obscure, famous obscure,
known unknown, help prevent, help hinder, help harm, cause prevent, enable inhibit,
promote inhibit, activate inhibit, stimulate inhibit, induce suppress, induce inhibit,
upregulate downregulate, improve worsen, benefit harm, benign malignant, reduce increase,
reduce enhance, reduce raise, enhance reduce, raise lower, raise cut, expand cut, protect damage,
protect harm, build destroy, create destroy, hire dismiss, appoint dismiss, join leave,
arrive leave, enter leave, attack defend, attack protect, invade defend, guilty innocent,
convict acquit, always never, often rarely, usually rarely, frequently rarely, all none,
every none, major minor, majority minority, maximum minimum, public private, domestic foreign,
local foreign, national international, import export, buy sell, borrow lend, gain loss,
profit loss, surplus deficit, income debt, fast slow, fastest slowest, best worst,
greatest worst, better worse, good bad, superior inferior, ally enemy, friend enemy, peace war,
war peace, win lost, presence absence, present absent, include exclude, urban rural,
city village, land sea, land ocean, sea land, ancient modern, modern medieval,
fiction nonfiction, fictional real, real fake, genuine fake, authentic fake,
amateur professional, full empty, heavy light, hard soft, easy difficult, simple complex,
thick thin, visible hidden, voluntary compulsory, optional mandatory, temporary permanent,
living extinct, american british, american canadian, english french, television film, film book,
novel film, album song, singer actor, comedy drama, comedy tragedy, hero villain,
original remake, sequel prequel
"""

LISTED_CLASSES = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth final debut
monday tuesday wednesday thursday friday saturday sunday
spring summer autumn winter
comedy drama thriller horror romance romantic western musical documentary mystery fantasy \
fiction satire
film movie series sitcom album song novel magazine newspaper opera \
podcast
actor actress singer politician author writer novelist poet painter lawyer athlete scientist \
physicist
dancer comedian journalist chef soldier engineer architect philosopher economist teacher \
doctor nurse
football baseball basketball hockey soccer tennis cricket golf rugby volleyball swimming \
boxing wrestling
guitar piano drum violin trumpet saxophone
pop jazz rap folk metal classical reggae blues punk
red blue green yellow black white orange purple pink brown grey gray
dog cat horse bird fish snake cow pig sheep rabbit bear wolf lion tiger
christian muslim jewish hindu buddhist atheist catholic protestant
democrat republican conservative labour liberal
president senator governor mayor minister king queen prince emperor
oscar grammy emmy tony nobel pulitzer bafta
gold silver bronze
mother father sister brother son daughter husband wife uncle aunt grandmother grandfather cousin
gas liquid solid
heart lung liver kidney brain skin bone stomach
cancer diabetes malaria measles influenza pneumonia stroke asthma
virus bacteria fungus parasite
north south east west
morning afternoon evening night
car plane ship train bus bicycle truck helicopter
iron copper steel aluminium aluminum nickel zinc tin
""".strip()


def _stem_all(words: Iterable[str]) -> frozenset[str]:
    return frozenset(cut for word in words for cut in cut_words(word))


_NEGATIONS = _stem_all(_LISTED_NEGATIONS.split())
_KINDS = tuple(_stem_all(line.split()) for line in LISTED_CLASSES.splitlines())


def _read_antonyms() -> dict[str, frozenset[str]]:
    opposed: dict[str, set[str]] = {}
    for pair in LISTED_OPPOSITES.split(","):
        one, other = (cut_words(word)[0] for word in pair.split())
        if one != other:
            opposed.setdefault(one, set()).add(other)
            opposed.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in opposed.items()}


_OPPOSED = _read_antonyms()


def is_negated(text: str, words: Collection[str]) -> bool:
    """Whether a text, cut into ``words``, denies anything.

    >>> is_negated("She refused to pay", cut_words("She refused to pay"))
    True
    """
    return not _NEGATIONS.isdisjoint(words) or bool(_PHRASES.search(text))


def find_opposites(words: Iterable[str], others: Collection[str]) -> list[tuple[str, str]]:
    """The words that ``others`` lacks and has an opposite of, each with it, in order."""
    known = frozenset(others)
    return [
        (word, other)
        for word in words
        if word not in known
        for other in sorted(_OPPOSED.get(word, frozenset()) & known)
    ]


def find_rivals(words: Collection[str], others: Collection[str]) -> list[tuple[str, str]]:
    """A word of each class that ``others`` lacks where it names another of the class instead.

    >>> find_rivals(cut_words("her second album"), cut_words("her first album"))
    [('second', 'first')]
    """
    mine, theirs = frozenset(words), frozenset(others)
    found = []
    for kind in _KINDS:
        missing, instead = (mine & kind) - theirs, (theirs & kind) - mine
        if missing and instead and not mine & theirs & kind:
            found.append((min(missing), min(instead)))
    return found


def find_other_places(text: str, other: str) -> tuple[str, str] | None:
    """A place that ``text`` names and ``other`` does not, with one that it names instead."""
    mine, theirs = find_places(text) - {WORLD}, find_places(other) - {WORLD}
    if not mine - theirs or not theirs - mine or mine & theirs:
        return None
    return min(mine - theirs), min(theirs - mine)
