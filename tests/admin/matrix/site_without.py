"""A throw-away site beside the real one, in which one noun's guard is left out."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import admin
from django.test import override_settings
from django.urls import path

from claims.admin.site import WorkbenchSite
from claims.admin.site import site as real_site
from claims.models import Claim

NAME = "tests.admin.matrix.urls_of_a_throw_away_site"


def site_with(other: type[admin.ModelAdmin[Any]], model: type[Any] = Claim) -> WorkbenchSite:
    """All nouns as they are, but ``model`` by another admin."""
    site = WorkbenchSite(name="admin")
    for registered, held in real_site._registry.items():
        site.register(registered, other if registered is model else type(held))
    return site


@contextmanager
def use_site(site: WorkbenchSite) -> Iterator[None]:
    """Its addresses in place of the real ones."""
    from factcheck.urls import urlpatterns

    module: Any = types.ModuleType(NAME)
    module.urlpatterns = [
        path("admin/", site.urls) if getattr(one, "app_name", "") == "admin" else one
        for one in urlpatterns
    ]
    sys.modules[NAME] = module
    try:
        with override_settings(ROOT_URLCONF=NAME):
            yield
    finally:
        del sys.modules[NAME]
