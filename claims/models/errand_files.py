"""The files that errands bring, in Django's default storage beside the bodies of copies.

A file lies under its errand's and attempt's own name, so that two workers never write one.
"""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import default_storage


class FileGone(Exception):
    """The file is not there any more."""


FOLDER = "errands"


def keep_file(name: str, body: IO[bytes]) -> str:
    """Store a file from its beginning; gives the name it lies under.

    ``name`` begins with the number of its errand and a dash.
    """
    body.seek(0)
    return default_storage.save(f"{FOLDER}/{name}", File(body))


def open_file(path: str) -> File[bytes]:
    """The stored file, which the caller closes; raises :class:`FileGone`."""
    try:
        return default_storage.open(path)
    except (OSError, ValueError, SuspiciousOperation) as problem:
        raise FileGone(path) from problem


def drop_file(path: str) -> None:
    """Let a file go; one that is not there is gone."""
    default_storage.delete(path)


def kept_files() -> dict[str, int]:
    """Where the files lie, each with the number of its errand."""
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return {}
    numbers = ((name, name.partition("-")[0]) for name in names)
    return {f"{FOLDER}/{name}": int(number) for name, number in numbers if number.isdecimal()}


def kept_since(path: str) -> datetime | None:
    """When a file was stored; ``None`` where it is gone."""
    try:
        return default_storage.get_modified_time(path)
    except FileNotFoundError:
        return None
