#!/usr/bin/env python
"""The terminal's door: ``python manage.py help`` lists what it opens."""

from __future__ import annotations

import os
import signal
import sys

# As shells report a program that a signal ended.
ENDED_BY_SIGNAL = 128


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
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped by Ctrl-C.\n")
        sys.exit(ENDED_BY_SIGNAL + signal.SIGINT)
    except BrokenPipeError:
        # `… | head`: the reader has what it wanted; the exit's own flush must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ENDED_BY_SIGNAL + signal.SIGPIPE)


if __name__ == "__main__":
    main()
