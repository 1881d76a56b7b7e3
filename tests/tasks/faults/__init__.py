"""Faults on purpose: workers killed, hints doubled, poison, crashes, herds; nothing is lost.

Small by default; ``FACTCHECK_TEST_SIZE=full`` runs the sizes that the promises name, and
``-s`` shows what was measured:

    FACTCHECK_TEST_SIZE=full python -m pytest -s tests/tasks/faults
"""
