#!/usr/bin/env python
"""The terminal's door: ``python manage.py help`` lists what it opens."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured

        if sys.argv[1:2] == ["workbench"]:
            # The launcher needs no Django of its own; loading it would only cost time.
            from factcheck.stack.command import main as run_workbench

            sys.exit(run_workbench(sys.argv[2:]))
        from django.core.management import execute_from_command_line
    except ImportError as problem:
        sys.exit(f"{problem}. Run `make setup` and use .venv/bin/python.")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.stderr.write(f"manage.py: {problem}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
