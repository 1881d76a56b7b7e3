"""Files of fact-checks and tables of money in the browser: taken whole, refused at the field."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Evidence, FactCheck, MoneyTable, MoneyValue
from claims.text.compare import compare_texts
from claims.workflow.weigh.money import tables_of
from tests.admin.conftest import LogIn
from tests.admin.world import World

IMPORT, LOAD = reverse("admin:claims_factcheck_import"), reverse("admin:claims_moneytable_load")
CHECKS = b"claim,url,publisher,rating\nSalt fell to 3 tonnes.,https://a.example/1,Plumb,Mixed\n"
RATES = b"date,currency,rate\n2024-03-15,GBP,0.85\n2024-03-15,USD,1.08\n"


def send(client: Any, address: str, body: bytes, world: World, **more: Any) -> Any:
    upload = SimpleUploadedFile("told.csv", body)
    return client.post(address, {"upload": upload, "team": world.near.team.pk, **more})


def test_a_reviewer_imports_fact_checks(world: World, log_in: LogIn) -> None:
    ben = log_in(world.ben)
    assert IMPORT in ben.get(reverse("admin:claims_factcheck_changelist")).content.decode()
    answer = send(ben, IMPORT, CHECKS, world)
    assert answer["Location"] == reverse("admin:claims_factcheck_changelist")
    kept = FactCheck.objects.get(url="https://a.example/1")
    assert (kept.team, kept.rating, kept.added_by) == (world.near.team, "Mixed", world.ben)
    sheet = ben.get(reverse("admin:claims_factcheck_change", args=[kept.pk])).content.decode()
    assert "imported from a file" in sheet
    assert "https://a.example/1" in sheet
    wrong = send(ben, IMPORT, b"claim,url\n<b>x</b>,nowhere\n", world)
    assert wrong.status_code == 422
    told = wrong.content.decode()
    assert "line 2, column 2 (url): Give the link" in told
    assert "Nothing was taken in." in told
    heavy = send(ben, IMPORT, b"x" * (10 * 2**20 + 1), world).content.decode()
    # The terminal takes no more either: the cure must help.
    assert "at most 10.5 MB are taken here. Split it into several files." in heavy
    foreign = send(ben, IMPORT, CHECKS, world, team=world.far.team.pk)
    assert foreign.status_code == 422
    assert FactCheck.objects.filter(team=world.far.team, url="https://a.example/1").count() == 0


def test_a_lead_loads_a_table_that_comparisons_name(world: World, log_in: LogIn) -> None:
    ada, team = log_in(world.ada), world.near.team
    MoneyTable.objects.filter(team=team).delete()
    assert tables_of(team.pk) is None
    nameless = send(ada, LOAD, RATES, world, name="Bank", base="")
    assert "Say which currency the rates are of" in nameless.content.decode()
    assert send(ada, LOAD, RATES, world, name="Bank", base="eur").status_code == 302
    again = send(ada, LOAD, RATES, world, name="Bank", base="EUR")
    assert "There is a table of that name" in again.content.decode()
    table = MoneyTable.objects.get(team=team)
    assert (table.base, table.loaded_by, table.values.count()) == ("EUR", world.ada, 2)
    found = compare_texts(
        "On 15 March 2024 the firms signed a US$500 million deal for a refinery.",
        "On 15 March 2024 the firms signed a €463 million deal for a refinery.",
        tables=tables_of(team.pk),
    )
    assert "1 EUR = 1.08 USD (2024-03-15), by the table “Bank”" in found.reasons
    held = tables_of(world.far.team.pk)
    assert held is not None  # the other team has its own
    sheet = ada.get(reverse("admin:claims_moneytable_change", args=[table.pk])).content.decode()
    assert "GBP" in sheet
    away = reverse("admin:claims_moneytable_delete", args=[table.pk])
    assert "with all its values" in ada.get(away).content.decode()
    with CaptureQueriesContext(connection) as queries:
        ada.post(away, {"post": "yes"})
    assert not MoneyTable.objects.filter(pk=table.pk).exists()
    assert not MoneyValue.objects.filter(table=table.pk).exists()
    assert len(queries) < 30
    assert Evidence.objects.exists()


def test_a_replaced_table_holds_the_new_values_alone(world: World, log_in: LogIn) -> None:
    ada = log_in(world.ada)
    send(ada, LOAD, RATES, world, name="Bank", base="EUR")
    fresh = b"Date,USD\n2024-04-01,1.07\n"
    send(ada, LOAD, fresh, world, name="Bank", base="EUR", replace="on")
    (value,) = MoneyValue.objects.filter(table__name="Bank")
    assert (value.currency, value.value) == ("USD", 1.07)
