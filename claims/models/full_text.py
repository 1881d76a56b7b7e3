"""Words of a text as the indexes hold them, so that a search asks for just what was indexed."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector
from django.db.models.functions import Left

# PostgreSQL refuses a tsvector over 1 MiB; this much text stays under it.
INDEXED_CHARS = 200_000


def words_of(path: str) -> SearchVector:
    """The expression that ``GinIndex`` and queries share, for one column of text by its path."""
    return SearchVector(Left(path, INDEXED_CHARS), config="english")
