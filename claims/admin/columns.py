"""The skin's decorators with types, so that strict typing sees through them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from unfold.decorators import action, display

Method = TypeVar("Method", bound=Callable[..., Any])


def column(
    description: str, *, ordering: str | None = None, label: Mapping[str, str] | None = None
) -> Callable[[Method], Method]:
    """A list column; ``label`` maps a value to its colour and shows it as a label."""
    decorate: Callable[[Method], Method] = display(
        description=description, ordering=ordering, label=dict(label) if label else None
    )
    return decorate


def bulk_action(description: str) -> Callable[[Method], Method]:
    """Something done to the rows that were ticked."""
    decorate: Callable[[Method], Method] = action(description=description)
    return decorate
