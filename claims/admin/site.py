"""The admin site: the skin's, with our home page, our extra pages and a bounded search.

It takes the place of the site that django-unfold installs, before any noun of
ours registers. Two things of the skin's are replaced for cause: its search
walks through every matching row and keeps titles in a shared cache for minutes
after a person has left a team.
"""

# ruff: noqa: ARG002 - the signatures are Django's
from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import sites
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from unfold.sites import UnfoldAdminSite

from claims.admin.finding import find_everywhere

SEARCH_CHARS = 200


class WorkbenchSite(UnfoldAdminSite):  # type: ignore[misc]
    """Home, ingest, export and search beside the nouns."""

    index_title = "Home"
    enable_nav_sidebar = True

    def extra_urls(self) -> list[URLPattern]:
        """Pages that belong to no single noun."""
        from claims.admin import (
            export,
            figures,
            first_run,
            importing,
            ingest,
            list_pages,
            notices,
            record,
            review_pages,
            work_under_way,
        )
        from claims.admin.notice_ways import show_ways
        from claims.admin.webhook import show_webhook

        pages = (
            ("corrections/", review_pages.show_corrections, "claims_corrections"),
            (
                "corrections/corrections.csv",
                review_pages.download_corrections,
                "claims_corrections_csv",
            ),
            ("figures/", figures.show_figures, "claims_figures"),
            ("record/", record.show_record, "claims_record"),
            ("first-team/", first_run.make_first_team, "claims_first_team"),
            ("add/", ingest.show_ingest, "claims_ingest"),
            ("add/claims/", importing.show_import, "claims_import"),
            ("add/claims/template.csv", importing.send_template, "claims_import_template"),
            ("add/claims/<int:import_id>/", importing.show_one, "claims_import_show"),
            ("lists/", list_pages.show_lists, "claims_lists"),
            ("notices/", notices.show_notices, "claims_notices"),
            ("notices/ways/", show_ways, "claims_notice_ways"),
            ("webhook/", show_webhook, "claims_webhook"),
            ("export/", export.show_export, "claims_export"),
            ("export/verdicts.csv", export.download_verdicts, "claims_export_verdicts"),
            ("export/prepare/", export.prepare_verdicts, "claims_export_prepare"),
            ("under-way/", work_under_way.show_work, "claims_work"),
            ("under-way/<int:errand_id>/cancel/", work_under_way.cancel_work, "claims_work_cancel"),
            ("under-way/<int:errand_id>/file/", work_under_way.send_result, "claims_work_file"),
        )
        return [path(address, self.admin_view(view), name=name) for address, view, name in pages]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without *view on site*: no row has a page elsewhere, and it would look up any table's."""
        found: list[URLPattern | URLResolver] = super().get_urls()
        return [one for one in found if getattr(one, "name", None) != "view_on_site"]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The home page."""
        from claims.admin.dashboard import describe_home

        context = {
            **self.each_context(request),
            "title": "Home",
            "subtitle": None,
            **describe_home(request),
            **(extra_context or {}),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/index.html", context)

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lists of model names help nobody here; the sidebar is the way."""
        return HttpResponseRedirect(reverse("admin:index", current_app=self.name))

    def search(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The command palette: a few best rows of each noun the person may see, never cached."""
        term = " ".join(request.GET.get("s", "").replace("\x00", "").split())[:SEARCH_CHARS]
        if not term:
            return HttpResponse()
        results = find_everywhere(request, term)
        is_palette = "extended" in request.GET
        name = "command_results" if is_palette else "search_results"
        return TemplateResponse(
            request,
            f"unfold/helpers/{name}.html",
            {"results": results, "page_obj": results.paginator, "page_counter": 0},
            headers={"HX-Trigger": "search"},
        )


site = WorkbenchSite()
admin.site = site
sites.site = site
