"""Response headers that Django has no setting for: content security and permissions policy.

Promises: every answer carries them, redirects to https, files and errors too. A page drawn by the
admin's skin has :data:`SKIN_POLICY`, everything else :data:`STRICT_POLICY`.
Why the skin's policy is as wide as it is: ``docs/adr/0007-content-security-policy.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]


def _policy(**sources: str) -> str:
    """Directives over a base that allows nothing."""
    allowed: Mapping[str, str] = {
        "default_src": "'none'",
        "object_src": "'none'",
        "base_uri": "'none'",
        "frame_ancestors": "'none'",
        "form_action": "'self'",
        **sources,
    }
    return "; ".join(f"{name.replace('_', '-')} {value}" for name, value in allowed.items())


# Error pages, files and JSON: our own stylesheet, no script.
STRICT_POLICY = _policy(style_src="'self'", img_src="'self'", form_action="'none'")
# The two style elements the skin brings: its colours, and what htmx adds. Any other is refused.
SKIN_STYLES = (
    "sha256-wD/8QdyEoz57oQcBTmyTudQdn9G5dt2IUsjXMaxRlwo=",
    "sha256-bsV5JivYxvGywDAZ22EZJKBFip65Ng9xoJVLbBg7bdo=",
)
_STYLES = " ".join(f"'{digest}'" for digest in SKIN_STYLES)
# Alpine evaluates its attributes; the skin and our meters set style attributes. A browser
# that does not know the two halves of style-src refuses what the page can do without.
SKIN_POLICY = _policy(
    script_src="'self' 'unsafe-eval'",
    style_src=f"'self' {_STYLES}",
    style_src_attr="'unsafe-inline'",
    img_src="'self'",
    font_src="'self'",
    connect_src="'self'",
)
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)

# Frames are named twice: a file or a redirect never reaches Django's own middleware.
HEADERS = {
    "Content-Security-Policy": STRICT_POLICY,
    "Permissions-Policy": PERMISSIONS,
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HeadersMiddleware:
    """Adds :data:`HEADERS` to every answer; an answer that brings its own keeps it.

    Stands first, so that redirects to https and files have them too.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer with its headers."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.status_code >= 400:
            # What is refused today may be allowed tomorrow.
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_template_response(
        self, _request: HttpRequest, response: HttpResponse
    ) -> HttpResponse:
        """The wider policy, for pages that a view of the admin drew from a template."""
        response.headers.setdefault("Content-Security-Policy", SKIN_POLICY)
        return response
