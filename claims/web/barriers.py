"""Whether a page keeps its text from us: behind scripts, a log-in or a payment.

It promises one answer, ``""`` where the page shows its text, and to be slow to say otherwise:
a page with an article's worth of text is never behind anything, whatever boxes stand round
it. Searches are linear in the page's size.
"""

from __future__ import annotations

import re

from claims.vocabulary import FetchReason

# Nothing behind a barrier shows more than this: a teaser, a form, a notice.
MOST_CHARACTERS = 2500
TEASER_CHARACTERS = 900
FORM_CHARACTERS = 700
SHELL_CHARACTERS = 400
LOOKED_AT = 3_000_000

# schema.org's mark for what is not free, and the one that Facebook once asked for.
NOT_FREE = re.compile(r'"isAccessibleForFree"\s{0,9}:\s{0,9}"?false\b', re.IGNORECASE)
LOCKED = re.compile(
    r'content_tier["\'][^<>]{0,100}content\s?=\s?["\']locked|'
    r'content\s?=\s?["\']locked["\'][^<>]{0,100}content_tier',
    re.IGNORECASE,
)
PASSWORD = re.compile(r"<input[^<>]{0,400}\btype\s?=\s?[\"']?password", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
# What frameworks mount their pages in, left empty.
EMPTY_MOUNT = re.compile(
    r"<(div|main)\b[^<>]{0,200}\bid\s?=\s?[\"']?(?:root|app|__next|__nuxt|main|react-root|svelte)\b"
    r"[^<>]{0,200}>\s{0,200}</\1>|<app-root\b[^<>]{0,200}>\s{0,200}</app-root>",
    re.IGNORECASE,
)
WANTS_SCRIPTS = re.compile(
    r"\b(?:enable|activate|allow|turn on|requires?|needs?|without)\b[^.!?\n]{0,40}\bjava ?script\b|"
    r"\bjava ?script\b[^.!?\n]{0,40}\b(?:is|must be|to be)\b[^.!?\n]{0,20}"
    r"\b(?:required|enabled|disabled|activated|turned on)|"
    r"\bjavascript\b[^.!?\n]{0,30}\b(?:aktivier|activ[ée]|habilit|attiva)|"
    r"\b(?:aktivieren|activer|activez|habilit\w{1,6}|attiva\w{0,4})\b[^.!?\n]{0,30}\bjavascript\b|"
    r"\b(?:checking your browser before|just a moment\.\.\.|verify(?:ing)? you are human)",
    re.IGNORECASE,
)
WANTS_LOGIN = re.compile(
    r"\b(?:log|sign) ?(?:in|on) (?:to|and|or register to) "
    r"(?:continue|read|view|see|access|your account)|"
    r"\b(?:please|you must|you need to) (?:log|sign) ?in\b|"
    r"\b(?:only|reserved|available|visible) (?:for|to) (?:registered |logged.in )?"
    r"(?:members|users|readers)\b|"
    r"\b(?:register|create (?:a|your) (?:free )?account)\b[^.!?\n]{0,30}"
    r"\bto (?:continue|keep|go on) reading|"
    r"\b(?:bitte )?melden sie sich an\b|\b(?:connectez|identifiez)-vous pour (?:lire|continuer)|"
    r"\binicia sesi[oó]n para (?:leer|continuar)",
    re.IGNORECASE,
)
LOGIN_TITLE = re.compile(
    r"^\W{0,3}(?:log|sign) ?(?:in|on)\b|\b(?:log|sign) ?(?:in|on)\W{0,3}$|^anmelde?n|^se connecter",
    re.IGNORECASE,
)
# Sentences about this page; *subscriber only* alone is a label that other pages' links carry.
WANTS_PAYMENT = re.compile(
    r"\bsubscribe (?:now |today )?(?:to|and) (?:continue|keep|go on) reading|"
    r"\b(?:to|want to) (?:continue|keep|go on) reading[^.!?\n]{0,40}\bsubscri|"
    r"\b(?:this|the (?:full|whole|rest of this)) (?:article|story|content|report|page) is "
    r"[^.!?\n]{0,30}\b(?:for|to)\b[^.!?\n]{0,20}\bsubscribers\b|"
    r"\b(?:exclusive to|exclusively for|reserved for|only for) (?:our |paying )?subscribers\b|"
    r"\b(?:buy|purchase|unlock) (?:this|the full) (?:article|story)\b|"
    r"\b(?:you have|you've) (?:reached|used|read) [^.!?\n]{0,30}\bfree (?:articles|stories)\b|"
    r"\bmit (?:einem )?abo weiterlesen|"
    r"\br[ée]serv[ée]e?s? (?:[àa] nos|aux) abonn[ée]s|\bs[oó]lo para suscriptores|"
    r"\bexclusivo para suscriptores",
    re.IGNORECASE,
)


def find_barrier(html: str, *, text: str, whole: str, title: str) -> FetchReason | None:
    """What keeps a page's text back, ``None`` where it is shown.

    ``text`` is the page's main text as read, ``whole`` all that it shows, ``title`` its title.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    html, whole = html[:LOOKED_AT], whole[: 4 * MOST_CHARACTERS]
    if _is_paid(html, text, whole):
        return FetchReason.NEEDS_PAYMENT
    if _is_login(html, text, whole, title):
        return FetchReason.NEEDS_LOGIN
    if _is_shell(html, whole):
        return FetchReason.NEEDS_JAVASCRIPT
    return None


def _is_paid(html: str, text: str, whole: str) -> bool:
    if WANTS_PAYMENT.search(whole):
        return True
    return len(text) <= TEASER_CHARACTERS and bool(NOT_FREE.search(html) or LOCKED.search(html))


def _is_login(html: str, text: str, whole: str, title: str) -> bool:
    """A form or a notice, and little else; a form beside an article is none."""
    if len(text) > FORM_CHARACTERS:
        return False
    has_form = bool(PASSWORD.search(html))
    return bool(WANTS_LOGIN.search(whole)) or (has_form and bool(LOGIN_TITLE.search(title)))


def _is_shell(html: str, whole: str) -> bool:
    """Scripts that would make the page, and hardly a word without them."""
    if len(whole) > SHELL_CHARACTERS or not SCRIPT.search(html):
        return False
    return bool(EMPTY_MOUNT.search(html) or WANTS_SCRIPTS.search(whole))
