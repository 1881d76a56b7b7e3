"""A small web of our own to fetch from, honest and hostile."""
