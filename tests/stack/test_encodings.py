"""A request that names another encoding than UTF-8 does not come as far as Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from factcheck.encodings import is_utf8, refuse_other_encodings
from factcheck.wsgi import application

OTHERS = ("unicode_escape", "utf-7", "rot13", "hex", "idna", "utf-16", "latin-1", "nothing", "\x00")


def say_yes(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"yes"]


def ask(asked: Any, content_type: str) -> str:
    """The status line that an application gives to a request of that type."""
    told: list[str] = []
    environ = {"CONTENT_TYPE": content_type, "QUERY_STRING": "q=%5Cud800"}
    b"".join(asked(environ, lambda status, _headers: told.append(status)))
    return told[0]


@pytest.mark.parametrize("charset", OTHERS)
@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x"])
def test_another_encoding_is_refused(charset: str, kind: str) -> None:
    for spelled in (f"{kind}; charset={charset}", f'{kind}; CHARSET="{charset}"'):
        assert ask(refuse_other_encodings(say_yes), spelled) == "400 Bad Request"
        assert ask(application, spelled) == "400 Bad Request"


@pytest.mark.parametrize(
    "content_type",
    ["", "x", "text/plain", "text/plain; charset=UTF-8", 'multipart/form-data; charset="utf-8"'],
)
def test_utf8_and_silence_come_through(content_type: str) -> None:
    assert ask(refuse_other_encodings(say_yes), content_type) == "200 OK"


def test_a_name_in_the_long_form_is_read_too() -> None:
    assert not is_utf8("text/plain; charset*=utf-8''%72%6F%74%31%33")
