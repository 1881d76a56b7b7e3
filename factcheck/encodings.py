"""Text comes in as UTF-8 or not at all.

Django decodes a query and a body by the charset that the request names, with
any of Python's codecs: ``unicode_escape`` makes text that no database keeps,
``rot13`` is not a text encoding at all. It does so before any middleware runs,
so the refusal stands in front of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

UTF8 = frozenset({"", "utf-8", "utf8"})
REFUSAL = b"Send text as UTF-8.\n"
HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(REFUSAL))),
    ("X-Content-Type-Options", "nosniff"),
]

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def refuse_other_encodings(application: Application) -> Application:
    """The application behind a 400 for every request that names another encoding than UTF-8."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if is_utf8(str(environ.get("CONTENT_TYPE", ""))):
            return application(environ, start_response)
        start_response("400 Bad Request", HEADERS)
        return [REFUSAL]

    return answer


def is_utf8(content_type: str) -> bool:
    """Whether a ``Content-Type`` names UTF-8 or nothing; one that cannot be read does not.

    >>> is_utf8("text/plain"), is_utf8("text/plain; charset=hex")
    (True, False)
    """
    try:
        _, parameters = parse_header_parameters(content_type)
    except ValueError:
        return False
    return str(parameters.get("charset", "")).strip("\"'").lower() in UTF8
