"""The state folder: where everything that outlives a process is kept.

Promises a folder only its owner may enter, and beside it a short private
folder for sockets whose name follows from the state folder's path (a socket's
path may hold 107 bytes, a clone's path may be longer). Refuses folders that
belong to somebody else, and never changes the mode of a folder it did not make.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent
# sun_path is 108 bytes on Linux and 104 on macOS, the closing NUL included.
SOCKET_PATH_MAX_BYTES = 103
DEFAULT_SAMPLE_PORT = 8765


class StateRefused(Exception):
    """The state folder cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class StateFolder:
    """One state folder and the places derived from it."""

    root: Path

    @property
    def sockets(self) -> Path:
        """The short private folder of this state folder's sockets."""
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:10]
        return Path("/tmp") / f"factcheck-{os.geteuid()}-{digest}"  # noqa: S108 - owner and mode are checked

    @property
    def postgres_sockets(self) -> Path:
        """The folder PostgreSQL puts its socket in."""
        return self.sockets / "pg"

    @property
    def valkey_socket(self) -> Path:
        """The socket Valkey listens on."""
        return self.sockets / "valkey.sock"

    @property
    def postgres_data(self) -> Path:
        """The database cluster."""
        return self.root / "postgres"

    @property
    def valkey_data(self) -> Path:
        """The broker's append-only file."""
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        """One log file for each process."""
        return self.root / "logs"

    @property
    def snapshots(self) -> Path:
        """Stored files; never served by address."""
        return self.root / "snapshots"

    @property
    def mails(self) -> Path:
        """Where mails are written while no mail server is set up."""
        return self.root / "mail"

    @property
    def database_url(self) -> str:
        """The embedded database as a URL."""
        return f"postgresql://factcheck@/factcheck?host={self.postgres_sockets}"

    @property
    def redis_url(self) -> str:
        """The embedded broker as a URL for redis-py."""
        return f"unix://{self.valkey_socket}"

    def prepare(self) -> None:
        """Make the folders that are missing; refuse the ones that are not ours."""
        _make_private(self.root)
        for folder in (self.logs, self.snapshots):
            folder.mkdir(mode=0o700, exist_ok=True)

    def prepare_sockets(self) -> None:
        """Make the socket folder; refuse a socket path that is too long."""
        _make_private(self.sockets)
        if len(os.fsencode(self.postgres_sockets / ".s.PGSQL.5432")) > SOCKET_PATH_MAX_BYTES:
            raise StateRefused(f"The socket path below {self.sockets} is too long.")

    def secret_key(self) -> str:
        """The key of this state folder, made on first use and readable by its owner only."""
        path = self.root / "secret_key"
        _make_private(self.root)
        if not path.exists():
            draft = self.root / f"secret_key.{os.getpid()}.{secrets.token_hex(4)}"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(50))
            try:
                # A link, unlike a rename, keeps the key of whoever came first.
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()

    def sample_port(self) -> int | None:
        """The port of this state folder's sample web; ``None`` where no demo was started."""
        try:
            port = json.loads((self.root / "demo.json").read_text())["sample_port"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return port if isinstance(port, int) and 0 < port < 65536 else None

    def keep_sample_port(self, port: int) -> None:
        """Remember the sample web's port, so that stored addresses stay valid."""
        self.prepare()
        (self.root / "demo.json").write_text(json.dumps({"sample_port": port}) + "\n")


def find_state() -> StateFolder:
    """The state folder named by ``FACTCHECK_STATE``, else ``var`` in the project."""
    named = os.environ.get("FACTCHECK_STATE", "").strip()
    return StateFolder(Path(named).expanduser().resolve() if named else PROJECT_ROOT / "var")


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        pass
    except OSError as error:
        raise StateRefused(f"Cannot make the folder {folder}: {error.strerror}.") from error
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise StateRefused(f"{folder} is not a folder; remove it or set FACTCHECK_STATE.")
    if found.st_uid != os.geteuid():
        raise StateRefused(
            f"{folder} belongs to user {found.st_uid} and you are {os.geteuid()}; "
            "start as that user or set FACTCHECK_STATE to a folder of your own."
        )
