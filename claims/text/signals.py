"""What a sentence gives away about itself: numbers, names, verbs, hedges, opinion.

Promises: one pass over the words of a sentence, constant work a word, and the same
answer for the same text. A signal is a small count under a readable name; whether
the sentence deserves checking is for :mod:`claims.text.checkworthiness` to weigh.
The word lists are our own; each holds words whose class hardly depends on context.
"""

from __future__ import annotations

import re
from enum import IntEnum

# The last alternative keeps marks that matter: signs of money and share, ! and ?.
_TOKEN = re.compile(r"[^\W\d_][\w’'&-]*(?:\.[^\W\d_])*|\d+(?:[.,:]\d+)*\w*|[%$£€₹¥?!]")


class Signal(IntEnum):
    """The names of the counts, in the order of :func:`read_signals`' answer."""

    WORDS = 0
    NUMBERS = 1
    SHARE = 2
    MONEY = 3
    SCALE = 4
    YEAR = 5
    TIME = 6
    NAMES = 7
    CHANGE = 8
    ACTION = 9
    BEING = 10
    COMPARISON = 11
    ATTRIBUTION = 12
    LAW = 13
    MEASURED = 14
    FIRST_PERSON = 15
    SECOND_PERSON = 16
    HEDGE = 17
    FUTURE = 18
    DUTY = 19
    BELIEF = 20
    VALUE = 21
    FIGURE = 22
    ABSTRACT = 23
    COURTESY = 24
    QUESTION = 25
    CRY = 26
    CONDITION = 27
    NEGATION = 28
    TRANSITION = 29
    HAPPENED = 30


_WORDS: dict[Signal, str] = {
    Signal.SHARE: "% percent cent percentage pc proportion share majority third thirds quarter quarters half fifth fraction tenth minority",
    Signal.MONEY: "$ £ € ₹ ¥ dollar dollars euro euros pound pounds rupee rupees rs yuan yen cents usd eur gbp pkr inr renminbi rouble roubles peso pesos lira",
    Signal.SCALE: "hundred hundreds thousand thousands million millions billion billions trillion trillions lakh lakhs crore crores dozen dozens bn mn tn doubled triple tripled quadrupled twice thrice twofold threefold tenfold halved two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty ninety",
    Signal.TIME: "january february march april june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday yesterday annually monthly weekly daily year years month months week weeks day days decade decades century centuries quarter ago since",
    Signal.CHANGE: "rose rise risen rises rising fell fall fallen falls falling grew grow grown grows increased increase increases increasing decreased decrease decreases declined decline declines dropped drop drops surged surge soared soar climbed climb plunged plunge slumped slump shrank shrunk shrink jumped jump doubled tripled halved expanded expands contracted contracts gained lost added cut cuts raised raises lowered lowers reduced reduces tightened slowed slows accelerated widened narrowed eased recovered rebounded exceeded exceeds reached reaches hit hits slipped quadrupled outpaced overtook topped",
    Signal.ACTION: "announced approved banned blocked bought built closed opened launched signed ratified repealed passed voted vetoed won elected appointed resigned fired arrested charged convicted sentenced jailed killed died injured attacked bombed invaded seized captured destroyed shipped exported imported sold sells supplied supplies produced produces manufactured delivered received awarded granted gave paid pays spent spends invested invests borrowed owed owes repaid donated funded funds financed suspended imposed imposes lifted withdrew joined left visited met hosted negotiated agreed rejected accepted filed sued ruled ordered issued published released recorded registered reported collected employs employed hired laid departed arrived landed docked crossed fled deported inked gifted discovered founded established created introduced abolished extended postponed cancelled canceled merged acquired owns owned controls controlled controlling operates operated runs holds held hosts occupies occupied covers covered contains contained dominated dominates accounts accounted represents comprises consists lies sits borders receives spans served serves supported opposed sponsored investigated restricted halted resumed detained executed tested vaccinated infected documented violated relied depends brought deployed stationed evacuated rescued displaced",
    Signal.BEING: "is are was were has have had been remains remained became become being 's",
    Signal.COMPARISON: "largest biggest smallest highest lowest most least more fewer less higher lower larger smaller bigger greater fastest slowest longest shortest oldest youngest richest poorest worst best record only first second third never ever than leading top main sole unprecedented compared versus half twice",
    Signal.ATTRIBUTION: "said says according told tells announced reported claimed claims confirmed stated denied alleged argued argue argues insisted revealed showed shows found estimates estimated testified acknowledged admitted warned noted published survey study data figures statistics report poll census records documents",
    Signal.LAW: "law laws bill act treaty agreement deal sanctions tariff tariffs tax taxes budget deficit debt export exports import imports controls ban vote votes court ruling constitution amendment subsidy subsidies loan loans licence license permit regulation regulations rate rates policy contract contracts",
    Signal.MEASURED: "population unemployment inflation gdp growth jobs wages income poverty crime murders deaths cases patients hospitals students schools workers soldiers troops refugees migrants immigrants voters households homes prices production output reserves capacity revenue profit profits sales exports imports trade investment spending emissions temperature tonnes tons barrels megawatts gigawatts kilometres kilometers miles acres hectares shipments shipment investor partner insurance coverage medicare veterans prisoners uninsured rainfall turnout",
    Signal.FIRST_PERSON: "i me my mine myself we us our ours ourselves i'm i've i'll i'd we're we've we'll we'd",
    Signal.SECOND_PERSON: "you your yours yourself yourselves you're you've you'll you'd",
    Signal.HEDGE: "may might could perhaps possibly probably likely unlikely maybe seemingly apparently seems seem seemed appears appear appeared arguably presumably potentially conceivably supposedly somewhat",
    Signal.FUTURE: "will shall won't going gonna 'll i'll we'll you'll he'll she'll they'll it'll would wouldn't inevitable inevitably eventually tomorrow someday future expected forecast aims aim plans hopes promises promise pledge",
    Signal.DUTY: "should must ought need needs needed let let's please shouldn't mustn't cannot has-to have-to necessary imperative",
    Signal.BELIEF: "think believe feel hope guess suppose wish want know agree disagree opinion view mind doubt imagine understand consider suspect trust love hate like",
    Signal.VALUE: "great good bad terrible horrible wonderful beautiful amazing tremendous incredible disaster disgrace shame shameful proud important better wrong right fair unfair strong weak smart stupid nice sad tragic tragically brilliant ridiculous absurd outrageous remarkable striking impressive darker dangerous reckless cynical hypocrisy hypocritical noble heroic harsh ugly uncomfortable glittering painful naturally understandable overstated sadly unfortunately clearly obviously frankly honestly truly simply merely pragmatic genuine meaningful fragile bold courageous cowardly worthy dire ideal elegant dull delightful welcome refreshing bleak sensible foolish naive shrewd hollow",
    Signal.FIGURE: "savior saviour storm dance dancing gamble theater theatre script chess stage actor mirror mirrors shadow shadows heart soul dawn twilight embrace wallet backstab betrayal betrayals tightrope crossroads lifeline lifelines game games player players pawn puzzle tapestry symphony bridge bridges wall seeds tide waves wind winds fire flames fuel storms path road journey chapter paradox illusion dream dreams nightmare eyebrows sword weapon ghost ghosts script courtship marriage honeymoon divorce orphan cornerstone backbone doorstep pendulum needle chokehold bargain bargains abyss trap collateral",
    Signal.ABSTRACT: "trust strategy strategic survival identity loyalty duplicity diplomacy autonomy consistency convenience credibility pragmatism pragmatic pragmatically realism ideology ideological symbolism substance strength ambition ambitions vision values dignity principle principles freedom liberty justice hope fear morality wisdom maturity optionality manoeuvre maneuver alignment relevance narrative narratives rhetoric sentiment spirit allegiance permanence ambiguity opportunism recklessness sovereignty leverage recognition dynamics pivot signal signals purpose purposes reality essence truth lesson lessons question questions debate mindset perception",
    Signal.COURTESY: "thank thanks hello welcome goodnight congratulations applause ladies gentlemen sir madam okay ok yes yeah well sorry excuse please bless evening morning governor senator",
    Signal.CONDITION: "if unless whether suppose supposing assuming",
    Signal.NEGATION: "not no never none nothing nobody neither nor without isn't aren't wasn't weren't doesn't don't didn't hasn't haven't hadn't can't cannot couldn't",
    Signal.TRANSITION: "but yet however instead moreover rather therefore thus hence indeed still nevertheless",
}
# A past form not listed above still tells that something happened.
_NOT_HAPPENED = frozenset(
    "need indeed speed feed seed red bed shed hundred sacred led bred wed naked wicked rugged "
    "aged beloved embed exceed proceed succeed agreed breed creed deed greed heed weed kindred".split()
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:s|['’]s)?$")

_CLASSES: dict[str, tuple[int, ...]] = {}
for _signal, _listed in _WORDS.items():
    for _word in _listed.split():
        _CLASSES[_word] = (*_CLASSES.get(_word, ()), int(_signal))
_CLASSES["?"] = (int(Signal.QUESTION),)
_CLASSES["!"] = (int(Signal.CRY),)

SIGNAL_COUNT = len(Signal)


def cut_tokens(text: str) -> list[str]:
    """The words, numbers and telling marks of ``text`` as written.

    >>> cut_tokens("Nearly 70% of it?")
    ['Nearly', '70', '%', 'of', 'it', '?']
    """
    return _TOKEN.findall(text)


def read_signals(tokens: list[str], lowered: list[str]) -> list[int]:
    """How often each :class:`Signal` occurs among ``tokens`` (``lowered`` the same in small letters).

    >>> words = cut_tokens("Exports fell by 12 percent in May 2024.")
    >>> counts = read_signals(words, [word.lower() for word in words])
    >>> counts[Signal.NUMBERS], counts[Signal.SHARE], counts[Signal.YEAR], counts[Signal.CHANGE]
    (1, 1, 1, 1)
    """
    counts = [0] * SIGNAL_COUNT
    counts[Signal.WORDS] = len(tokens)
    classes = _CLASSES
    is_first = True
    for token, word in zip(tokens, lowered, strict=True):
        found = classes.get(word)
        if found is not None:
            for signal in found:
                counts[signal] += 1
        elif word[0].isdigit():
            counts[Signal.YEAR if _YEAR.match(word) else Signal.NUMBERS] += 1
        elif word.endswith("ed") and len(word) > 4 and word not in _NOT_HAPPENED:
            counts[Signal.HAPPENED] += 1
        if not is_first and token[0].isupper() and word not in _FIRST_PERSON:
            counts[Signal.NAMES] += 1
        is_first = False
    return counts


_FIRST_PERSON = frozenset({"i", "i'm", "i've", "i'll", "i'd", "i’m", "i’ve", "i’ll", "i’d"})
