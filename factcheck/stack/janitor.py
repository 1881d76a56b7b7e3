"""Clear up after a launcher that was killed.

Run as ``python -I -S janitor.py`` with a pipe for standard input. Lines on it
name what belongs to the launcher: ``watch PGID``, ``forget PGID``, ``remove
FOLDER``. The pipe closes when the launcher ends, however it ends; then every
process group still named is killed and every folder still named is removed.

It is the second net below the parent-death signal: it also reaches
grandchildren, and systems without that signal.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time

_GRACE_SECONDS = 3.0


def clear(groups: set[int], folders: set[str]) -> None:
    """Let the groups end by themselves for a moment, kill what remains, remove the folders."""
    deadline = time.monotonic() + _GRACE_SECONDS
    while any(map(_is_alive, groups)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def main() -> None:
    """Follow the pipe until it closes, then clear up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    folders: set[str] = set()
    for line in sys.stdin:
        word, _, value = line.strip().partition(" ")
        if word == "watch":
            groups.add(int(value))
        elif word == "forget":
            groups.discard(int(value))
        elif word == "remove":
            folders.add(value)
    clear(groups, folders)


if __name__ == "__main__":
    main()
