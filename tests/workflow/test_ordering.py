"""Whether weighing reads with the encoder: the setting, what is installed, and what is refused."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from claims.checks import check_encoder, diagnose
from claims.text.encoder.weights import EncoderUnusable, find_files, load_files, load_network
from claims.text.evidence import judge_passages
from claims.text.passages import rank_passages
from claims.workflow.weigh.holding import Surroundings, hold_against
from claims.workflow.weigh.ordering import is_encoder_used, order_passages
from tests.text.encoder.needs import needs_encoder
from tests.text.encoder.test_reranking import CLAIM, PASSAGES


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A Python in which the extra's tokenizer cannot be found."""
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    load_files.cache_clear()
    load_network.cache_clear()
    yield
    load_files.cache_clear()
    load_network.cache_clear()


def order() -> list[int]:
    return [one.index for one in order_passages(CLAIM, PASSAGES, quantities=(), topic="")]


def always_on() -> list[int]:
    return [one.index for one in judge_passages(CLAIM, PASSAGES, rank_passages(CLAIM, PASSAGES))]


def test_switched_off_passages_are_ordered_by_the_always_on_judge(settings: Any) -> None:
    settings.ENCODER = False
    assert not is_encoder_used()
    assert order() == always_on()
    assert check_encoder() == []


def test_unsaid_it_is_used_where_it_is_installed(settings: Any) -> None:
    settings.ENCODER = None
    assert is_encoder_used() == (find_files() is not None)
    assert check_encoder() == []


@pytest.mark.usefixtures("without_extra")
def test_unsaid_and_not_installed_everything_works(settings: Any) -> None:
    settings.ENCODER = None
    assert not is_encoder_used()
    assert order() == always_on()
    assert check_encoder() == []


@pytest.mark.usefixtures("without_extra")
def test_demanded_and_not_installed_the_start_is_refused_with_the_cure(settings: Any) -> None:
    settings.ENCODER = True
    (fault,) = check_encoder()
    assert fault.id == "claims.E002"
    assert fault.is_serious()
    assert "make encoder" in str(fault.hint)
    with pytest.raises(EncoderUnusable, match="make encoder"):
        order()


@needs_encoder
def test_where_it_is_used_meaning_counts(settings: Any) -> None:
    settings.ENCODER = True
    assert check_encoder() == []
    assert order()[0] == 1


@needs_encoder
def test_where_it_is_used_a_passage_is_held_against_its_claim_by_meaning(settings: Any) -> None:
    def reasons() -> str:
        held = hold_against(CLAIM, Surroundings(None, ""), PASSAGES[1], "", None)
        return " | ".join(held[1].reasons)

    settings.ENCODER = True
    assert "read by meaning: “doctor” lies nearest to “physician”" in reasons()
    settings.ENCODER = False
    assert "read by meaning" not in reasons()


@pytest.mark.django_db
@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize(
    ("wanted", "is_well", "told"),
    [
        (None, True, "not installed; optional"),
        (False, True, "FACTCHECK_ENCODER=0"),
        (True, False, "is not installed"),
    ],
)
def test_the_doctor_says_which(
    settings: Any, wanted: bool | None, is_well: bool, told: str
) -> None:
    settings.ENCODER = wanted
    (found,) = [finding for finding in diagnose() if finding.name == "encoder"]
    assert (found.is_well, told in found.detail) == (is_well, True)
