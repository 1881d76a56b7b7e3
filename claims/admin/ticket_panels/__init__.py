"""The ticket page's panels: one view module each.

A panel module turns rows into one frozen value for its template and performs
the acts that are posted from it. None of them renders; :mod:`claims.admin.ticket`
owns the addresses and puts the panels together.
"""
