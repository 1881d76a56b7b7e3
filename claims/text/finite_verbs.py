"""Words that can only be the verb of a clause, and words that may be.

Promises closed lists, small letters, our own. A *clear* form says by itself that a clause has
its verb ("fell", "was", "refines"); a *loose* one may be a participle or a noun as well
("sold", "reported", "exports") and needs more around it.
"""

from __future__ import annotations

_HELPING = "is are was were has have had does did isn't wasn't aren't weren't hasn't hadn't didn't"
# Past forms that differ from their participles, and verbs without an object: neither can
# stand after a noun in place of "that was …".
_CLEAR_PAST = """
rose fell grew began took gave went came saw sank shrank drew flew did became wrote chose drove
spoke froze overtook withdrew stood lay ran swore threw broke rode wore
climbed declined dropped jumped remained died arrived totalled totaled slipped soared surged
plunged amounted accounted slumped tumbled rallied rebounded shrank stayed lasted happened
occurred appeared disappeared emerged belonged consisted averaged stagnated dwindled dipped
"""
_CLEAR_PRESENT = """
employs produces refines owns sells owes earns pays buys spends invests operates consists
contains accounts amounts remains rises falls grows climbs declines comprises receives provides
generates covers serves becomes gives takes makes goes comes sits lies stretches lives occupies
includes requires carries consumes depends borrows lends collects builds maintains manufactures
extracts processes dominates exceeds represents averages publishes weighs contributes
"""
_LOOSE_PRESENT = """
mines exports imports ships costs plans uses loans reports controls holds ranks supplies stores
claims plants farms trades houses processes hosts spans boasts
"""
# One form for the past and the participle.
_SAME_PAST = """
built sold made held bought cut hit left lost paid spent sent won found led put set shut brought
fought kept met read laid lent dealt shed cost spread taught caught had said told
"""
_SAYING = """
said says say told announced reported estimated claimed argued stated insisted warned added noted
believes thinks expects hopes showed shows found suggested suggests revealed confirmed denied
wrote predicted forecast projected reckons reckoned alleged acknowledged admitted
"""
_NOT_PAST = """
hundred indeed need feed seed speed red bed embed exceed proceed succeed breed greed hatred naked
sacred wicked kindred shed unprecedented so-called united
"""

HELPING_VERBS = frozenset(_HELPING.split())
CLEAR_VERBS = frozenset((_HELPING + _CLEAR_PAST + _CLEAR_PRESENT).split())
PRESENT_VERBS = frozenset((_CLEAR_PRESENT + _LOOSE_PRESENT).split())
CLEAR_PRESENT_VERBS = frozenset(_CLEAR_PRESENT.split())
SAYING_VERBS = frozenset(_SAYING.split())
_PAST_VERBS = frozenset((_CLEAR_PAST + _SAME_PAST).split())
_NEVER_PAST = frozenset(_NOT_PAST.split())


def is_past_form(word: str) -> bool:
    """Whether a word in small letters may be a past tense or a participle.

    >>> is_past_form("reached"), is_past_form("sold"), is_past_form("hundred")
    (True, True, False)
    """
    if word in _PAST_VERBS:
        return True
    return word.endswith("ed") and len(word) > 4 and word not in _NEVER_PAST


def is_verb_form(word: str) -> bool:
    """Whether a word in small letters may be the verb of a clause."""
    return word in CLEAR_VERBS or word in PRESENT_VERBS or is_past_form(word)
