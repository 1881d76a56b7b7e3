"""The last answer: a plain page where the database is away, Django's own for other faults.

Promises that a request while the database restarts is answered 503 with
``Retry-After``, without a query and without a word of the fault itself.
"""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error

# Longer than a restart takes, shorter than a person waits.
RETRY_AFTER_SECONDS = 5


@requires_csrf_token
def show_failure(request: HttpRequest) -> HttpResponse:
    """What ``handler500`` is: 503 where the database could not be used, else 500.

    ``OperationalError`` is the server's word for "not now": it is away, starts,
    stops, is full, or broke off a deadlock; ``InterfaceError`` is a dead connection's.
    """
    if not isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return server_error(request)
    return HttpResponse(
        render_to_string("503.html"),
        status=503,
        headers={"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"},
    )
