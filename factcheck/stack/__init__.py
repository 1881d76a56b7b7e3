"""The stack under the project: state folder, database, broker and processes.

Nothing in here knows Django's settings or the app; it starts and stops real
servers and leaves nothing behind.
"""
