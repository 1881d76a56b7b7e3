"""Addresses that may be clicked: rows of this admin, and http or https pages outside."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.urls import reverse

from claims.web.errors import FetchError
from claims.web.urls import parse_http_url


def link_to(model: type[models.Model], pk: int) -> str:
    """The admin page of a row; empty where the model has none."""
    if not admin.site.is_registered(model):
        return ""
    options = model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[pk])


def outside_link(url: str) -> str:
    """The URL if it is a plain http(s) address, else empty: it is then shown as text only.

    >>> outside_link("javascript:alert(1)")
    ''
    """
    try:
        parse_http_url(url)
    except FetchError:
        return ""
    return url
