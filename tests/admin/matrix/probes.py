"""Questions by parameter, each asked twice: of a row of the other team, and of nothing at all.

A person who learns nothing gets the same answer both times, word for word. The
second value of a probe is true of no row on the whole site.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType

from claims.models import (
    AssignmentRule,
    Claim,
    ClaimImport,
    Comment,
    Evidence,
    Membership,
    Notice,
    Quantity,
    Tag,
)
from tests.admin.matrix.canaries import words_by_field
from tests.admin.matrix.conftest import Two

MISSING = 987654321
NEVER = "kxqeeez"
LISTS = ("article", "claim", "page", "search", "snapshot", "source", "ticket", "verdict")
ACTS: dict[str, dict[str, Any]] = {
    "take": {}, "release": {"note": "x"}, "confirm": {"note": "x"}, "send-back": {"note": "x"},
    "publish": {}, "correct": {"note": "x"}, "withdraw": {"note": "x"},
    "close": {"close_reason": "opinion"},
    "gather": {"query": "x"}, "frame": {"place": "x", "claim_version": 0}, "renew": {}, "retry": {},
    "frame-back": {"slot": "place", "claim_version": 0},
    "number": {"number": 1, "value": "7", "claim_version": 0},
    "number-add": {"words": "x", "value": "7", "claim_version": 0},
    "number-strike": {"number": 1, "claim_version": 0},
    "draft": {"rationale": "x"}, "stance": {"evidence": 1, "stance": "supports"},
    "match": {"match": 1, "answer": "other"},
    "skip": {"note": "x"}, "hand-over": {"to": 1}, "priority": {"priority": 7},
    "due": {"due_on": ""}, "tags": {"tags": "x"}, "comment": {"text": "x"}, "here": {},
    "settle": {"thread": 1, "act": "settle"},
    "decide": {"rating": 1, "rationale": "Reasons that are long enough to be kept."},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Probe:
    """``{x}`` in the address or in what is posted is the value that is asked about."""

    address: str
    hit: Any
    miss: Any = MISSING
    posted: dict[str, Any] | None = None

    def ask_with(self, value: Any) -> tuple[str, str, dict[str, Any] | None]:
        """Method, address and form for one value."""
        address = f"/admin/{self.address}".replace("{x}", str(value))
        if self.posted is None:
            return "get", address, None
        return "post", address, {key: _fill(one, value) for key, one in self.posted.items()}


def _fill(given: Any, value: Any) -> Any:
    if isinstance(given, list):
        return [_fill(one, value) for one in given]
    return str(given).replace("{x}", str(value))


def questions(two: Two) -> list[Probe]:
    """By GET: filters, lookups, searches, choices, prefilled forms, exports, shortcuts."""
    far, word = two.far, words_by_field()
    team, person = far.team.pk, two.people["reviewer"]
    claim_type = ContentType.objects.get_for_model(Claim).pk
    waiting = ClaimImport.objects.get(team=far.team).pk
    return [
        *(Probe(f"claims/{noun}/?team={{x}}", team) for noun in LISTS),
        *(Probe(f"claims/{noun}/?team__id={{x}}", team) for noun in ("article", "ticket")),
        *(Probe(f"claims/{noun}/?team__id__exact={{x}}", team) for noun in ("claim", "job")),
        *(Probe(f"claims/{noun}/?q={{x}}", f"{word[name]}{row}", NEVER) for noun, name, row in (
            ("article", "Article.text", far.article.pk),
            ("claim", "Claim.self_contained", far.claim.pk),
            ("ticket", "Claim.self_contained", far.claim.pk),
            ("verdict", "Claim.claimant", far.decided.claim_id),
            ("search", "Claim.claimant", far.claim.pk),
            ("snapshot", "Snapshot.text", far.snapshot.pk),
            ("page", "Snapshot.title", far.snapshot.pk),
            ("source", "Source.name", far.source.pk),
        )),
        Probe("claims/ticket/?q={x}", far.ticket.pk),
        Probe("claims/ticket/?q=%23{x}", far.ticket.pk),
        Probe("claims/ticket/?assigned={x}", person.pk),
        Probe("claims/ticket/?tag={x}", Tag.objects.filter(team=team).earliest("pk").pk),
        Probe("claims/ticket/workload/?team={x}", team),
        Probe("claims/ticket/rate/?team={x}", team),
        Probe("webhook/?team={x}", team),
        Probe("claims/assignmentrule/?team={x}", team),
        Probe("claims/ticket/?team__name__startswith={x}", "Science", NEVER),
        Probe("claims/article/?team__slug__startswith={x}", "s", NEVER),
        Probe("claims/ticket/?claim__text__icontains={x}", word["Claim.text"], NEVER),
        Probe("claims/ticket/?reserved_by__username__startswith={x}", "far", NEVER),
        Probe("claims/verdict/?rationale__startswith={x}", "Two", NEVER),
        Probe("claims/verdict/?ticket__claim__place__contains={x}", word["Claim.place"], NEVER),
        Probe("claims/verdict/?reviewer__password__startswith={x}", word["User.password"], NEVER),
        Probe("claims/verdict/?rating={x}", word["Verdict.rating_label"], NEVER),
        Probe("claims/job/?key__contains={x}", word["Job.key"], NEVER),
        Probe("claims/page/?source__name__icontains={x}", word["Source.name"], NEVER),
        Probe("claims/team/?memberships__user={x}", person.pk),
        Probe("claims/team/?memberships__user__username__startswith={x}", "far", NEVER),
        Probe("claims/ratingscale/?teams={x}", team),
        Probe("claims/ratingscale/?teams__name__startswith={x}", "Science", NEVER),
        Probe("claims/claim/?_popup=1&_to_field=id&pk__in={x}", far.claim.pk),
        Probe("claims/claim/?_facets=1&team={x}", team),
        Probe("claims/team/{x}/change/?_to_field=slug", far.team.slug, NEVER),
        Probe("claims/team/{x}/change/?_to_field=id&_popup=1", team),
        Probe("claims/claim/{x}/change/?_changelist_filters=team%3D1", far.claim.pk),
        Probe("claims/claim/{x}/history/?p=2", far.claim.pk),
        *(Probe(f"autocomplete/?app_label=claims&model_name={model}&field_name={field}&term={{x}}",
                f"{word[name]}{row}", NEVER)
          for model, field, name, row in (
              ("ticket", "claim", "Claim.self_contained", far.claim.pk),
              ("page", "source", "Source.name", far.source.pk),
              ("appearance", "article", "Article.text", far.article.pk),
              ("snapshot", "page", "Snapshot.title", far.snapshot.pk),
              ("ticket", "assigned_to", "User.username", person.pk),
              ("verdict", "ticket", "Claim.claimant", far.claim.pk),
          )),
        Probe("search/?extended=1&s={x}", f"{word['Claim.claimant']}{far.claim.pk}", NEVER),
        Probe("search/?extended=1&s={x}", f"{word['Article.text']}{far.article.pk}", NEVER),
        Probe("search/?s={x}", far.ticket.pk),
        Probe("search/?extended=1&s=%23{x}", far.ticket.pk),
        Probe("claims/source/add/?team={x}", team),
        Probe("claims/source/add/?team={x}&_popup=1&_to_field=id", team),
        Probe("add/?kind=claim&team={x}", team),
        Probe("add/claims/?team={x}", team),
        Probe("add/claims/{x}/", waiting),
        Probe("export/?team={x}", team),
        Probe("export/verdicts.csv?team={x}", team),
        Probe("export/verdicts.csv?file=evidence&versions=all&team={x}", team),
        Probe("claims/verdict/listed.csv?team={x}", team),
        Probe("claims/verdict/listed.csv?version=all&q={x}",
              f"{word['Claim.claimant']}{far.decided.claim_id}", NEVER),
        Probe("claims/verdict/listed.csv?ticket__team={x}", team),
        Probe(f"r/{claim_type}/{{x}}/", far.claim.pk),
        *(Probe(f"auth/user/{{x}}/{page}/", person.pk)
          for page in ("change", "history", "delete", "password")),
    ]  # fmt: skip


def demands(two: Two) -> list[Probe]:
    """By POST: every act and action with a foreign key in it."""
    far, near = two.far, two.near
    team, person = far.team.pk, two.people["reviewer"]
    waiting = ClaimImport.objects.get(team=far.team).pk
    piece = Evidence.objects.filter(ticket=far.ticket).earliest("pk").pk
    member = Membership.objects.get(user=person).pk
    number = Quantity.objects.filter(claim__team=team).earliest("pk").pk
    talked = Comment.objects.filter(ticket=far.ticket).earliest("pk").pk
    rule = AssignmentRule.objects.filter(team=team).earliest("pk").pk
    chosen = {"_selected_action": [near.ticket.pk, "{x}"], "select_across": "1"}
    reasons = "Reasons that are long enough to be kept."
    base = f"claims/ticket/{near.ticket.pk}"
    return [
        *(Probe(f"claims/ticket/{{x}}/{act}/", far.ticket.pk, posted=form)
          for act, form in ACTS.items()),
        Probe(f"{base}/stance/", piece, posted={"evidence": "{x}", "stance": "refutes"}),
        *(Probe(f"{base}/{act}/", number, posted={
            "number": "{x}", "value": "7", "claim_version": near.claim.version})
          for act in ("number", "number-strike", "frame-back")),
        Probe(f"{base}/decide/", piece, posted={
            "version": near.ticket.version, "rating": 1, "rationale": reasons,
            "evidence": ["{x}"], "decisive": ["{x}"]}),
        Probe("claims/ticket/take-next/", team, posted={"team": "{x}"}),
        Probe("claims/ticket/", far.ticket.pk, posted={
            "action": "close_many", "_selected_action": ["{x}"], "apply": "1",
            "close_reason": "opinion"}),
        Probe("claims/ticket/", far.ticket.pk, posted={
            "action": "assign_many", "_selected_action": ["{x}"], "apply": "1",
            "assignee": "nobody"}),
        Probe("claims/ticket/", far.ticket.pk, posted={
            "action": "assign_many", "_selected_action": ["{x}"], "select_across": "1"}),
        Probe("claims/ticket/", person.pk, posted={
            "action": "assign_many", "_selected_action": [near.ticket.pk], "apply": "1",
            "assignee": "{x}"}),
        Probe("claims/job/", far.job.pk, posted={
            "action": "retry_chosen", "_selected_action": ["{x}"]}),
        Probe("claims/verdict/", far.verdict.pk, posted={
            "action": "export_chosen", "_selected_action": ["{x}"]}),
        Probe("claims/verdict/?version=all", far.verdict.pk, posted={
            "action": "export_chosen", **chosen}),
        Probe("claims/ticket/workload/", person.pk, posted={
            "team": near.team.pk, "act": "move", "person": "{x}", "to": "queue"}),
        Probe("claims/ticket/workload/", team, posted={
            "team": "{x}", "spread": "load", "count": "5"}),
        Probe("notices/", Notice.objects.filter(ticket=far.ticket).earliest("pk").pk, posted={
            "act": "open", "notice": "{x}"}),
        Probe("notices/ways/", team, posted={"team": "{x}"}),
        *(Probe("webhook/", team, posted={"team": "{x}", "act": act}) for act in ("save", "test")),
        Probe(f"{base}/settle/", talked, posted={"thread": "{x}", "act": "settle"}),
        Probe(f"{base}/comment/", talked, posted={"thread": "{x}", "text": "x"}),
        Probe("claims/ticket/rate/", team, posted={"team": "{x}"}),
        Probe(f"{base}/hand-over/", person.pk, posted={"to": "{x}"}),
        Probe("claims/assignmentrule/preview/", rule, posted={
            "rule": "{x}", "name": "A", "words": "metal", "tag": "b"}),
        Probe("claims/assignmentrule/add/", team, posted={
            "team": "{x}", "name": "A", "words": "metal", "tag": "b"}),
        Probe("claims/assignmentrule/{x}/change/", rule, posted={
            "name": "A", "words": "metal", "tag": "b"}),
        Probe("claims/claim/{x}/open/", far.claim.pk, posted={"back": "/admin/"}),
        Probe("claims/job/{x}/retry/", far.job.pk, posted={}),
        *(Probe("add/", team, posted={"kind": kind, "team": "{x}", **given})
          for kind, given in (("text", {"text": "Output rose by 7 per cent."}),
                              ("url", {"url": "https://gazette.example/a"}),
                              ("claim", {"claim": "Output rose by 7 per cent."}))),
        Probe("add/claims/", team, posted={"team": "{x}", "pasted": "claim_text\nIt is 7."}),
        *(Probe("add/claims/{x}/", waiting, posted={"act": act}) for act in ("confirm", "discard")),
        Probe("claims/source/add/", team, posted={
            "team": "{x}", "name": "A", "prefix": "a.example", "type": "media"}),
        Probe("claims/source/{x}/change/", far.source.pk, posted={
            "name": "A", "prefix": "a.example", "type": "media"}),
        Probe("claims/team/{x}/change/", team, posted={"name": "Mine", "slug": "mine"}),
        Probe(f"claims/team/{near.team.pk}/change/", member, posted={
            "name": near.team.name, "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "1", "memberships-0-id": "{x}",
            "memberships-0-team": far.team.pk, "memberships-0-role": "contributor"}),
        *(Probe(f"claims/{noun}/{{x}}/delete/", getattr(far, noun).pk, posted={"post": "yes"})
          for noun in ("claim", "source", "team", "verdict")),
        *(Probe(f"auth/user/{{x}}/{page}/", person.pk, posted={"post": "yes"})
          for page in ("change", "delete", "password")),
    ]  # fmt: skip
