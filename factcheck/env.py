"""Reading the environment: strings in, checked values out.

Promises one readable message per wrong setting, naming the variable and what
it accepts. Refuses to guess: a flag is ``1``, ``0`` or absent, a number is a
number, a URL has a known scheme.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_ON = {"1", "true", "yes", "on"}
_OFF = {"", "0", "false", "no", "off"}

POSTGRES_SCHEMES = {"postgres", "postgresql"}
REDIS_SCHEMES = {"redis", "rediss", "unix", "redis+socket"}
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
_MAIL = "django.core.mail.backends"


class SettingRefused(ImproperlyConfigured):
    """An environment variable holds something that must not start the project."""


def read_text(name: str, default: str = "", environ: Mapping[str, str] = os.environ) -> str:
    """The variable without outer blanks, or ``default`` when it is absent or empty."""
    return environ.get(name, "").strip() or default


def read_flag(name: str, *, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the variable says yes (``1 true yes on``); absent or ``0`` means no."""
    text = environ.get(name, "").strip().lower()
    if text in _ON:
        return True
    if text in _OFF:
        return False
    raise SettingRefused(f"{name} is {text!r}; set it to 1 or 0.")


def read_switch(name: str, environ: Mapping[str, str] = os.environ) -> bool | None:
    """Yes or no as :func:`read_flag` reads it; ``None`` where the variable is absent or empty."""
    return read_flag(name, environ=environ) if environ.get(name, "").strip() else None


def read_number(
    name: str, default: float, *, least: float, environ: Mapping[str, str] = os.environ
) -> float:
    """A number of at least ``least``; anything else is refused with the variable's name."""
    text = environ.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        raise SettingRefused(f"{name} is {text!r}; set it to a number.") from None
    if not least <= value < float("inf"):
        raise SettingRefused(f"{name} is {text}; set it to {least:g} or more.")
    return value


def read_list(name: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """The comma-separated parts of the variable, blanks and empty parts left out."""
    return [part.strip() for part in environ.get(name, "").split(",") if part.strip()]


def read_options(name: str, environ: Mapping[str, str] = os.environ) -> dict[str, object]:
    """The variable as one JSON object, empty where it is absent."""
    text = environ.get(name, "").strip()
    if not text:
        return {}
    try:
        options = json.loads(text)
    except ValueError:
        options = None
    if not isinstance(options, dict):
        raise SettingRefused(f'{name} is no JSON object; write it as {{"name": "value"}}.')
    return options


def refuse_disorder(**limits: float) -> None:
    """Refuse limits, given in their order, of which one is not less than the next."""
    for (lower, low), (upper, high) in pairwise(limits.items()):
        if not low < high:
            raise SettingRefused(f"{lower} ({low:g}) must be less than {upper} ({high:g}).")


def parse_host_ports(text: str, name: str) -> tuple[tuple[str, int], ...]:
    """``"127.0.0.1:8765, [::1]:80"`` as exact (host, port) pairs, in order.

    A pair without a port, with a wildcard or with a scheme is refused: the list
    opens addresses that are otherwise closed, so each one is spelled out.
    """
    pairs: list[tuple[str, int]] = []
    for part in (piece.strip() for piece in text.split(",")):
        if not part:
            continue
        host, _, port = part.rpartition(":")
        host = host.removeprefix("[").removesuffix("]").lower()
        digits = port.isascii() and port.isdigit() and len(port) <= 5
        if not host or not digits or not 0 < int(port) < 65536 or set(host) & set("/*@ "):
            raise SettingRefused(f"{name} holds {part!r}; write exact pairs such as host:8080.")
        pairs.append((host, int(port)))
    return tuple(pairs)


def parse_database_url(url: str, name: str = "DATABASE_URL") -> dict[str, object]:
    """A Django ``DATABASES`` entry for a PostgreSQL URL.

    Reads ``postgresql://user:password@host:5432/name`` and both socket forms,
    ``postgresql://user@/name?host=/folder`` and ``postgresql://user@%2Ffolder/name``.
    Other query keys are handed to the driver. Any other scheme is refused.
    """
    parts = urlsplit(url)
    if parts.scheme not in POSTGRES_SCHEMES:
        raise SettingRefused(f"{name} begins with {parts.scheme!r}; PostgreSQL is required.")
    database = unquote(parts.path.removeprefix("/"))
    if not database:
        raise SettingRefused(f"{name} names no database.")
    user, _, address = parts.netloc.rpartition("@")
    user, _, password = user.partition(":")
    host, port = _split_host(address)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database,
        "USER": unquote(options.pop("user", user)),
        "PASSWORD": unquote(options.pop("password", password)),
        "HOST": options.pop("host", host),
        "PORT": options.pop("port", port),
        "OPTIONS": options,
    }


def _split_host(address: str) -> tuple[str, str]:
    if address.startswith("["):
        host, _, rest = address[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = address.partition(":")
    return unquote(host), port


def celery_broker_url(url: str, name: str = "REDIS_URL") -> str:
    """The same server as Celery spells it: a socket is ``redis+socket://`` there."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in REDIS_SCHEMES:
        raise SettingRefused(f"{name} must begin with redis, rediss or unix.")
    if scheme == "unix":
        return "redis+socket://" + rest.replace("?db=", "?virtual_host=")
    return url


def redis_client_url(url: str, name: str = "REDIS_URL") -> str:
    """The same server as redis-py spells it: a socket is ``unix://`` there."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in REDIS_SCHEMES:
        raise SettingRefused(f"{name} must begin with redis, rediss or unix.")
    if scheme == "redis+socket":
        return "unix://" + rest.replace("?virtual_host=", "?db=")
    return url


def parse_email_url(url: str, name: str = "FACTCHECK_EMAIL_URL") -> dict[str, Any]:
    """Django's mail settings for ``smtp+tls://user:password@host:587``, or none for ``off``.

    ``smtp`` is not encrypted, ``smtp+tls`` begins encryption (STARTTLS), ``smtps`` is encrypted
    from the first byte; ``file:///folder`` writes mails there, ``console:`` prints them.
    """
    parts = urlsplit(url)
    if url == "off":
        return {}
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": f"{_MAIL}.console.EmailBackend"}
    if parts.scheme == "file" and parts.path.startswith("/"):
        backend = f"{_MAIL}.filebased.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": unquote(parts.path)}
    try:
        port = parts.port or MAIL_PORTS[parts.scheme]
    except (KeyError, ValueError):
        port = 0
    if not parts.hostname or not port:
        raise SettingRefused(
            f"{name} must be smtp+tls://user:password@host:587, smtps://…, smtp://…, "
            "file:///folder, console: or off."
        )
    return {
        "EMAIL_BACKEND": f"{_MAIL}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def check_public_url(url: str, name: str = "FACTCHECK_PUBLIC_URL") -> str:
    """The address that people use, without a last slash: ``https://facts.example.org``."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise SettingRefused(f"{name} is {url!r}; write it as https://facts.example.org.")
    return url.rstrip("/")
