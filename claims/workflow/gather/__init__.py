"""Gather: search, fetch, keep and read the pages that may bear on a ticket's claim.

Promises: every query, answer, failure and empty answer is a row; every page is
fetched by the one guarded client; every fetch is a hashed snapshot; a ticket
that waits for nothing more owes its weighing. The network is asked without the
database (:mod:`looking`), and what came back is kept in one transaction that
still holds the job's lease (:mod:`keeping`, :mod:`reading`).
"""

from claims.workflow.gather.asking import try_provider
from claims.workflow.gather.beginning import PREPARED_AHEAD, begin_open_tickets
from claims.workflow.gather.bringing import (
    MAX_FILE_BYTES,
    BringRefused,
    Told,
    bring_address,
    bring_file,
    bring_words,
)
from claims.workflow.gather.dating import CopyRefused, ask_copy
from claims.workflow.gather.ending import outcome_of
from claims.workflow.gather.keeping import keep_looked, settle_failed
from claims.workflow.gather.looking import Look, Looked, plan_looks
from claims.workflow.gather.newsstand import lay_out_feeds, list_new_items
from claims.workflow.gather.planning import gather_more, plan_searches
from claims.workflow.gather.reading import keep_reading, read_snapshot
from claims.workflow.gather.retrying import fetch_again, jobs_of, reopen_work
from claims.workflow.gather.rounds import go_on
from claims.workflow.gather.settling import owe_weighing, settle_idle_tickets, waits_for_work

__all__ = [
    "MAX_FILE_BYTES",
    "PREPARED_AHEAD",
    "BringRefused",
    "CopyRefused",
    "Look",
    "Looked",
    "Told",
    "ask_copy",
    "begin_open_tickets",
    "bring_address",
    "bring_file",
    "bring_words",
    "fetch_again",
    "gather_more",
    "go_on",
    "jobs_of",
    "keep_looked",
    "keep_reading",
    "lay_out_feeds",
    "list_new_items",
    "outcome_of",
    "owe_weighing",
    "plan_looks",
    "plan_searches",
    "read_snapshot",
    "reopen_work",
    "settle_failed",
    "settle_idle_tickets",
    "try_provider",
    "waits_for_work",
]
