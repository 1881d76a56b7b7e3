"""Who uses a state folder: one starter of servers, any number of guests.

Promises that the kernel, not a file's content, says whether somebody is there:
a lock vanishes with its process. The content only says who it is.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from typing import IO

from factcheck.stack.state import StateFolder


@dataclass(frozen=True, slots=True)
class Holder:
    """Who started the servers of a state folder, and how far they are."""

    pid: int
    # "workbench", or the name of the command that started the servers for itself.
    what: str
    url: str = ""
    is_ready: bool = False
    has_workers: bool = False


class StackLock:
    """The right to start and stop the servers of one state folder."""

    def __init__(self, state: StateFolder) -> None:
        """Make the folder where it is missing; take nothing yet."""
        state.prepare()
        self._path = state.root / "lock"
        self._guests_path = state.root / "guests.lock"
        self._file: IO[str] | None = None

    def take(self, holder: Holder) -> bool:
        """Take the lock and write who holds it; ``False`` when somebody else has it."""
        file = self._path.open("a+")
        # Somebody may be looking for a moment, see read_holder.
        for _ in range(5):
            if _lock(file, fcntl.LOCK_EX):
                self._file = file
                self.tell(holder)
                return True
            time.sleep(0.05)
        file.close()
        return False

    def tell(self, holder: Holder) -> None:
        """Rewrite who holds the lock; only its holder may."""
        if self._file is None:
            raise RuntimeError("the lock is not held")
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps(asdict(holder)))
        self._file.flush()

    def read_holder(self) -> Holder | None:
        """Who holds the lock now; ``None`` when nobody does."""
        try:
            with self._path.open() as file:
                if _lock(file, fcntl.LOCK_SH):
                    return None
                facts = json.loads(file.read() or "{}")
        except (FileNotFoundError, ValueError):
            return None
        return Holder(**facts) if facts else Holder(pid=0, what="workbench")

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def join_guests(self) -> IO[str]:
        """Count as a guest of somebody else's servers until the file is closed."""
        file = self._guests_path.open("a+")
        fcntl.flock(file, fcntl.LOCK_SH)
        return file

    def wait_for_guests(self) -> None:
        """Block until the last guest has gone."""
        with self._guests_path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)


def new_holder(what: str, **facts: object) -> Holder:
    """A holder that is this process."""
    return Holder(pid=os.getpid(), what=what, **facts)  # type: ignore[arg-type]


def _lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
