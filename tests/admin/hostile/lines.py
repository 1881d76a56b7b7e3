"""Addresses that must never become a link, and those that must lead where they seem to."""

from __future__ import annotations

from collections.abc import Iterator

SCHEMES = ("javascript", "data", "vbscript", "file", "ftp", "blob", "mailto", "tel", "about")
RUNS = {
    "javascript": ":alert(1)",
    "data": ":text/html,<script>alert(1)</script>",
    "vbscript": ":msgbox(1)",
}
# What browsers drop inside or before a scheme, and what merely looks like a part of one.
INSIDE = ("\t", "\n", "\r", "\x00", "\x01", "\x0b", "\x0c", "\x1f", "\x7f", "\u200b", "\u00ad")
BEFORE = ("", " ", "\t", "\n", "\x00", "\x01", "\x1f", "\u00a0", "\u2028", "\ufeff", "\u202e")
AFTER_SCHEME = ("\t:", "\n:", " :", ":\n", "&colon;", "&#58;", "%3A", "\uff1a", "\u2236")
OTHER_SHAPES = (
    "",
    " ",
    "#",
    "?q=1",
    "/admin/logout/",
    "//evil.example/",
    "///evil.example/",
    "\\\\evil.example\\",
    "/\\evil.example",
    "http:evil.example",
    "http:/evil.example",
    "http:///evil.example",
    "http:\\\\evil.example",
    "https:\\evil.example",
    "http//evil.example",
    "htt p://evil.example/",
    "http://",
    "https://?q",
    "https://#f",
    "http://.",
    "http://..",
    "http://-evil.example/",
    "http://evil..example/",
    "http://[::1",
    "http://[evil]/",
    "http://[fe80::1%25eth0]/",
    "http://evil.example:99999/",
    "http://evil.example:-1/",
    "http://evil.example:0/",
    "http://evil.example:80x/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://evil%2eexample/",
    "http://evil.example%00.trusted.example/",
    "http://evil.example\x00.trusted.example/",
    "http://evil.example\n.trusted.example/",
    "http://evil.example\t/",
    "http://evil.example /",
    "https://evil.example/a b",
    "https://evil.example/\x7f",
    "https://evil.example/\ud800",
    "https://evil.example/\u2028x",
    "https://evil.example/\u202egnp.exe",
    "https://evil.example\\@trusted.example/",
    "https://trusted.example\\.evil.example/",
    "x" * 5000,
    "https://evil.example/" + "a" * 9000,
    "http:" + "/" * 5000,
    "<a href=https://evil.example/>x</a>",
    '"><script>alert(1)</script>',
    "https//evil.example",
    "HTTPS ://evil.example",
    "ws://evil.example/",
    "view-source:https://evil.example/",
    "jar:https://evil.example!/x",
    "feed:https://evil.example/",
    "intent://evil.example#Intent;end",
    "chrome://settings/",
    "filesystem:https://evil.example/temporary/x",
    "ms-word:ofe|u|https://evil.example/x.docx",
    "urn:isbn:1",
    "{{ url }}",
    "{% url 'admin:index' %}",
    None,
    7,
    ["https://evil.example/"],
    {"url": "https://evil.example/"},
)
USERINFO = (
    "https://trusted.example@evil.example/",
    "https://trusted.example:443@evil.example/",
    "https://trusted.example%2F@evil.example/",
    "https://trusted.example%20@evil.example/x",
    "https://user:secret@evil.example/",
    "https://@evil.example/",
    "https://:@evil.example/",
    "http://a@b@evil.example/",
    "https://trusted.example\uff0f@evil.example/",
    "https://trusted.example\u2044path@evil.example/",
)


def dead_lines() -> list[object]:
    """What must be shown as text: no two alike."""
    found: list[object] = []
    for line in (*_other_schemes(), *OTHER_SHAPES, *USERINFO):
        if line not in found:
            found.append(line)
    return found


def _other_schemes() -> Iterator[str]:
    for scheme in SCHEMES:
        rest = RUNS.get(scheme, "://evil.example/x")
        for shape in (scheme, scheme.upper(), scheme.title(), scheme.swapcase()):
            yield shape + rest
        for sign in BEFORE:
            yield f"{sign}{scheme}{rest}"
    for scheme, rest in RUNS.items():
        half = len(scheme) // 2
        for sign in INSIDE:
            yield f"{scheme[:half]}{sign}{scheme[half:]}{rest}"
            yield f"{sign}{sign}{scheme}{sign}{rest}"
        for colon in AFTER_SCHEME:
            yield f"{scheme}{colon}{rest[1:]}"
        yield "".join(f"&#{ord(sign)};" for sign in scheme) + rest
        yield "".join(f"&#x{ord(sign):x};" for sign in scheme) + rest
        yield "".join(f"%{ord(sign):02x}" for sign in scheme) + rest


# As stored → the target and the host shown. The host is what a browser will ask.
LINKS = {
    "https://example.org/": ("https://example.org/", "example.org"),
    "HTTP://EXAMPLE.org": ("http://example.org/", "example.org"),
    "https://example.org:8443/x?y=1#z": ("https://example.org:8443/x?y=1#z", "example.org:8443"),
    "https://trusted.example.evil.example/": (
        "https://trusted.example.evil.example/",
        "trusted.example.evil.example",
    ),
    # Cyrillic, Greek, a dotless i: each is spelled out instead of passing for its double.
    "https://\u0430pple.example/": ("https://xn--pple-43d.example/", "xn--pple-43d.example"),
    "https://goog\u03bfe.example/": ("https://xn--googe-uce.example/", "xn--googe-uce.example"),
    "https://w\u0131k\u0131.example/": ("https://xn--wk-hpab.example/", "xn--wk-hpab.example"),
    "https://\uff45xample.org/": ("https://example.org/", "example.org"),
    "https://example\u3002org/": ("https://example.org/", "example.org"),
    "https://ex\u200bample.org/": ("https://example.org/", "example.org"),
    "https://evil.example/@trusted.example": (
        "https://evil.example/@trusted.example",
        "evil.example",
    ),
    "https://evil.example?https://trusted.example/": (
        "https://evil.example/?https://trusted.example/",
        "evil.example",
    ),
    "https://evil.example#@trusted.example/": (
        "https://evil.example/#@trusted.example/",
        "evil.example",
    ),
    "https://evil.example/javascript:alert(1)": (
        "https://evil.example/javascript:alert(1)",
        "evil.example",
    ),
    'https://evil.example/"onmouseover="alert(1)': (
        "https://evil.example/%22onmouseover=%22alert(1)",
        "evil.example",
    ),
    "https://evil.example/<script>#<script>": (
        "https://evil.example/%3Cscript%3E#%3Cscript%3E",
        "evil.example",
    ),
    "http://[2001:db8::1]/x": ("http://[2001:db8::1]/x", "[2001:db8::1]"),
    "http://192.0.2.7/": ("http://192.0.2.7/", "192.0.2.7"),
}

# Places that a form must never send a person to.
LEAVING = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "\x01https://evil.example",
    "http:evil.example",
    "http:/evil.example",
    "http:///evil.example",
    "https:evil.example",
    "https:\\\\evil.example",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "https://evil.example\\@testserver/",
    "https://evil.example#@testserver",
    "http://testserver:80@evil.example/",
    "http://testserver\uff20evil.example/",
    "//\uff45vil.example/",
    "//evil\u3002example/",
    "http://[::ffff:1.2.3.4]/",
    "/admin/\r\nSet-Cookie: a=b",
)
