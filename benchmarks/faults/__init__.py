"""Servers hurt on purpose while the whole workbench works on them, and what is lost: nothing."""
