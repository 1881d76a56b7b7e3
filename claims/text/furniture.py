"""Recognise the lines of an article that are not its prose.

Promises: each ``is_`` function looks at one line by itself and says whether it is a caption, a
note on the author or left-over page furniture (bylines and dates: :mod:`claims.text.bylines`).
What is doubtful is prose: a missed furniture line costs a reviewer one click, a swallowed
sentence costs a claim.
"""

from __future__ import annotations

import re

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
