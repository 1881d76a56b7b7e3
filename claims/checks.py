"""Start-up checks and the doctor's findings: is this install fit for work, and if not, what to do.

Promises that every finding names the cure. Looks only: nothing is mended here.
"""
