"""Decoding: the bytes of a file as text, or where and why they are none.

Promises: UTF-8 with and without a byte order mark, and UTF-16 with one; nothing else is
guessed, because a guess puts other signs, and other currencies, into people's words.
"""

from __future__ import annotations

from claims.intake.rows import Problem

UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
ZIP_MARK = b"PK\x03\x04"
OLD_EXCEL_MARK = b"\xd0\xcf\x11\xe0"
CURE = "In the spreadsheet, save it as “CSV UTF-8” and try again."


class Undecodable(Exception):
    """The bytes are not text that is read here."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def decode(body: bytes) -> tuple[str, str]:
    """The text without its mark, and the encoding's name; raises :class:`Undecodable`."""
    if body.startswith((ZIP_MARK, OLD_EXCEL_MARK)):
        raise Undecodable(Problem(1, None, "", f"This is a workbook or an archive. {CURE}"))
    if body[:2] in UTF16_MARKS:
        return _decode_utf16(body), "UTF-16"
    text_bytes = body.removeprefix(UTF8_MARK)
    try:
        text = text_bytes.decode("utf-8")
    except UnicodeDecodeError as broken:
        line, column = _place(text_bytes[: broken.start].decode("utf-8"))
        byte = text_bytes[broken.start]
        raise Undecodable(
            Problem(line, column, "", f"Byte 0x{byte:02X} here is not UTF-8. {CURE}")
        ) from broken
    if "\x00" in text[:200]:
        line, column = _place(text[: text.index("\x00")])
        raise Undecodable(
            Problem(
                line,
                column,
                "",
                "There is a NUL byte here: the file is binary, or UTF-16 without its byte order "
                f"mark. {CURE}",
            )
        )
    return text, "UTF-8"


def _decode_utf16(body: bytes) -> str:
    kind = UTF16_MARKS[body[:2]]
    try:
        return body[2:].decode(kind)
    except UnicodeDecodeError as broken:
        line, column = _place(body[2 : 2 + broken.start].decode(kind, "ignore"))
        raise Undecodable(
            Problem(line, column, "", f"The UTF-16 is broken here, or was cut. {CURE}")
        ) from broken


def _place(before: str) -> tuple[int, int]:
    """Line and column behind the text; the column by the likeliest delimiter of that line."""
    text = before.replace("\r\n", "\n").replace("\r", "\n")
    line = text.rpartition("\n")[2]
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    return text.count("\n") + 1, line.count(delimiter) + 1
