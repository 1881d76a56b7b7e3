"""The addresses of the workbench and one that breaks, for the page that says so."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from factcheck.urls import urlpatterns as ours


def break_down(_request: HttpRequest) -> HttpResponse:
    """A fault of ours, with something in it that must not be told."""
    raise RuntimeError("secret-of-the-fault")


urlpatterns = [*ours, path("broken", break_down)]
