"""Review figures: what was waived, how readers agree, and how long tickets stay in each stage."""

from claims.workflow.review_figures.counting import (
    Agreement,
    ReviewFigures,
    count_reviews,
    measure_agreement,
)
from claims.workflow.review_figures.kappa import Kappa, weigh_kappa
from claims.workflow.review_figures.stages import (
    STAGES,
    StageTime,
    measure_stages,
    select_departures,
)

__all__ = [
    "STAGES",
    "Agreement",
    "Kappa",
    "ReviewFigures",
    "StageTime",
    "count_reviews",
    "measure_agreement",
    "measure_stages",
    "select_departures",
    "weigh_kappa",
]
