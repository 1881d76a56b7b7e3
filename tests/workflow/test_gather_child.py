"""The reading child of a process ends with it, and says nothing about it."""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings

PROGRAM = """
import django
django.setup()
from claims.workflow.gather.looking import page_reader
print(page_reader().read(b"<title>Salt</title><p>text", url="https://daily.example/").title)
"""


def test_a_process_that_read_pages_leaves_no_child_behind() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error::ResourceWarning", "-c", PROGRAM],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "factcheck.settings"},
        capture_output=True,
        text=True,
        timeout=110,
        check=True,
    )
    assert done.stdout == "Salt\n"
    assert "ResourceWarning" not in done.stderr
