"""Money: which currency a sign, a code or a name stands for.

Promises ISO 4217 codes where the country is written out, and an open code with a
question mark ("$?", "Rs?", "peso?") where several countries share the name and nothing
in the text decides. Refuses to convert, and to guess the country from the size of a sum.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.text.numbers.tokens import Tokens, word_set


@dataclass(frozen=True, slots=True)
class Currency:
    """``code`` is ISO 4217 or ends in ``?``; ``name`` is the singular in lower case."""

    code: str
    name: str


# code | name | nationality words | words that stand alone | signs
_ROWS = """
USD|dollar|us,u.s.,american,united states|greenback|US$,U.S.$,USD$
EUR|euro||euro|€
GBP|pound sterling|british,uk,english|sterling,quid|£,UK£,GB£,PS
JPY|japanese yen|japanese|yen|¥,JP¥,Y=
CNY|chinese yuan|chinese|yuan,renminbi,rmb|RMB,CN¥,RMB¥
INR|indian rupee|indian||₹
PKR|pakistani rupee|pakistani,pakistan||
LKR|sri lankan rupee|sri lankan||
NPR|nepalese rupee|nepalese,nepali||
MUR|mauritian rupee|mauritian||
IDR|indonesian rupiah|indonesian|rupiah|Rp
AUD|australian dollar|australian,aussie||A$,AU$,AUD$
CAD|canadian dollar|canadian||C$,CA$,CDN$,CAN$,CAD$,Can$,Cdn$
NZD|new zealand dollar|new zealand,kiwi||NZ$
HKD|hong kong dollar|hong kong||HK$
SGD|singapore dollar|singapore,singaporean||S$,SG$
TWD|new taiwan dollar|taiwan,taiwanese,new taiwan||NT$,TW$
JMD|jamaican dollar|jamaican||J$
BBD|barbadian dollar|barbadian,barbados||
BSD|bahamian dollar|bahamian||
BMD|bermudian dollar|bermudian,bermuda||
TTD|trinidad and tobago dollar|trinidadian||TT$
FJD|fijian dollar|fijian,fiji||
ZWL|zimbabwean dollar|zimbabwean,zimbabwe||Z$
NAD|namibian dollar|namibian||N$
LRD|liberian dollar|liberian||
GYD|guyanese dollar|guyanese||
BND|brunei dollar|brunei||B$
XCD|east caribbean dollar|east caribbean||EC$
CHF|swiss franc|swiss|franc swiss|SFr,Sfr,SFr.
KRW|south korean won|south korean,korean|won|₩
KPW|north korean won|north korean||
ILS|shekel|israeli,new israeli|shekel,sheqel,nis|₪
RUB|russian ruble|russian|ruble,rouble|₽
BYN|belarusian ruble|belarusian,belarusan||
UAH|ukrainian hryvnia|ukrainian|hryvnia,hryvna|₴
PLN|polish zloty|polish|zloty,złoty|zł
CZK|czech koruna|czech|koruna|Kč
HUF|hungarian forint|hungarian|forint|
RON|romanian leu|romanian|lei,leu|
BGN|bulgarian lev|bulgarian|leva,lev|
SEK|swedish krona|swedish|krona,kronor|
NOK|norwegian krone|norwegian||
DKK|danish krone|danish||
ISK|icelandic krona|icelandic||
TRY|turkish lira|turkish|lira|₺
LBP|lebanese pound|lebanese,lebanon||
EGP|egyptian pound|egyptian,egypt||
SYP|syrian pound|syrian||
SDG|sudanese pound|sudanese||
BRL|brazilian real|brazilian|reais|R$
ZAR|south african rand|south african|rand|
MXN|mexican peso|mexican,mexico||MX$,Mex$
ARS|argentine peso|argentine,argentinian,argentinean||AR$
CLP|chilean peso|chilean||CLP$
COP|colombian peso|colombian||COL$
PHP|philippine peso|philippine,filipino,philippines||₱
CUP|cuban peso|cuban||
UYU|uruguayan peso|uruguayan||
DOP|dominican peso|dominican||RD$
THB|thai baht|thai|baht|฿
MYR|malaysian ringgit|malaysian,malaysia|ringgit|RM
VND|vietnamese dong|vietnamese|dong|₫
NGN|nigerian naira|nigerian|naira|₦
GHS|ghanaian cedi|ghanaian|cedi|
KES|kenyan shilling|kenyan||KSh,Ksh
UGX|ugandan shilling|ugandan||USh
TZS|tanzanian shilling|tanzanian||TSh
SOS|somali shilling|somali||
BDT|bangladeshi taka|bangladeshi|taka|৳,Tk
AED|uae dirham|uae,emirati||Dh,Dhs
MAD|moroccan dirham|moroccan||
SAR|saudi riyal|saudi,saudi arabian||SR
QAR|qatari riyal|qatari||
OMR|omani rial|omani||
IRR|iranian rial|iranian||
YER|yemeni rial|yemeni||
KWD|kuwaiti dinar|kuwaiti,kuwait||
BHD|bahraini dinar|bahraini,bahrain||
IQD|iraqi dinar|iraqi,iraq||
JOD|jordanian dinar|jordanian,jordan||
TND|tunisian dinar|tunisian||
DZD|algerian dinar|algerian||
LYD|libyan dinar|libyan||
RSD|serbian dinar|serbian||
KZT|kazakhstani tenge|kazakh,kazakhstani|tenge|₸
MNT|mongolian tugrik|mongolian|tugrik,togrog|₮
UZS|uzbek som|uzbek|som|
AFN|afghan afghani|afghan|afghani|
MMK|burmese kyat|burmese,myanmar|kyat|
KHR|cambodian riel|cambodian|riel|
LAK|lao kip|lao,laotian|kip|
PEN|peruvian sol|peruvian||S/
VES|venezuelan bolivar|venezuelan|bolivar,bolívar|
BOB|bolivian boliviano|bolivian|boliviano|
PYG|paraguayan guarani|paraguayan|guarani,guaraní|
CRC|costa rican colon|costa rican|colones|₡
GTQ|guatemalan quetzal|guatemalan|quetzal,quetzales|
HNL|honduran lempira|honduran|lempira|
NIO|nicaraguan cordoba|nicaraguan|cordoba|
PAB|panamanian balboa|panamanian|balboa|
HTG|haitian gourde|haitian|gourde|
ETB|ethiopian birr|ethiopian|birr|
ZMW|zambian kwacha|zambian|kwacha|
MWK|malawian kwacha|malawian||
AOA|angolan kwanza|angolan|kwanza|
MZN|mozambican metical|mozambican|metical,meticais|
BWP|botswana pula|botswana|pula|
XOF|west african cfa franc|west african|cfa franc|CFA
RWF|rwandan franc|rwandan||
GEL|georgian lari|georgian|lari|
AMD|armenian dram|armenian|dram|
AZN|azerbaijani manat|azerbaijani|manat|
ALL|albanian lek|albanian|lek|
HRK|croatian kuna|croatian|kuna|
FIM|finnish markka|finnish|markka,markkaa,markkas|
DEM|deutsche mark|german|deutschmark,deutsche mark,d-mark,deutschemark|
FRF|french franc|french||
BEF|belgian franc|belgian||
ITL|italian lira|italian|lire|
ESP|spanish peseta|spanish|peseta|
PTE|portuguese escudo|portuguese|escudo|
NLG|dutch guilder|dutch|guilder|
ATS|austrian schilling|austrian|schilling|
GRD|greek drachma|greek|drachma|
IEP|irish pound|irish|punt|
MOP|macanese pataca|macanese|pataca|
MVR|maldivian rufiyaa|maldivian|rufiyaa|
BTC|bitcoin||bitcoin,btc|₿
"""
_OPEN = {
    "dollar": Currency("$?", "dollar"), "buck": Currency("$?", "dollar"),
    "rupee": Currency("Rs?", "rupee"), "peso": Currency("peso?", "peso"),
    "franc": Currency("franc?", "franc"), "dinar": Currency("dinar?", "dinar"),
    "krone": Currency("krone?", "krone"), "kroner": Currency("krone?", "krone"),
    "rial": Currency("rial?", "rial"), "riyal": Currency("riyal?", "riyal"),
    "dirham": Currency("dirham?", "dirham"), "shilling": Currency("shilling?", "shilling"),
}  # fmt: skip
_SUB = {
    "cent": Currency("cent", "cent"), "cents": Currency("cent", "cent"),
    "¢": Currency("cent", "cent"), "pence": Currency("GBX", "penny"), "p": Currency("GBX", "penny"),
    "penny": Currency("GBX", "penny"), "pennies": Currency("GBX", "penny"),
    "paise": Currency("paisa", "paisa"), "paisa": Currency("paisa", "paisa"),
    "kopeks": Currency("kopek", "kopek"), "sen": Currency("sen", "sen"),
    "fils": Currency("fils", "fils"),
}  # fmt: skip
DOLLAR = _OPEN["dollar"]
_BY_CODE: dict[str, Currency] = {}
_BY_SIGN: dict[str, Currency] = {"$": DOLLAR, "Rs": _OPEN["rupee"], "Re": _OPEN["rupee"]}
_BY_WORD: dict[str, Currency] = {}
AMBIGUOUS_WORDS = frozenset(
    {"won", "real", "sol", "som", "lev", "lek", "dram", "kip", "lei", "nis", "pula"}
)
_FAMILY = {"$?": "dollar", "Rs?": "rupee", "peso?": "peso", "franc?": "franc", "dinar?": "dinar",
           "krone?": "krone", "rial?": "rial", "riyal?": "riyal", "dirham?": "dirham",
           "shilling?": "shilling"}  # fmt: skip


def _plural(word: str) -> tuple[str, ...]:
    return word, f"{word}s"


def _fill() -> None:
    for row in _ROWS.strip().splitlines():
        code, name, nations, words, signs = row.split("|")
        currency = Currency(code, name)
        _BY_CODE[code] = currency
        for sign in filter(None, signs.split(",")):
            _BY_SIGN[sign] = currency
        for word in filter(None, words.split(",")):
            for form in _plural(word):
                _BY_WORD[form] = currency
        unit = "dollar" if code == "USD" else name.rsplit(" ", 1)[-1]
        unit = "pound" if code == "GBP" else unit
        for nation in filter(None, nations.split(",")):
            for form in _plural(unit):
                _BY_WORD[f"{nation} {form}"] = currency
    _BY_WORD["pounds sterling"] = _BY_CODE["GBP"]
    _BY_WORD["pound sterling"] = _BY_CODE["GBP"]
    for word, currency in _OPEN.items():
        for form in _plural(word):
            _BY_WORD[form] = currency
    _BY_WORD.update(_SUB)
    _BY_CODE["RMB"], _BY_CODE["NIS"] = _BY_CODE["CNY"], _BY_CODE["ILS"]


_fill()
_NOT_A_COUNTRY = frozenset(("a", "and", "or", "in", "of", "to", "for", "the", "us"))
POUND = _BY_CODE["GBP"]
_LOWER_CODES = {code: code.upper() for code in ("usd", "eur", "gbp", "rmb", "pkr", "inr", "cny")}
CENTS = word_set("cent cents c ¢ pence p paise sen sens kopeks kopiykas")
_SIGN_MARKS = frozenset("$€£¥₹₩₪₽₴₺₱฿₫₦৳₸₮₡₿")
PREFIX_MARKS = _SIGN_MARKS | {
    "rs",
    "re",
    "rp",
    "rm",
    "tk",
    "ps",
    "dh",
    "dhs",
    "sr",
    "ksh",
    "sfr",
    "=",
}


def certain(code: str) -> Currency | None:
    """The currency of an ISO code, ``None`` where it is not known."""
    return _BY_CODE.get(code)


def settle(currency: Currency, home: Currency | None) -> Currency:
    """``home`` where the open ``currency`` is of its family ("$?" at home in Australia is AUD)."""
    if home and home.name.endswith(_FAMILY.get(currency.code, "\0")):
        return home
    return currency


def match_before(tokens: Tokens, at: int) -> tuple[Currency, int] | None:
    """The sign or code written just before token ``at``; gives it and its first token.

    "US$ 5", "HK $5", "$5", "Rs. 5", "EUR 5", "AUD5"; a sign with a country glued to it
    or one space before it ("HK $3.7 billion") is one sign.
    """
    last = at - 1
    if last < 0:
        return None
    word = tokens.words[last]
    if word == "." and tokens.low(last - 1) in ("rs", "re", "sfr", "tk"):
        last -= 1
        word = tokens.words[last]
    if word == "=" and tokens.raw(last - 1) == "Y" and tokens.touches(last):
        return _BY_SIGN["Y="], last - 1
    if word in _SIGN_MARKS:
        return _match_sign(tokens, last)
    if currency := _BY_CODE.get(word) or _BY_CODE.get(_LOWER_CODES.get(word, "")):
        return currency, last
    if word in ("PS", "B$") and not tokens.touches(at):
        return None
    if currency := _BY_SIGN.get(word):
        return currency, last
    return (_BY_SIGN["Rs"], last) if tokens.lowers[last] == "rs" else None


def _match_sign(tokens: Tokens, last: int) -> tuple[Currency, int]:
    sign = tokens.words[last]
    if sign == "$":
        for first in (last - 1, last - 4):
            if first < 0 or tokens.starts[last] - tokens.starts[first] > 5:
                continue
            if first == last - 1 and not tokens.touches(last) and len(tokens.words[first]) < 2:
                continue  # "A $75 million loan" is not in Australian dollars
            country = tokens.text[tokens.starts[first] : tokens.ends[last]].replace(" ", "")
            if currency := _BY_SIGN.get(country) or (
                _BY_SIGN.get(country.upper()) if "." in country else None
            ):
                return currency, first
        if currency := _BY_CODE.get(tokens.raw(last - 1)):
            return currency, last - 1
    elif tokens.touches(last) and tokens.words[last - 1] in ("UK", "GB", "JP", "CN", "RMB"):
        code = {"UK": "GBP", "GB": "GBP", "JP": "JPY"}.get(tokens.words[last - 1], "CNY")
        return _BY_CODE[code], last - 1
    return _BY_SIGN[sign], last


def match_after(tokens: Tokens, at: int) -> tuple[Currency, int] | None:
    """The currency name, code or sign written from token ``at``; gives it and the next token."""
    at += tokens.low(at) == "-" and tokens.touches(at)
    if at >= tokens.count:
        return None
    for size in (5, 3, 2):
        end = at + size
        if end <= tokens.count and tokens.ends[end - 1] - tokens.starts[at] <= 32:
            written = tokens.text[tokens.starts[at] : tokens.ends[end - 1]].lower()
            if currency := _BY_WORD.get(written):
                return currency, end
    word, lower = tokens.words[at], tokens.lowers[at]
    if lower == "euro" and tokens.low(at + 1) in ("cent", "cents"):
        return _SUB["cent"], at + 2
    may_be_country = word.isalpha() and lower not in _NOT_A_COUNTRY and lower not in _BY_WORD
    if may_be_country and (named := _OPEN.get(tokens.low(at + 1).removesuffix("s"))):
        return named, at + 2
    if currency := _BY_CODE.get(word) or _BY_WORD.get(lower):
        return (currency, at + 1) if lower != "p" or word == "p" else None
    if tokens.raw(at + 1) == "$" and (currency := _BY_SIGN.get(f"{word}$")):
        return (currency, at + 2) if not tokens.is_number(at + 2) else None
    if word in ("RM", "Rs", "Rp", "Tk", "Kč", "zł", "Dhs"):
        return (_BY_SIGN[word], at + 1) if not tokens.is_number(at + 1) else None
    if word in _SIGN_MARKS and (tokens.touches(at) or not tokens.is_number(at + 1)):
        return _BY_SIGN[word], at + 1
    return None
