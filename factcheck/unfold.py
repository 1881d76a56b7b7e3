"""How the admin looks: django-unfold's settings, and nothing else."""

from __future__ import annotations

from typing import Any

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Fact-checking workbench",
    "SITE_HEADER": "Fact-checking workbench",
    "SITE_SYMBOL": "fact_check",
}
