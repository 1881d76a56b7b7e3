"""Who sees what, walked over every address of the site; the rules are in ``rules.py``."""
