"""Review figures: what was waived, what second readers made of verdicts, how blind ones agree."""

from claims.workflow.review_figures.counting import Agreement, ReviewFigures, count_reviews
from claims.workflow.review_figures.kappa import Kappa, weigh_kappa

__all__ = ["Agreement", "Kappa", "ReviewFigures", "count_reviews", "weigh_kappa"]
