"""Weigh: from stored pages to evidence, with the claim's number beside each source's.

Promises: passages are cut, ranked and compared without touching the database;
what is kept is a passage with offsets into a snapshot, a suggested stance with
its reasons, and a comparison with its arithmetic. A person's stance is never
overwritten by a later weighing, and an evidence number never changes. The
machine suggests here; it sets no verdict.
"""

from claims.workflow.weigh.adding import PassageRefused, add_passage
from claims.workflow.weigh.cutting import list_snapshots
from claims.workflow.weigh.grouping import OWN_COPY, Making
from claims.workflow.weigh.holding import Surroundings, compare_again, recompare
from claims.workflow.weigh.keeping import keep_weighing, make_ready_unweighed
from claims.workflow.weigh.origins import (
    OriginRefused,
    join_origins,
    restore_origins,
    split_origin,
)
from claims.workflow.weigh.stances import set_bearing, set_outcome, set_period, set_stance
from claims.workflow.weigh.weighing import (
    Weighed,
    Weighing,
    weigh_snapshots,
    weigh_ticket,
)

__all__ = [
    "OWN_COPY",
    "Making",
    "OriginRefused",
    "PassageRefused",
    "Surroundings",
    "Weighed",
    "Weighing",
    "add_passage",
    "compare_again",
    "join_origins",
    "keep_weighing",
    "list_snapshots",
    "make_ready_unweighed",
    "recompare",
    "restore_origins",
    "set_bearing",
    "set_outcome",
    "set_period",
    "set_stance",
    "split_origin",
    "weigh_snapshots",
    "weigh_ticket",
]
