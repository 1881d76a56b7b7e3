"""Large files of claims: previewed by the workers, left, cancelled, come back to and confirmed."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.models import Claim, ClaimImport, Errand
from claims.vocabulary import ErrandKind, ErrandState
from claims.workflow.errand import LEFT
from claims.workflow.take_in import ImportPreview, preview_import
from tests.admin.addresses import body_of
from tests.admin.conftest import LogIn
from tests.admin.world import World
from tests.working import work_all

LARGE = "".join(
    f"Fares to Varnholm rose by {n} per cent in 1900.,{'x' * 400}\n" for n in range(700)
)


def bring(client: Any, team: Any, body: str) -> str:
    """Upload it; gives where one is led."""
    file = SimpleUploadedFile("claims.csv", body.encode())
    sent = client.post(reverse("admin:claims_import"), {"upload": file, "team": team.pk})
    return str(sent.url)


def test_a_large_file_is_previewed_by_the_workers_left_cancelled_and_come_back_to(
    world: World, log_in: LogIn
) -> None:
    client, team = log_in(world.dan), world.near.team
    work_all()
    body = f"claim,odd\n{LARGE}fares to  Varnholm rose by 7 per cent in 1900,\n"
    address = bring(client, team, body)
    source = ClaimImport.objects.get(team=team)
    assert bring(client, team, body) == address
    work = reverse("admin:claims_work")
    for person in (world.dan, world.ben):
        shown = body_of(log_in(person).get(address))
        assert "Being read" in shown
        assert 'data-waits="true"' in shown
        assert "Preview of claims" in body_of(log_in(person).get(work))
    assert log_in(world.eve).get(address).status_code == 404
    assert "is being read" in body_of(client.get(reverse("admin:claims_import")))
    # Nothing to confirm yet, however it is sent.
    assert "nothing to confirm" in body_of(client.post(address, {"act": "confirm"}, follow=True))
    errand = Errand.objects.get(kind=ErrandKind.PREVIEW)
    client.post(reverse("admin:claims_work_cancel", args=[errand.pk]))
    work_all()
    shown = body_of(client.get(address))
    assert "Make the preview" in shown
    assert 'data-waits="false"' in shown
    client.post(address, {"act": "preview"})
    work_all()
    errand = Errand.objects.filter(kind=ErrandKind.PREVIEW).latest("pk")
    assert (errand.state, errand.done, errand.total) == (ErrandState.DONE, 701, 701)
    source.refresh_from_db()
    # Kept, it is what would be told at once, down to the numbers of the first rows.
    assert source.preview is not None
    assert ImportPreview.from_json(source.preview) == preview_import(source)
    shown = body_of(client.get(address))
    for told in ("Import 700 claims", "Counted ", "7 % up", "The first 20 of 701 rows", "odd"):
        assert told in shown, told
    assert "Says what line 9 says" not in shown
    assert "says what line 9 says" in shown
    assert not Claim.objects.filter(text__startswith="Fares to Varnholm").exists()
    assert client.post(address, {"act": "confirm"}).status_code == 400
    client.post(address, {"act": "confirm", "ignore": "yes"})
    work_all()
    assert Claim.objects.filter(text__startswith="Fares to Varnholm").count() == 700


def test_problems_of_a_large_file_are_listed_and_who_left_reads_none(
    world: World, log_in: LogIn
) -> None:
    client, team = log_in(world.dan), world.near.team
    work_all()
    address = bring(client, team, f"claim,b,{'c' * 250}\0\n{LARGE}")
    work_all()
    shown = body_of(client.get(address))
    assert "has 700 problems" in shown
    assert "And 500 more" in shown
    assert "700 problems were found." in body_of(client.get(reverse("admin:claims_work")))
    assert "has problems" in body_of(client.get(reverse("admin:claims_import")))
    assert "nothing to confirm" in body_of(client.post(address, {"act": "confirm"}, follow=True))
    client.post(address, {"act": "discard"})
    assert client.get(address).status_code == 404
    address = bring(client, team, "claim,note\n" + LARGE)
    world.dan.memberships.all().delete()
    work_all()
    assert Errand.objects.latest("pk").told == LEFT
    ben, ada, before = log_in(world.ben), log_in(world.ada), Claim.objects.count()
    assert "Make the preview" in body_of(ben.get(address))
    ben.post(address, {"act": "preview"})
    work_all()
    # Who confirmed it leaves before it is taken in: nothing more is stored in that name.
    ben.post(address, {"act": "confirm"})
    world.ben.memberships.all().delete()
    work_all()
    assert (Errand.objects.latest("pk").told, Claim.objects.count()) == (LEFT, before)
    assert "Go on with the rest" in body_of(ada.get(address))
    ada.post(address, {"act": "confirm"})
    work_all()
    assert Claim.objects.count() == before + 700
