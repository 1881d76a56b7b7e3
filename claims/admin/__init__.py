"""People's door: one module per noun, and the pages that belong to none.

Importing this package registers everything with the site; ``site`` comes first, after
the words that forms are made with.
"""

from claims.admin import (  # noqa: I001 - the site before the nouns that register on it
    plain_words as plain_words,
    site as site,
    article as article,
    assignment_rule as assignment_rule,
    claim as claim,
    fact_check as fact_check,
    job as job,
    money_table as money_table,
    page as page,
    people as people,
    provider as provider,
    rating as rating,
    search as search,
    snapshot as snapshot,
    source as source,
    team as team,
    ticket as ticket,
    verdict as verdict,
)
