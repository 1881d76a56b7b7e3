"""Which styles of a Word file hide their text.

Promises the names of the styles that say so themselves or stand on one that does; a style
that shows its text again counts as shown.
"""

from __future__ import annotations

from collections.abc import Mapping

MAX_STYLES = 20_000
# Word lets styles stand on each other ten deep (ECMA-376 part 1, 17.7.4.3, gives no limit).
MAX_STEPS = 10
OFF = frozenset({"0", "false", "off", "none"})


def is_on(attributes: Mapping[str, str]) -> bool:
    """Whether an element that switches something on does so: it may say that it does not."""
    return attributes.get("val", "").lower() not in OFF


class HiddenStyles:
    """Hears ``styles.xml``."""

    def __init__(self) -> None:
        self._stands_on: dict[str, str] = {}
        self._is_hidden: dict[str, bool] = {}
        self._style = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "style":
            self._style = attributes.get("styleId", "").lower()
        elif not self._style or len(self._is_hidden) >= MAX_STYLES:
            return
        elif tag == "basedOn":
            self._stands_on[self._style] = attributes.get("val", "").lower()
        elif tag == "vanish":
            self._is_hidden[self._style] = is_on(attributes)

    def end(self, tag: str) -> None:
        if tag == "style":
            self._style = ""

    def data(self, text: str) -> None:
        del text

    def find(self) -> frozenset[str]:
        """The styles whose text is hidden, in small letters."""
        return frozenset(filter(self._hides, {*self._is_hidden, *self._stands_on}))

    def _hides(self, style: str) -> bool:
        for _ in range(MAX_STEPS):
            if style in self._is_hidden:
                return self._is_hidden[style]
            style = self._stands_on.get(style, "")
        return False
