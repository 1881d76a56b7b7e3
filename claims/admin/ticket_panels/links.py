"""Where a row of this admin stands."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.urls import reverse


def link_to(model: type[models.Model], pk: int) -> str:
    """The admin page of a row; empty where the model has none."""
    if not admin.site.is_registered(model):
        return ""
    options = model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[pk])
