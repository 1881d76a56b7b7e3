"""What tests of the optional encoder need."""

from __future__ import annotations

import pytest

from claims.text.encoder.weights import CURE, find_files

needs_encoder = pytest.mark.skipif(
    find_files() is None, reason=f"the optional encoder is not installed: {CURE}"
)
