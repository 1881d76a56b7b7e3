"""How the admin looks: django-unfold's settings, and nothing else.

Colours are OKLCH steps of one blue, dark enough at 600 for white text
(contrast 5.6 to 1). What the sidebar lists is the app's to say.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static


def _icon(_request: HttpRequest) -> str:
    return static("claims/icon.svg")


def _style(_request: HttpRequest) -> str:
    return static("claims/base.css")


def _skin_style(_request: HttpRequest) -> str:
    return static("claims/skin.css")


def _skin_script(_request: HttpRequest) -> str:
    return static("claims/skin.js")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Fact-checking workbench",
    "SITE_HEADER": "Fact-checking",
    "SITE_SUBHEADER": "Workbench",
    "SITE_SYMBOL": "fact_check",
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _icon}],
    "STYLES": [_style, _skin_style],
    "SCRIPTS": [_skin_script],
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": "claims.admin.navigation.list_navigation",
    },
    "TABS": "claims.admin.navigation.list_tabs",
    "COLORS": {
        "primary": {
            "50": "oklch(97% .013 250)",
            "100": "oklch(93.5% .031 250)",
            "200": "oklch(88% .062 250)",
            "300": "oklch(80.5% .1 250)",
            "400": "oklch(71% .135 250)",
            "500": "oklch(62% .15 251)",
            "600": "oklch(51% .15 252)",
            "700": "oklch(44.5% .14 253)",
            "800": "oklch(39% .115 254)",
            "900": "oklch(34% .09 255)",
            "950": "oklch(26% .065 256)",
        },
    },
}
