"""Before a process serves or works: is this install fit for it?

Promises that web server, workers and clock all ask the same questions at their
start and end with one readable line per fault and its cure. Neither gunicorn nor
Celery asks by itself: Celery runs Django's checks and drops what they say.
"""

from __future__ import annotations

import sys

import structlog
from django.core.checks import CheckMessage, run_checks
from django.core.checks.messages import ERROR
from django.db import connections

from factcheck.server_checks import check_servers

# Checks with this tag are ours: quick, and worth a look before every start.
START = "start"
EXIT_UNFIT = 2
log = structlog.get_logger("factcheck.fitness")


def refuse_unfit_start() -> None:
    """Log what is doubtful; end the process with exit code 2 where it must not start."""
    # A warning that was silenced by hand stays silent, as with `manage.py check`.
    found = [*run_checks(tags=[START]), *check_servers()]
    # Whoever forks from here must not inherit a connection.
    connections.close_all()
    heard = [message for message in found if not message.is_silenced()]
    for message in heard:
        if message.level < ERROR:
            log.warning("start.doubtful", id=message.id, problem=message.msg, cure=message.hint)
    wrong = [message for message in heard if message.level >= ERROR]
    if wrong:
        sys.stderr.write("".join(map(_tell, wrong)))
        sys.stderr.flush()
        raise SystemExit(EXIT_UNFIT)


def _tell(message: CheckMessage) -> str:
    return f"Not started ({message.id}): {message.msg}\n  do: {message.hint}\n"
