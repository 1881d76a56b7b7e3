"""A real SMTP server on 127.0.0.1 that keeps what it is given, or refuses it."""

from __future__ import annotations

import email
import socketserver
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Self

from tests.site.server import InThread


@dataclass
class MailServer(InThread):
    """``mails`` came in whole; ``answers`` gives another code to a verb: ``{"RCPT": 550}``."""

    mails: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> Self:
        server = _Server(("127.0.0.1", 0), _Handler)
        server.kept = self
        self.port = self.start(server)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    kept: MailServer


class _Handler(socketserver.StreamRequestHandler):
    server: _Server
    timeout = 20

    def handle(self) -> None:
        self._say(220)
        while line := self.rfile.readline(10_000):
            verb = line[:4].decode("ascii", "replace").upper().strip()
            code = self.server.kept.answers.get(verb, 354 if verb == "DATA" else 250)
            self._say(221 if verb == "QUIT" else code)
            if verb == "QUIT":
                return
            if code == 354:
                self._take()

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline(100_000)) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.kept.mails.append(email.message_from_bytes(b"".join(lines), policy=default))
        self._say(250)

    def _say(self, code: int) -> None:
        self.wfile.write(f"{code} whatever\r\n".encode())
