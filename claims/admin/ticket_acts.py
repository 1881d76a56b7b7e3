"""The acts of the ticket page: which address, which form, which roles, which function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from claims.admin.standing import EVERYONE
from claims.admin.ticket_panels import (
    adding,
    bearing,
    comparison,
    evidence,
    frame,
    origins,
    reviewed,
    searches,
    seen,
    sources,
    talk,
    verdict_acts,
    work,
)
from claims.admin.ticket_panels.desk import Desk
from claims.admin.ticket_panels.forms import (
    AddNumberForm,
    BackForm,
    CloseForm,
    CopyForm,
    FrameForm,
    GatherForm,
    MatchForm,
    NoteForm,
    NumberForm,
    OutcomeForm,
    PageForm,
    ReasonForm,
    SplitForm,
    StanceForm,
    TicketForm,
)
from claims.admin.ticket_panels.verdict_form import DecideForm
from claims.lifecycle import LEADS, REVIEWERS
from claims.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Act:
    """One POST: ``perform(desk, form)`` gives the sentence to show, empty for a field at fault.

    ``needs_hold`` acts ask :attr:`Desk.may_weigh`; the others are judged by the
    lifecycle table inside their verb. ``is_judgement`` acts say which version of
    the ticket was read: nobody confirms or publishes what they have not seen.
    """

    verb: str
    perform: Callable[[Desk, Any], str]
    form: type[TicketForm] = TicketForm
    roles: frozenset[Role] = REVIEWERS
    needs_hold: bool = False
    is_judgement: bool = False
    anchor: str = ""


ACTS = (
    Act("take", verdict_acts.post_take),
    Act("release", verdict_acts.post_release, NoteForm),
    Act("decide", verdict_acts.post_decide, DecideForm, anchor="verdict"),
    Act("confirm", verdict_acts.post_confirm, NoteForm, is_judgement=True, anchor="verdict"),
    Act("send_back", verdict_acts.post_send_back, NoteForm, is_judgement=True, anchor="verdict"),
    Act(
        "read_blind", verdict_acts.post_read_blind, DecideForm, is_judgement=True, anchor="verdict"
    ),
    Act("edit", verdict_acts.post_edit, DecideForm, anchor="verdict"),
    Act("publish", verdict_acts.post_publish, TicketForm, LEADS, is_judgement=True),
    Act("correct", verdict_acts.post_correct, NoteForm, is_judgement=True, anchor="verdict"),
    Act("withdraw", verdict_acts.post_withdraw, NoteForm, LEADS, is_judgement=True),
    Act("close", verdict_acts.post_close, CloseForm, is_judgement=True),
    Act("reopen", verdict_acts.post_reopen, ReasonForm, is_judgement=True),
    Act("comment", talk.post_comment, talk.CommentForm, EVERYONE, anchor="talk"),
    Act("settle", talk.post_settle, talk.SettleForm, EVERYONE, anchor="talk"),
    Act("skip", work.post_skip, work.SkipForm),
    Act("hand_over", work.post_hand_over, work.HandOverForm),
    Act("priority", work.post_priority, work.PriorityForm, LEADS),
    Act("due", work.post_due, work.DueForm),
    Act("tags", work.post_tags, work.TagsForm),
    Act("gather", searches.post_gather, GatherForm, anchor="searches"),
    Act("retry", searches.post_retry, anchor="searches"),
    Act("page", sources.post_page, PageForm, anchor="searches"),
    Act("copy", sources.post_copy, CopyForm, anchor="searches"),
    Act("frame", frame.post_frame, FrameForm, needs_hold=True, anchor="claim"),
    Act("frame_back", frame.post_back, BackForm, needs_hold=True, anchor="claim"),
    Act("number", frame.post_number, NumberForm, needs_hold=True, anchor="claim"),
    Act("number_add", frame.post_add, AddNumberForm, needs_hold=True, anchor="claim"),
    Act("number_strike", frame.post_strike, NumberForm, needs_hold=True, anchor="claim"),
    Act("match", seen.post_match, MatchForm, needs_hold=True, anchor="seen"),
    Act("split", seen.post_split, SplitForm, is_judgement=True, anchor="seen"),
    Act("fact_check", reviewed.post_review, reviewed.ReviewForm, needs_hold=True, anchor="seen"),
    Act("add_url", adding.post_url, adding.AddressForm, needs_hold=True, anchor="adding"),
    Act("add_file", adding.post_file, adding.FileForm, needs_hold=True, anchor="adding"),
    Act("add_quote", adding.post_quote, adding.QuoteForm, needs_hold=True, anchor="evidence"),
    Act("passage", adding.post_passage, adding.PassageForm, needs_hold=True, anchor="evidence"),
    Act("stance", evidence.post_stance, StanceForm, needs_hold=True, anchor="evidence"),
    Act("outcome", comparison.post_outcome, OutcomeForm, needs_hold=True, anchor="numbers"),
    Act("bearing", bearing.post_bearing, bearing.BearingForm, needs_hold=True, anchor="evidence"),
    Act("period", bearing.post_period, bearing.PeriodForm, needs_hold=True, anchor="numbers"),
    Act("origin", origins.post_origin, origins.OriginForm, needs_hold=True, anchor="origins"),
)
