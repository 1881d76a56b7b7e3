"""Workers that send what is due and die at a point: one process forks one for each line it reads.

A line is ``POINT MAIL_PORT HOOK_PORT``. ``before`` the other server is spoken to; ``after`` its yes
and before our note of it; ``late``: the control, a worker that notes first and speaks afterwards.
The answer is the child's exit code, negative for a signal.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402

from claims.models.job import JobQuerySet  # noqa: E402
from claims.tasks import sending  # noqa: E402
from claims.workflow import tell  # noqa: E402


def die(*_: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def note_first(send: tell.Send) -> None:
    """The control's order."""
    tell.keep_sent(send, None)
    die()


def obey(point: str, mail_port: int, hook_port: int) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_port
    settings.FETCH_ALLOW = (("127.0.0.1", hook_port),)
    if point == "before":
        sending._run = die
    elif point == "after":
        JobQuerySet.finish = die  # type: ignore[method-assign]
    else:
        sending._run = note_first  # type: ignore[assignment]
    sending.work_sends()
    os._exit(0)


for line in sys.stdin:
    point, mail_port, hook_port = line.split()
    child = os.fork()
    if not child:
        obey(point, int(mail_port), int(hook_port))
    sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
    sys.stdout.flush()
