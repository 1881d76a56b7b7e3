"""What changed between two texts: told by words, bounded, and true to both texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claims.text.differences import ADDED, CHANGED, REMOVED, SAME, Difference, compare_versions
from tests.growth import assert_cpu_under


def told(difference: Difference) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (one.kind, [(run.change, run.text) for run in one.runs])
        for one in difference.stretches
        if not one.hidden
    ]


def test_a_changed_number_is_told_as_two_words_in_its_sentence() -> None:
    old = "The mines\n\nIn 2019 the mines gave 70 per cent of all output there.\n\nThe end."
    new = "The mines\n\nIn 2019 the mines gave 68 per cent of all output there.\n\nThe end."
    difference = compare_versions(old, new)
    assert told(difference) == [
        (SAME, [(SAME, "The mines")]),
        (
            CHANGED,
            [
                (SAME, "In 2019 the mines gave"),
                (REMOVED, "70"),
                (ADDED, "68"),
                (SAME, "per cent of all output there."),
            ],
        ),
        (SAME, [(SAME, "The end.")]),
    ]
    assert (difference.added_words, difference.removed_words) == (1, 1)


def test_paragraphs_that_came_or_went_are_told_whole_and_the_rest_is_folded() -> None:
    kept = [f"Paragraph {number} stays as it was." for number in range(20)]
    old = "\n".join([*kept, "A line about metals that is taken out."])
    new = "\n".join(["Quite another opening, with a date.", *kept])
    difference = compare_versions(old, new)
    assert told(difference)[0] == (ADDED, [(ADDED, "Quite another opening, with a date.")])
    assert told(difference)[-1] == (REMOVED, [(REMOVED, "A line about metals that is taken out.")])
    assert [one.hidden for one in difference.stretches if one.hidden] == [18]


def test_white_space_alone_is_no_change() -> None:
    assert compare_versions("One  two\r\n\r\nthree", "One two\n\n\nthree\n").is_empty
    assert not compare_versions("One two", "One too").is_empty


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_the_runs_hold_every_word_of_both_texts_in_order(old: str, new: str) -> None:
    from claims.text import differences

    runs = [
        run
        for one in differences._compare(differences._paragraphs(old), differences._paragraphs(new))
        for run in one.runs
    ]
    older = " ".join(run.text for run in runs if run.change != ADDED).split()
    newer = " ".join(run.text for run in runs if run.change != REMOVED).split()
    assert sorted(older) == sorted(old.split())
    assert newer == new.split()


def test_hostile_texts_cost_little() -> None:
    line = "a b " * 500_000
    assert_cpu_under(3, lambda: compare_versions(line, line + "c"))
    many, others = "\n".join("ab" * 30_000), "\n".join("ba" * 30_000)
    assert_cpu_under(3, lambda: compare_versions(many, others))
    rewritten = [
        "\n".join(f"{sign} " + f"{sign}x y " * 900 for _ in range(900)) for sign in ("k", "m")
    ]
    assert_cpu_under(6, lambda: compare_versions(*rewritten))
    assert compare_versions(many, others).is_cut
