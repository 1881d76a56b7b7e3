"""Detect: turn an article's text into claims with spans, scores and numbers.

Promises: running it twice changes nothing; the article's text is never
altered; a wording the team already has becomes another appearance of the same
claim, or of the one that it was merged into. The claim frame starts as read and
belongs to the reviewer afterwards (:mod:`claims.workflow.reframe`). Opens no ticket.
"""

from __future__ import annotations

from django.db import transaction

from claims.models.article import Article
from claims.models.claim import Appearance
from claims.models.claim_match import find_roots
from claims.models.detected import keep_claims
from claims.text.detection import detect_claims
from claims.vocabulary import ArticleState
from claims.web.snapshots import text_digest

# Sentences below this score are not kept as claims: nobody would open them from the list.
KEPT_SCORE = 0.2
# An article with a text that *failed* is one whose detection was given up; a retry reads it.
UNREAD = (ArticleState.RECEIVED, ArticleState.FAILED)


def detect_article(article: Article) -> int:
    """Store the claims of one article; gives how many spans it has. Twice is once."""
    if article.state not in UNREAD or not article.text:
        return article.appearances.standing().count()
    found = [
        one
        for one in detect_claims(article.text, published=article.published_on, title=article.title)
        if one.score >= KEPT_SCORE
    ]
    with transaction.atomic():
        moved = Article.objects.filter(pk=article.pk, state__in=UNREAD).update(
            state=ArticleState.READ, failure="", failure_detail=""
        )
        if not moved:
            return article.appearances.standing().count()
        # Of a text that changed, what moved along is a claim already.
        standing = list(article.appearances.standing().values_list("start", "end"))
        fresh = [
            one
            for one in found
            if not any(one.start < end and start < one.end for start, end in standing)
        ]
        claims = keep_claims(article, fresh)
        roots = find_roots(claim.pk for claim in claims.values())
        found_as = [claims[text_digest(one.identity)].pk for one in fresh]
        Appearance.objects.bulk_create(
            (
                Appearance(
                    claim_id=roots.get(claim, claim),
                    found_as_id=claim if claim in roots else None,
                    article=article,
                    start=one.start,
                    end=one.end,
                )
                for one, claim in zip(fresh, found_as, strict=True)
            ),
            ignore_conflicts=True,
        )
    article.state = ArticleState.READ
    return len(standing) + len(fresh)
