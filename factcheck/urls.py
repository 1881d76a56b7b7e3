"""Addresses: the admin is the workbench, ``/healthz`` is for machines."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from factcheck.health import show_health

# A database that is away answers 503, not 500.
handler500 = "factcheck.unavailable.show_failure"

urlpatterns = [
    path("healthz", show_health, name="healthz"),
    path("admin/", admin.site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
]
