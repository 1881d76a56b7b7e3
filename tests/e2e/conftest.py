"""A real browser before a real server: Debian's Chromium, nothing outside 127.0.0.1.

``FACTCHECK_SCREENSHOTS`` names a folder for the pictures the tests take; a test
that fails leaves a picture of each open page in ``var/e2e`` in any case.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from claims.vocabulary import ConfirmationPolicy
from tests.admin.ticket.rows import House, make_house

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000
"""A busy machine answers late; only what never comes costs so long."""
expect.set_options(timeout=PATIENCE_MS)
SIZES = {"wide": (1440, 1000), "phone": (390, 844)}
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is marked, and left out with its reason where there is no browser."""
    absent = pytest.mark.skip(reason="needs Debian's chromium: apt-get install chromium")
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(300))
            if not Path(CHROMIUM).exists():
                item.add_marker(absent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let the fixtures know whether the test failed."""
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread; Django would refuse the ORM beside it.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def house(transactional_db: None) -> House:
    return make_house(ConfirmationPolicy.OTHER_REVIEWER)


@pytest.fixture
def open_as(browser: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Open]:
    """``open_as(person, "/admin/", size="phone", scheme="dark")`` gives a page, logged in.

    Requests that would leave the machine are refused and fail the test, and so
    does whatever the page's own content security policy refuses.
    """
    contexts: list[BrowserContext] = []
    strayed: list[str] = []

    def open_page(
        person: Any, path: str = "", *, size: str = "wide", scheme: str = "light"
    ) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            base_url=live_server.url,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)

        def guard(route: Any) -> None:
            if route.request.url.startswith(live_server.url):
                route.continue_()
            else:
                strayed.append(route.request.url)
                route.abort()

        context.route("**/*", guard)
        if person is not None:
            client = Client()
            client.force_login(person)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("pageerror", lambda fault: strayed.append(f"script fault: {fault}"))
        page.on("console", lambda line: strayed.extend(_refusals(line.text)))
        if path:
            page.goto(path)
        return page

    yield open_page
    report = getattr(request.node, "report_call", None)
    for at, context in enumerate(contexts):
        if report is not None and report.failed:
            for page in context.pages:
                _keep(page, Path("var/e2e"), f"failed-{request.node.name}-{at}")
        context.close()
    assert not strayed, strayed


@pytest.fixture
def shoot() -> Shoot:
    """``shoot(page, "name")`` keeps a picture of the whole page where a folder was named."""

    def keep(page: Page, name: str) -> None:
        folder = os.environ.get("FACTCHECK_SCREENSHOTS")
        if folder:
            _keep(page, Path(folder), name)

    return keep


def _refusals(line: str) -> list[str]:
    return [line[:300]] if "Content Security Policy" in line else []


def _keep(page: Page, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(
        path=folder / f"{re.sub(r'[^a-z0-9-]+', '-', name.lower())}.png", full_page=True
    )


@pytest.fixture(scope="session", autouse=True)
def _has_room() -> None:
    """Chromium dies without a word on a full disk; say it instead."""
    assert shutil.disk_usage("/").free > 200 * 1024 * 1024, "under 200 MB of disk are left"
