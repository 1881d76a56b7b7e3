"""Nouns: what the database keeps, one file each."""

from claims.models.article import Article, ArticleRevision
from claims.models.claim import Appearance, Claim, Quantity
from claims.models.claim_import import ClaimImport, ImportedRow
from claims.models.claim_match import ClaimMatch, ClaimWords, WordCount
from claims.models.correction import Correction
from claims.models.discussion import Comment, CommentDraft, Notice, Presence
from claims.models.errand import Errand
from claims.models.evidence import Evidence
from claims.models.fact_check import FactCheck, FactCheckMatch
from claims.models.house import HouseEvent
from claims.models.job import Job
from claims.models.list_view import ListChoice, ListView
from claims.models.money_table import MoneyTable, MoneyValue
from claims.models.page import Page, Passage, Snapshot, Source
from claims.models.page_origin import PageOrigin
from claims.models.provider import Provider
from claims.models.rating import Rating, RatingScale
from claims.models.search import Search, SearchResult
from claims.models.second_read import SecondRead, Waiver
from claims.models.team import Membership, Team
from claims.models.team_rules import AssignmentRule, Holiday, PriorityRule, ServiceLevel, Tag
from claims.models.telling import Digest, DigestPlan, Webhook
from claims.models.ticket import Ticket, TicketEvent
from claims.models.ticket_marks import Skip, TicketTag
from claims.models.verdict import Draft, Verdict, VerdictEvidence

__all__ = [
    "Appearance",
    "Article",
    "ArticleRevision",
    "AssignmentRule",
    "Claim",
    "ClaimImport",
    "ClaimMatch",
    "ClaimWords",
    "Comment",
    "CommentDraft",
    "Correction",
    "Digest",
    "DigestPlan",
    "Draft",
    "Errand",
    "Evidence",
    "FactCheck",
    "FactCheckMatch",
    "Holiday",
    "HouseEvent",
    "ImportedRow",
    "Job",
    "ListChoice",
    "ListView",
    "Membership",
    "MoneyTable",
    "MoneyValue",
    "Notice",
    "Page",
    "PageOrigin",
    "Passage",
    "Presence",
    "PriorityRule",
    "Provider",
    "Quantity",
    "Rating",
    "RatingScale",
    "Search",
    "SearchResult",
    "SecondRead",
    "ServiceLevel",
    "Skip",
    "Snapshot",
    "Source",
    "Tag",
    "Team",
    "Ticket",
    "TicketEvent",
    "TicketTag",
    "Verdict",
    "VerdictEvidence",
    "Waiver",
    "Webhook",
    "WordCount",
]
