"""LOOKING: the only room that speaks HTTP or HTML.

It promises pages, readings of pages and search results as frozen values, or one
exception of the tree in :mod:`claims.web.errors`. It refuses to know Django, the
database, the queue or the clock of another process: limits come in as a frozen
value, shared state (politeness, robots rules) as an object that fits a protocol.
"""
