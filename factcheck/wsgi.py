"""The door for a WSGI server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from factcheck.encodings import refuse_other_encodings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
application = refuse_other_encodings(get_wsgi_application())
