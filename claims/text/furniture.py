"""Recognise the lines of an article that are not its prose.

Promises: each ``is_`` function looks at one line by itself and says whether it is a
caption, a byline, a publishing date, a note on the author or left-over page
furniture; :func:`find_dateline` says how much of a paragraph's beginning is place
and day. What is doubtful is prose: a missed furniture line costs a reviewer one
click, a swallowed sentence costs a claim.
"""

from __future__ import annotations

import re
from datetime import date

from claims.text.dates import find_published_date
from claims.text.sentences import trim

_LONGEST_LINE = 400

_LINES_OF_PAGES = (
    "close|share|advertisement|advertisements|ad|ads|read more|read also|also read|more|"
    "menu|home|print|email|e-mail|comments|comment|facebook|twitter|x|whatsapp|"
    "linkedin|telegram|reddit|copy link|link copied|copy|save|bookmark|listen|"
    "listen to article|listen to this article|subscribe|subscribe now|sign up|sign in|"
    "log in|login|register|follow|follow us|skip to content|skip to main content|loading|"
    "loading...|loading…|search|next|previous|back|back to top|top|related|"
    "related articles|related stories|related topics|most read|trending|recommended|"
    "you may also like|more from this section|more on this|more stories|tags|topics|video|"
    "photo|photos|gallery|watch|watch live|live|opinion|editorial|analysis|breaking|"
    "exclusive|sponsored|promoted|story continues below advertisement|"
    "article continues below|continue reading|play|pause|mute|unmute|expand|collapse|"
    "open|view comments|post a comment|leave a comment|share this|share this article|"
    "share on facebook|share on twitter|tweet|gift this article|newsletter|newsletters|"
    "download app|download the app|get the app|x close|× close|×|#"
)
_FURNITURE_LINES = frozenset(_LINES_OF_PAGES.split("|"))
_FURNITURE_START = re.compile(
    r"(?:read (?:more|also|next|full)|also read|see also|related|recommended|watch|listen|tags"
    r"|topics"
    r"|filed under|more from|sign up (?:for|to)|subscribe (?:to|for|now)|follow us|click here"
    r"|join our"
    r"|download (?:our|the)|share (?:this|on)|copyright|©|\(c\) \d{4}|all rights reserved"
    r"|this (?:article|story|piece) (?:was|is|has been) (?:first |originally )?(?:published"
    r"|updated|republished)"
    r"|first published|advertisement|most popular|editor['’]s (?:note|picks)|get (?:our|the) )"
    r"(?:\b|$)(?P<rest>.{0,200})$",
    re.IGNORECASE,
)
_COLON_ONLY = ("related", "recommended", "watch", "listen", "tags", "topics", "more from", "get")
_ALWAYS_FURNITURE = (
    "sign up",
    "subscribe",
    "follow us",
    "click here",
    "copyright",
    "©",
    "all rights",
    "this article",
    "this story",
    "this piece",
    "story continues",
    "download our",
)
_READING_TIME = re.compile(
    r"(?:\d{1,3}[- ]?min(?:ute)?s?(?: read)?|(?:updated |posted |published )?\d{1,3} (?:second"
    r"|minute|hour|day|week)s? ago"
    r"|\d{1,7} (?:shares?|comments?|views?|likes?|reads?))$",
    re.IGNORECASE,
)
_AGENCY = (
    r"(?:AFP|Reuters|AP|Associated Press|Getty(?: Images)?|EPA|ANI|PTI|APP|UPI|Bloomberg|Xinhua"
    r"|IANS"
    r"|Anadolu|White Star|Dawn|File|PA|Shutterstock|iStock|Unsplash|Alamy|Wikimedia(?: Commons)?"
    r"|(?:file |stock |handout |courtesy )?(?:photo|image|picture|screengrab|illustration"
    r"|handout|graphic)s?)"
)
_CREDIT_END = re.compile(
    rf"(?:[—–|/(\[]|\s-|[.…]\s|:)\s?(?:(?:photo|image|picture|credit|source|courtesy"
    rf"|via)s?:? ?(?:by |via )?)?"
    rf"{_AGENCY}(?:[/, ]{{1,2}}(?:via )?(?:{_AGENCY}|[A-Z][\w.]{{1,20}})){{0,4}}[)\].]?$",
    re.IGNORECASE,
)
_CREDIT_START = re.compile(
    r"(?:\(?(?:file |representational |representative |stock )?(?:photo|image|picture|pic"
    r"|photograph|illustration|caption|graphic|screengrab|credit)s?"
    r"(?: (?:credit|courtesy|source|by))?s? ?[:–—|-]|\(?(?:photo|image|picture"
    r"|illustration)s? (?:by|courtesy)\b)",
    re.IGNORECASE,
)
_CREDIT_INSIDE = re.compile(
    r"\((?:photo|image|picture|credit|file)(?: by|:)? [^()]{1,120}\)?$", re.IGNORECASE
)
# "… on Friday. Photo: Port Wire/A. Lee": the label says it, whoever took the picture.
_CREDIT_NAMED = re.compile(
    r"[.!?…)\]”\"’—–|]\s{1,2}(?:file |stock |handout |courtesy )?"
    r"(?:photo|photograph|image|picture|illustration|graphic|map|video|screengrab)s?"
    r"(?: (?:credit|courtesy|source))?(?: ?: ?| (?:by|courtesy of) )"
    r"(?-i:(?:[A-Z@©/][\w.,/&’'()@-]{0,30}|for|via|and|of|de|van|von)(?: |$)){1,8}$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:figure|fig\.?|table|chart|graph|map|exhibit|plate) ?\d{1,3}[a-z]? ?[:.–—|-](?: |$)",
    re.IGNORECASE,
)
_BYLINE_START = re.compile(
    r"(?:by|written by|reported by|story by|words by|text by|author|authors"
    r"|from)\s*:?\s+(?P<name>.{2,120})$",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:(?:Dr|Mr|Ms|Mrs|Prof|Gen|Lt|Col|Sir|Amb)\.? )?[A-ZÀ-ÖØ-Þ][\w’'.-]{0,24}"
    r"(?: (?:(?:de|da|del|della|der|den|di|van|von|al|bin|ibn|ul|ur|el|la|le|dos"
    r"|ter)[ -])?[A-ZÀ-ÖØ-Þ][\w’'.-]{0,24}){1,3}"
    r"(?:,? (?:Jr|Sr|II|III|PhD|MD)\.?)?$"
)
_NAME_JOIN = re.compile(r"\s*(?:,|;|&|\band\b)\s+")
# A line of capitalised words with one of these is a heading, not a person.
_HEADING_WORDS = (
    "the a of in on at to for and or with from by new why how what who when where is are was were "
    "war peace market markets economy politics crisis deal trade policy news world report reports "
    "analysis opinion background conclusion introduction overview summary history government bank "
    "party court law act case future past next key facts methods results discussion references "
    "energy oil gas climate health science sports business technology education security united "
    "states kingdom nations north south east west central river city county republic union rare "
    "earth global national international public private social economic political first last "
    "second third one two three four five big small high low prime minister president "
    "contents notes sources further reading legacy contradictions trap quiet silent strategic"
)
_NOT_NAMES = frozenset(_HEADING_WORDS.split())
_PUBLISHED = re.compile(
    r"(?:(?:first |last |originally |date )?(?:published|updated|modified|posted|date|dated"
    r"|created)"
    r"(?: (?:on|at|in|date))?\b[ :]{0,3})",
    re.IGNORECASE,
)
_DATE_WORD = re.compile(
    r"(?:\d{1,4}(?:st|nd|rd|th)?|\d{1,2}[:.h]\d{2}(?::\d{2})?(?:am|pm)?"
    r"|\d{4}-\d{2}-\d{2}(?:t[\d:.+z-]{0,20})?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|mon(?:day)?|tues?(?:day)?|wed(?:nesday)?"
    r"|thu(?:rs(?:day)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?|am|pm|a\.m|p\.m|gmt|utc|est|edt|pst|pdt|ist|pkt|bst"
    r"|cet|cest|et|pt|at|on|of|the"
    r"|published|updated|posted|date|last|first|modified|dated|min|mins|minute|minutes|read|–|-"
    r"|—|\||·|•)[.,:]?$",
    re.IGNORECASE,
)
_BIO_START = re.compile(
    r"\W{0,4}(?:the (?:writer|author|columnist|contributor)s? (?:is|are|was|were|has|have|works?"
    r"|teach(?:es)?|can|tweets?|posts?|holds?|heads?)\b"
    r"|about the (?:author|writer)|(?:he|she|they) (?:posts?|tweets?)(?:/\s?(?:posts?"
    r"|tweets?))? ?(?:@|at\b|on (?:x|twitter))"
    r"|(?:he|she|they|the (?:writer|author)) can be (?:reached|contacted|followed)\b|(?:x"
    r"|twitter|email|e-mail|contact)(?: \(formerly twitter\))?: ?@?\S+@?\S*$"
    r"|follow (?:him|her|them|[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?) (?:on|at|@)|(?:additional "
    r"|with )?(?:reporting|writing|editing|compiled|input|inputs) (?:by|from)\b"
    r"|with (?:additional )?(?:inputs?|reporting) (?:by|from)\b"
    r"|(?:the )?(?:views|opinions)(?: and opinions)? expressed|disclaimer\b)",
    re.IGNORECASE,
)
_BIO_NAME = re.compile(
    r"(?:Dr\.? |Prof\.? )?[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+){1,3} (?:is|was) (?:an? "
    r"|the )(?:[\w-]+ ){0,4}?"
    r"(?:fellow|reporter|journalist|correspondent|columnist|editor|writer|author|contributor"
    r"|researcher|lecturer|professor|analyst|freelancer|blogger)\b"
)
_HANDLE_END = re.compile(r"(?:@\w{2,30}|[\w.+-]{1,40}@[\w-]{1,40}\.[\w.]{2,20})\W{0,3}$")
_PLACE = r"[A-Z][\w.’'-]{1,20}(?: [A-Z][\w.’'-]{1,20}){0,3}"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_MONTH = rf"(?:{_MONTHS})[a-z]{{0,6}}\.?|(?:{_MONTHS.upper()})[A-Z]{{0,6}}\.?"
_DAY_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = rf"(?:(?:{_DAY_NUMBER}(?: of)? (?:{_MONTH})|(?:{_MONTH}) {_DAY_NUMBER})(?:,? \d{{4}})?)"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}(?:[,/] ?{_PLACE}){{0,2}})(?P<day>[,.]? \(?{_DAY}\)?)?"
    r"(?P<agency>,? \((?:[A-Z][\w/ ,&.-]{1,40})\))?(?P<sep> ?[:—–] ?| ?-{1,2} |: )"
)


def is_furniture(line: str) -> bool:
    """Whether the line is left over from the page around the article.

    >>> is_furniture("close"), is_furniture("Close to a million people left.")
    (True, False)
    """
    plain = line.strip(" \t*_#>|:-").casefold()
    if plain in _FURNITURE_LINES or _READING_TIME.match(plain):
        return True
    if not any(letter.isalnum() for letter in line[:_LONGEST_LINE]):
        return True
    match = _FURNITURE_START.match(line) if len(line) <= 220 else None
    if match is None:
        return False
    opening = line[: match.start("rest")].casefold().strip()
    rest = match.group("rest").lstrip()
    if opening.startswith(_COLON_ONLY):
        return rest.startswith(":")
    if opening.startswith(_ALWAYS_FURNITURE) or rest.startswith((":", "|", "-", "–", "—")):
        return True
    return len(line) < 90 and line[-1] not in '.!?”"'


def is_caption(line: str) -> bool:
    """Whether the line is a picture's caption or credit.

    >>> is_caption("Ships wait in the harbour. — AFP/File")
    True
    """
    if len(line) > _LONGEST_LINE:
        return False
    return bool(
        _CREDIT_START.match(line)
        or _NUMBERED.match(line)
        or _CREDIT_END.search(line[-90:])
        or _CREDIT_INSIDE.search(line[-140:])
        or _CREDIT_NAMED.search(line[-140:])
    )


def read_byline(line: str, *, may_be_bare: bool) -> str | None:
    """The name or names in a byline ("By Ann Lee", or bare where ``may_be_bare``), or ``None``.

    >>> read_byline("By Ann Lee and Omar Khan", may_be_bare=False)
    'Ann Lee and Omar Khan'
    >>> read_byline("Trade War", may_be_bare=True) is None
    True
    """
    plain = line.strip(" \t*_")
    if len(plain) > 130:
        return None
    match = _BYLINE_START.match(plain)
    if match is None and not may_be_bare:
        return None
    written = (match.group("name") if match else plain).split(" | ")[0].strip(" ,|")
    names = _NAME_JOIN.split(written)
    is_named = all(
        _NAME.match(name) and not _NOT_NAMES.intersection(name.lower().split())
        for name in names[:3]
    )
    if is_named and not plain.isupper():
        return written
    return written if match and is_named else None


def read_published_line(line: str) -> tuple[bool, date | None]:
    """Whether the whole line is a publishing date, and the day if it gives a full one.

    >>> read_published_line("Published: 18 November 2025, 10:30 am")
    (True, datetime.date(2025, 11, 18))
    >>> read_published_line("In 2025 trade fell.")
    (False, None)
    """
    if len(line) > 120 or not any(letter.isdigit() for letter in line):
        return False, None
    plain = line.strip(" \t*_()[]")
    has_label = _PUBLISHED.match(plain) is not None
    words = plain.split()
    known = sum(_DATE_WORD.match(word.strip("()")) is not None for word in words)
    if known < len(words) and not (has_label and len(words) - known <= 3 and len(words) <= 12):
        return False, None
    return (
        (True, day)
        if (day := find_published_date(plain)) or has_label or len(words) > 1
        else (False, None)
    )


def is_bio(paragraph: str) -> bool:
    """Whether the paragraph is about the author or the making of the piece.

    >>> is_bio("The writer is a fellow at a think tank.")
    True
    """
    beginning = paragraph[:_LONGEST_LINE]
    if _BIO_START.match(beginning):
        return True
    if len(paragraph) > 600:
        return False
    return bool(
        _BIO_NAME.match(beginning) or (len(paragraph) < 250 and _HANDLE_END.search(paragraph[-90:]))
    )


def find_dateline(paragraph: str) -> int:
    """How many characters at the beginning of ``paragraph`` are its dateline; 0 for none.

    A place needs a day, an agency or capitals beside it, so that "Pakistan: a
    history" is not one.

    >>> text = "New Delhi, 17th October: Talks began."
    >>> text[find_dateline(text):]
    'Talks began.'
    """
    match = _DATELINE.match(paragraph[:140])
    if match is None or match.end() >= len(paragraph):
        return 0
    place = match.group("place")
    is_sure = match.group("day") or match.group("agency")
    if not is_sure and not (place.replace(".", "").isupper() and len(place) > 3):
        return 0
    rest = trim(paragraph, match.end(), len(paragraph))
    return rest.start if rest.start < rest.end else 0
