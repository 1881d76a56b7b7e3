"""What feeds hold is laid out for people, and nothing of it is taken in by itself."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Article, Job, Provider
from claims.tasks import fetch_feeds
from claims.workflow.gather import list_new_items
from tests.people import Desk
from tests.site.server import Site


def item(number: int, days: int = 0, title: str = "") -> str:
    day = (timezone.now() - timedelta(days=days)).strftime("%Y-%m-%dT00:00:00Z")
    link = f"<link href='https://daily.example/{number}'/>"
    told = f"<title>{title or f'Story {number}'}</title>{link}<published>{day}</published>"
    return f"<entry>{told}</entry>"


def switch_on(web: Site, entries: str) -> None:
    url = web.add("/atom", f"<feed><title>Daily</title>{entries}</feed>")
    Provider.objects.filter(name="feeds").update(is_on=True, places=url)


def test_new_items_are_laid_out_and_not_taken_in(desk: Desk, web: Site) -> None:
    switch_on(web, item(1, days=2) + item(2) + item(3, days=30))
    assert fetch_feeds() == 2
    shown = list_new_items([desk.team.pk])
    assert [one.url for one in shown] == ["https://daily.example/2", "https://daily.example/1"]
    assert not Article.objects.exists()
    assert not Job.objects.exists()
    assert Provider.objects.get(name="feeds").last_success_at is not None


def test_what_a_team_has_is_not_offered_to_it_again(desk: Desk, web: Site) -> None:
    switch_on(web, item(1) + item(2))
    fetch_feeds()
    url = "https://daily.example/1"
    Article.objects.create(team=desk.team, url=url, canonical_url=url)
    assert [one.url for one in list_new_items([desk.team.pk])] == ["https://daily.example/2"]
    assert len(list_new_items([0])) == 2


def test_without_feeds_nothing_is_read_and_nothing_lies_there(desk: Desk, web: Site) -> None:
    switch_on(web, item(1))
    fetch_feeds()
    Provider.objects.update(is_on=False)
    asked = len(web.seen)
    assert fetch_feeds() == 0
    assert list_new_items([desk.team.pk]) == []
    assert len(web.seen) == asked


def test_a_feed_that_fails_is_told_at_its_place(desk: Desk, web: Site) -> None:
    Provider.objects.filter(name="feeds").update(is_on=True, places=web.url("/gone"))
    assert fetch_feeds() == 0
    assert "404" in Provider.objects.get(name="feeds").last_error


def test_one_click_takes_an_item_in(desk: Desk, web: Site) -> None:
    switch_on(web, item(1, title="Salt &lt;script&gt;x()&lt;/script&gt;"))
    fetch_feeds()
    client = Client()
    client.force_login(desk.ben)
    page = client.get(reverse("admin:claims_ingest"), {"kind": "url"}).content.decode()
    assert 'value="https://daily.example/1"' in page
    assert "<script>x()" not in page
    data = {"kind": "url", "team": desk.team.pk, "url": "https://daily.example/1"}
    assert client.post(reverse("admin:claims_ingest"), data).status_code == 302
    assert Article.objects.get().url == "https://daily.example/1"
    page = client.get(reverse("admin:claims_ingest"), {"kind": "url"}).content.decode()
    assert "Lately in the feeds" not in page
