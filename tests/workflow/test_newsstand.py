"""What feeds hold is laid out for people, and nothing of it is taken in by itself."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Article, Job, Provider, Search
from claims.tasks import fetch_feeds
from claims.vocabulary import Role, SearchOutcome, SearchPurpose
from claims.workflow.gather import list_new_items
from claims.workflow.gather.providers import SHELF
from tests.people import Desk, make_person
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


def test_each_reading_of_a_feed_is_a_row_for_some_days(desk: Desk, web: Site) -> None:
    switch_on(web, item(1) + item(2))
    daily, gone = web.url("/atom"), web.url("/gone")
    quiet = web.add("/quiet", "<feed><title>Quiet</title></feed>")
    Provider.objects.filter(name="feeds").update(places=f"{daily}\n{gone}\n{quiet}")
    fetch_feeds()
    fetch_feeds()
    rows = Search.objects.filter(purpose=SearchPurpose.FEED).order_by("id")
    # What lies on the shelf is not read: but for the one that failed, once in ten minutes.
    assert [row.query for row in rows] == [daily, gone, quiet, gone]
    told = {row.query: (row.outcome, row.result_count, row.detail) for row in rows}
    assert told[daily][:2] == (SearchOutcome.FOUND, 2)
    assert "first time" in told[daily][2]
    assert told[quiet] == (SearchOutcome.FOUND_NOTHING, 0, "The feed holds no items.")
    assert told[gone][0] == SearchOutcome.FAILED
    assert "404" in told[gone][2]
    # Later: one item is new; then none is. What is older than three days goes.
    for entries in (item(1) + item(2) + item(3), item(3) + item(2)):
        SHELF._kept.clear()
        switch_on(web, entries)
        fetch_feeds()
    rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:4])).update(
        created_at=timezone.now() - timedelta(days=3, minutes=1)
    )
    fetch_feeds()
    later = [(row.detail, row.answer) for row in rows.all()]
    third = {"url": "https://daily.example/3", "title": "Story 3"}
    assert later == [("1 new since the reading before.", [third]), ("Nothing new.", [])]
    # Seen by admins, of any team, at the place and in the log; by nobody else.
    client = Client()
    client.force_login(make_person("grace", desk.other, Role.ADMIN))
    place = reverse("admin:claims_provider_change", args=[Provider.objects.get(name="feeds").pk])
    page = client.get(place).content.decode()
    assert page.count("since the reading before.") == page.count("Nothing new.") == 1
    row = reverse("admin:claims_search_change", args=[rows.all()[0].pk])
    assert "https://daily.example/3" in client.get(row).content.decode()
    client.force_login(desk.ben)
    assert client.get(row).status_code == 404


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
