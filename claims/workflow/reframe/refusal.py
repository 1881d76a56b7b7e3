"""Why an edit of a frame cannot be kept."""

from __future__ import annotations


class FrameRefused(Exception):
    """An edit of the frame that cannot be kept; names the field and the cure."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        self.message = message
        super().__init__(message)
