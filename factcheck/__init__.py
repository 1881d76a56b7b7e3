"""The Django project of the workbench: settings, doors to the web, the stack.

Importing it loads nothing, so that the stack can be used before the settings
are read; the Celery app is loaded by :mod:`factcheck.apps`.
"""
