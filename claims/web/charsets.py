"""From the bytes of a page to its characters.

It promises an answer for any bytes, in this order: byte order mark, text that can
only be UTF-8, the header's charset, the page's own declaration, detection. What
does not decode becomes U+FFFD; nothing raises.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

DECLARATION_BYTES = 4096  # the WHATWG prescan reads 1024; real pages put scripts before it
DETECTION_BYTES = 32 * 1024
FALLBACK = "cp1252"

MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:+-]{2,40})", re.I)
XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:+-]{2,40})", re.I)

# Labels that browsers read as a larger set (WHATWG Encoding Standard, names and labels).
READ_AS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
}


def decode_page(body: bytes, charset: str | None = None) -> tuple[str, str]:
    """The characters of a page and the name of the charset used.

    ``charset`` is what the response header said. A page that decodes strictly as
    UTF-8 and is not plain ASCII is UTF-8, whatever else it claims: the chance of
    any other text doing so is nil.
    """
    for mark, name in MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    if not body.isascii():
        try:
            return body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    head = body[:DECLARATION_BYTES]
    declared = [charset.encode("ascii", "ignore")] if charset else []
    declared += [found[1] for found in (XML.search(head), META.search(head)) if found]
    for label in declared:
        codec = find_codec(label.decode("ascii"))
        text = body.decode(codec, "replace") if codec is not None else ""
        if codec is not None and not _is_misread(text, codec):
            return text, codec
    if body.isascii():
        return body.decode("ascii"), "ascii"
    codec = _detect(body)
    return body.decode(codec, "replace"), codec


def _is_misread(text: str, codec: str) -> bool:
    """Whether most characters of a text declared as UTF-8 are none in UTF-8."""
    if codec != "utf-8" or text.isascii():
        return False
    bad = text.count("\ufffd")
    return bad > sum(character > "\x7f" for character in text[:200_000]) - bad


def find_codec(label: str) -> str | None:
    """Python's name for a text encoding as browsers read the label; ``None`` if unknown."""
    try:
        info = codecs.lookup(label.strip())
        "".encode(info.name)  # refuses what is no text encoding (hex, zlib, rot13)
    except (LookupError, ValueError):
        return None
    if info.name in {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf-7"}:
        return None
    # A page that could be read up to its own declaration is not UTF-16.
    if info.name.startswith(("utf-16", "utf-32")):
        return "utf-8"
    return READ_AS.get(info.name, info.name)


def _detect(body: bytes) -> str:
    """Guess from the stretch round the first byte that is not ASCII."""
    first = next(i for i, byte in enumerate(body) if byte > 127) if len(body) < 10**6 else 0
    start = max(0, first - 1024)
    best = from_bytes(body[start : start + DETECTION_BYTES]).best()
    codec = find_codec(best.encoding) if best is not None else None
    return FALLBACK if codec in {None, "utf-8"} or codec is None else codec
