"""The day's queries of a place: counted before they are put, by however many workers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Provider
from claims.models.provider import ProviderQuerySet
from claims.vocabulary import ProviderName
from tests.together import meet_once, run_together

WORKERS, QUOTA = 8, 5


class NaiveQuerySet(ProviderQuerySet):
    """Looks and then counts, without a lock."""

    def take_queries(self, name: str, count: int, quota: int | None) -> int:
        row = self.get(name=name)
        taken = max(min(count, (quota or count) - row.used_today), 0)
        MEET()
        self.filter(pk=row.pk).update(used=row.used_today + taken, used_on=timezone.now().date())
        return taken


MEET = meet_once(WORKERS)


def take_at_once(rows: type[ProviderQuerySet]) -> int:
    Provider.objects.all().add_missing()
    name = ProviderName.BRAVE
    return sum(run_together(WORKERS, lambda _: rows(Provider).take_queries(name, 1, QUOTA)))


@pytest.mark.django_db(transaction=True)
def test_workers_together_never_pass_a_quota() -> None:
    assert take_at_once(ProviderQuerySet) == QUOTA
    assert Provider.objects.get(name="brave").used_today == QUOTA


@pytest.mark.django_db(transaction=True)
def test_control_look_then_count_passes_it() -> None:
    assert take_at_once(NaiveQuerySet) > QUOTA


@pytest.mark.django_db
def test_a_batch_gets_what_is_left_and_a_new_day_begins_at_none() -> None:
    rows, name = Provider.objects.all(), ProviderName.GDELT
    assert [rows.take_queries(name, count, 5) for count in (3, 4, 1)] == [3, 2, 0]
    assert rows.take_queries(name, 2, None) == 2
    assert Provider.objects.get(name=name).used_today == 7
    rows.filter(name=name).update(used_on=timezone.now().date() - timedelta(days=1))
    assert Provider.objects.get(name=name).used_today == 0
    assert rows.take_queries(name, 9, 5) == 5


@pytest.mark.django_db
def test_missing_rows_are_added_once() -> None:
    Provider.objects.all().delete()
    assert Provider.objects.all().take_queries("brave", 3, 1) == 3, "no row, no count"
    assert Provider.objects.all().add_missing() == len(ProviderName)
    assert Provider.objects.all().add_missing() == 0
