"""``manage.py search`` as a terminal sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from claims.models import Article, Provider, Search
from tests.commands.running import call
from tests.people import make_desk
from tests.site.server import Site

KEY = "k3y-of-the-desk"


@pytest.fixture
def web(settings: Any) -> Iterator[Site]:
    with Site() as running:
        settings.FETCH_ALLOW = (running.address,)
        yield running


@pytest.mark.django_db(transaction=True)
def test_each_place_says_what_it_found_or_why_not(
    web: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    team = make_desk().team
    Article.objects.create(
        team=team, title="Salt", text="Salt exports", url="https://d.example/a", canonical_url="a"
    )
    fields = {"is_on": True, "key": KEY, "base_url": web.url("")}
    Provider.objects.filter(name__in=("brave", "searxng")).update(**fields)
    rows = [{"url": "https://stats.example/salt", "title": "Salt", "description": "48,000"}]
    web.add("/res/v1/web/search", json.dumps({"web": {"results": rows}}))
    web.add("/search", "", status=403)
    assert call("search", "salt  exports", "--json", "--team", team.slug) == 0
    said = capfd.readouterr()
    told = json.loads(said.out)
    assert told["query"] == "salt exports"
    by_name = {one["provider"]: one for one in told["searches"]}
    assert by_name["brave"]["results"][0]["url"] == "https://stats.example/salt"
    assert by_name["library"]["results"][0]["url"] == "https://d.example/a"
    assert (by_name["searxng"]["outcome"], by_name["searxng"]["results"]) == ("failed", [])
    assert "settings.yml" in by_name["searxng"]["detail"]
    assert Provider.objects.get(name="brave").used_today == 1
    logged = Search.objects.filter(team=team, query="salt exports")
    assert dict(logged.values_list("provider", "outcome")) == {
        name: one["outcome"] for name, one in by_name.items()
    }
    assert call("search", "salt", "--provider", "searxng") == 1
    assert "SearXNG: failed" in capfd.readouterr().out
    assert KEY not in said.out + said.err


@pytest.mark.django_db(transaction=True)
def test_mistakes_end_with_2(capfd: pytest.CaptureFixture[str]) -> None:
    make_desk()
    for wrong in (["  "], ["salt", "--team", "nobody"], ["salt", "--language", "../x"]):
        assert call("search", *wrong) == 2
    capfd.readouterr()


@pytest.mark.django_db(transaction=True)
def test_a_page_as_it_was_on_a_day(web: Site, capfd: pytest.CaptureFixture[str]) -> None:
    make_desk()
    page = "https://d.example/x"
    names = ["timestamp", "original", "statuscode", "mimetype", "digest"]
    row = ["20200105080000", page, "200", "text/html", "A"]
    web.add("/cdx/search/cdx", json.dumps([names, row]))
    Provider.objects.filter(name="wayback").update(is_on=True, base_url=web.url(""))
    assert call("search", page, "--provider", "wayback", "--on", "2020-02-01", "--json") == 0
    (asked,) = json.loads(capfd.readouterr().out)["searches"]
    assert asked["results"][0]["url"] == web.url(f"/web/20200105080000/{page}")
    assert asked["results"][0]["published"] == "2020-01-05"
    assert web.seen[0].query["to"] == "20200201235959"
    assert Search.objects.get().answer[0]["url"] == asked["results"][0]["url"]
