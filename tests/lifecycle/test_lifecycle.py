"""The table of ticket moves: its laws, and who may make which."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.lifecycle import (
    ENDS,
    LEADS,
    MOVES,
    REOPENINGS,
    REVIEWERS,
    START,
    Move,
    MoveRefused,
    find_move,
    is_allowed,
    list_moves,
    validate,
)
from claims.vocabulary import Role, TicketState

S = TicketState
STATES = st.sampled_from(TicketState)
ROLES = st.sampled_from(Role)


def ways_to_an_end(state: TicketState) -> bool:
    reached = {state}
    while True:
        more = {m.target for m in MOVES.values() if m.sources & reached} - reached
        if not more:
            return bool(reached & (ENDS | {S.PUBLISHED}))
        reached |= more


@given(STATES)
def test_every_state_leads_to_an_end(state: TicketState) -> None:
    assert ways_to_an_end(state)


@given(STATES, ROLES, st.booleans())
def test_listed_moves_are_legal_and_allowed(state: S, role: Role, holds: bool) -> None:
    for move in list_moves(state, role, is_holder=holds):
        assert find_move(move.verb, state) is move
        assert is_allowed(move, role, is_holder=True)


@given(STATES, st.booleans())
def test_more_rights_never_take_a_move_away(state: S, holds: bool) -> None:
    by_role = [
        {move.verb for move in list_moves(state, role, is_holder=holds)}
        for role in (Role.CONTRIBUTOR, Role.REVIEWER, Role.LEAD, Role.ADMIN)
    ]
    assert all(less <= more for less, more in itertools.pairwise(by_role))


@given(STATES, ROLES)
def test_a_holder_may_do_whatever_another_may(state: S, role: Role) -> None:
    other = {move.verb for move in list_moves(state, role, is_holder=False)}
    assert other <= {move.verb for move in list_moves(state, role, is_holder=True)}


@given(STATES, ROLES, st.booleans())
def test_no_person_makes_a_machine_move(state: S, role: Role, holds: bool) -> None:
    verbs = {move.verb for move in list_moves(state, role, is_holder=holds)}
    assert not verbs & {"gather", "make_ready", "expire"}


def test_the_machine_makes_no_move_of_people() -> None:
    made = {verb for verb, move in MOVES.items() if is_allowed(move, None, is_holder=True)}
    assert made == {"gather", "make_ready", "expire"}


@given(STATES)
def test_every_closing_can_be_taken_back(state: S) -> None:
    if state in MOVES["close"].sources:
        back = find_move(REOPENINGS[state], S.CLOSED)
        assert back.target == (S.READY if state is S.IN_REVIEW else state)
        assert back.is_compensating
    else:
        assert state not in REOPENINGS


@given(STATES)
def test_a_contributor_moves_nothing(state: S) -> None:
    assert list_moves(state, Role.CONTRIBUTOR, is_holder=True) == []


def test_the_table_read_aloud() -> None:
    assert {verb: (sorted(m.sources), m.target) for verb, m in MOVES.items()} == {
        "gather": ([S.OPEN], S.GATHERING),
        "make_ready": ([S.GATHERING], S.READY),
        "take": ([S.READY], S.IN_REVIEW),
        "release": ([S.IN_REVIEW], S.READY),
        "expire": ([S.IN_REVIEW], S.READY),
        "gather_more": ([S.IN_REVIEW, S.READY], S.GATHERING),
        "decide": ([S.IN_REVIEW], S.DECIDED),
        "send_back": ([S.DECIDED], S.IN_REVIEW),
        "publish": ([S.DECIDED], S.PUBLISHED),
        "correct": ([S.PUBLISHED], S.IN_REVIEW),
        "withdraw": ([S.PUBLISHED], S.IN_REVIEW),
        "close": (sorted([S.OPEN, S.GATHERING, S.READY, S.IN_REVIEW, S.DECIDED]), S.CLOSED),
        "reopen_unread": ([S.CLOSED], S.OPEN),
        "reopen_gathering": ([S.CLOSED], S.GATHERING),
        "reopen": ([S.CLOSED], S.READY),
        "reopen_decided": ([S.CLOSED], S.DECIDED),
    }
    assert MOVES["publish"].roles == MOVES["withdraw"].roles == LEADS
    assert MOVES["decide"].roles == REVIEWERS


@pytest.mark.parametrize("verb", ["release", "decide", "gather_more", "close"])
def test_only_the_holder_or_a_lead_acts_on_a_ticket_in_review(verb: str) -> None:
    def may(role: Role, *, holds: bool) -> bool:
        return verb in {m.verb for m in list_moves(S.IN_REVIEW, role, is_holder=holds)}

    assert may(Role.REVIEWER, holds=True)
    assert not may(Role.REVIEWER, holds=False)
    assert may(Role.LEAD, holds=False)


@given(st.sampled_from(sorted(MOVES)), STATES)
def test_a_move_from_a_wrong_state_is_refused_in_words(verb: str, state: S) -> None:
    if state in MOVES[verb].sources:
        assert find_move(verb, state).target == MOVES[verb].target
    else:
        with pytest.raises(MoveRefused, match=state.label.lower()):
            find_move(verb, state)


def test_an_unknown_verb_is_refused() -> None:
    with pytest.raises(MoveRefused, match="levitate"):
        find_move("levitate", S.OPEN)


def without(*verbs: str) -> list[Move]:
    return [move for move in MOVES.values() if move.verb not in verbs]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (without("gather"), "no move reaches"),
        (without("correct", "withdraw"), "without a way out"),
        (
            [*MOVES.values(), Move("reopen", frozenset({S.CLOSED}), S.OPEN, REVIEWERS)],
            "end has an exit",
        ),
    ],
)
def test_a_table_with_a_hole_is_refused(table: list[Move], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        validate(table, START, ENDS)
