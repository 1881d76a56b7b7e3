"""The words of reading: articles, and what a number says."""

from __future__ import annotations

from claims.vocabulary.words import Word


class QuantityKind(Word):
    """What sort of number a quantity is."""

    MONEY = "money"
    PERCENT = "percent"
    PERCENTAGE_POINT = "percentage_point"
    COUNT = "count"
    MEASURE = "measure"
    DURATION = "duration"
    TEMPERATURE = "temperature"
    AGE = "age"
    RATIO = "ratio"
    NUMBER = "number"
    ORDINAL = "ordinal"


class Bound(Word):
    """How a written number limits the real one."""

    EXACT = "="
    ABOUT = "~"
    UNDER = "<"
    AT_MOST = "<="
    OVER = ">"
    AT_LEAST = ">="

    @property
    def label(self) -> str:
        """In words: ``exactly``, ``about``, ``under`` …"""
        return {
            "=": "exactly",
            "~": "about",
            "<": "under",
            "<=": "at most",
            ">": "over",
            ">=": "at least",
        }[self.value]


class Change(Word):
    """The direction of a change whose size is given."""

    UP = "up"
    DOWN = "down"


class ArticleState(Word):
    """How far the machine has come with an article."""

    FETCHING = "fetching"
    RECEIVED = "received"
    READ = "read"
    FAILED = "failed"
