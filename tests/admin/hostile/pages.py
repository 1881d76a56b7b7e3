"""Every type of page the admin has, asked for as the people who see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import reverse

from claims.admin.ticket_bulk import BULK_ACTS
from claims.models import Search
from tests.admin.addresses import LISTS, body_of, common_addresses, list_address, row_addresses
from tests.admin.world import World

Got = tuple[str, Any, str]
TICKET_FIELDS = (
    "note", "rationale", "tolerance", "what_would_change", "query", "measured", "of_what",
    "place", "claimant", "period_from", "close_reason", "waiver_origins", "rating", "evidence",
    "confidence", "version", "claim_version", "stance",
    "view", "period_to",
)  # fmt: skip


class Walk:
    """Asks for pages and gives each as ``(address, response, body)``."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.boss, self.ben, self.dan, self.nobody = Client(), Client(), Client(), Client()
        for client, person in (
            (self.boss, world.boss),
            (self.ben, world.ben),
            (self.dan, world.dan),
        ):
            client.force_login(person)

    def read(self) -> Iterator[Got]:
        """What is read: home, lists, rows, histories, questions before a deletion, files."""
        world, desk = self.world, self.world.near
        tickets = (desk.ticket.pk, desk.decided.pk)
        for address in (
            *common_addresses(),
            *row_addresses(desk).values(),
            *(reverse("admin:claims_ticket_change", args=[pk]) for pk in tickets),
            *(reverse("admin:claims_ticket_state", args=[pk]) for pk in tickets),
            list_address("ticket"),
            *(f"{list_address('ticket')}?queue={name}" for name in ("mine", "waiting", "confirm")),
            *(
                reverse("admin:claims_search_change", args=[pk])
                for pk in Search.objects.filter(ticket=desk.ticket).values_list("pk", flat=True)
            ),
            reverse("admin:claims_ratingscale_change", args=[world.scale.pk]),
            reverse("admin:claims_ratingscale_history", args=[world.scale.pk]),
            reverse("admin:claims_team_add"),
            reverse("admin:claims_source_add"),
            reverse("admin:auth_user_changelist"),
            *(
                reverse(f"admin:auth_user_{page}", args=[world.ben.pk])
                for page in ("change", "history", "delete")
            ),
            reverse("admin:auth_user_password_change", args=[world.ben.pk]),
            reverse("admin:password_change"),
        ):
            yield self._got("boss", address, self.boss.get(address))
        for client, who in ((self.ben, "ben"), (self.dan, "dan")):
            for address in (
                reverse("admin:index"),
                reverse("admin:claims_ticket_change", args=[desk.ticket.pk]),
                reverse("admin:claims_article_change", args=[desk.article.pk]),
            ):
                yield self._got(who, address, client.get(address))

    def reflect(self, text: str) -> Iterator[Got]:
        """What is given back: searches, filters, a wanted page, forms that are refused."""
        for noun in (*LISTS, "ticket"):
            yield self._got("boss", f"{noun}?q=", self.boss.get(list_address(noun), {"q": text}))
        searched = reverse("admin:search")
        for given in ({"s": text}, {"s": text, "extended": "1"}, {"s": "x"}, {"s": "zq OR evil"}):
            yield self._got("boss", "search", self.boss.get(searched, given))
        for where in (reverse("admin:login"), reverse("admin:index"), reverse("admin:logout")):
            yield self._got("nobody", f"{where}?next=", self.nobody.get(where, {"next": text}))
        login = reverse("admin:login")
        typed = {"username": text[:150], "password": "", "next": text}
        yield self._got("nobody", "login refused", self.nobody.post(login, typed))
        for parameter in ("kind", "team", text[:60]):
            for where in (reverse("admin:claims_ingest"), reverse("admin:claims_export")):
                yield self._got("boss", f"{where}?…", self.boss.get(where, {parameter: text}))
            filtered = self.boss.get(list_address("verdict"), {parameter: text}, follow=True)
            yield self._got("boss", "verdict?…", filtered)
        yield self._got("boss", "nowhere", self.boss.get("/admin/" + text[:200].replace("?", "")))

    def refuse(self, text: str) -> Iterator[Got]:
        """Forms sent with the text in every field; what was typed comes back with the page."""
        desk = self.world.near
        for kind, field in (
            ("text", "text"),
            ("url", "url"),
            ("claim", "claim"),
            ("upload", "upload"),
        ):
            every = dict.fromkeys(
                ("title", "text", "byline", "published", "url", "claim", "claimant"), text
            )
            every |= {"kind": kind, "team": "999", field: text}
            yield self._got(
                "ben", f"add {kind}", self.ben.post(reverse("admin:claims_ingest"), every)
            )
        for noun, pk in (
            ("team", desk.team.pk),
            ("source", desk.source.pk),
            ("ratingscale", self.world.scale.pk),
        ):
            where = reverse(f"admin:claims_{noun}_change", args=[pk])
            page = self.boss.get(where)
            typed = dict.fromkeys(_field_names(page), text[:3000])
            yield self._got("boss", f"{noun} refused", self.boss.post(where, typed))
        add = reverse("admin:auth_user_add")
        yield self._got("boss", "user refused", self.boss.post(add, {"username": text[:3000]}))
        for verb in ("release", "decide", "frame", "gather", "stance", "close", "send-back"):
            where = f"/admin/claims/ticket/{desk.ticket.pk}/{verb}/"
            response = self.ben.post(where, dict.fromkeys(TICKET_FIELDS, text[:3000]))
            yield self._got("ben", f"{verb} refused", response)

    def act(self) -> Iterator[Got]:
        """What is told after an act: the message, and the page it stands on."""
        desk = self.world.near
        home = reverse("admin:index")
        for where, typed in (
            (reverse("admin:claims_claim_open", args=[desk.claim.pk]), {"back": home}),
            (reverse("admin:claims_ticket_take_next"), {}),
            (f"/admin/claims/ticket/{desk.ticket.pk}/release/", {"note": "zq0z"}),
            (f"/admin/claims/ticket/{desk.ticket.pk}/take/", {}),
            (reverse("admin:claims_job_retry", args=[desk.job.pk]), {}),
        ):
            client = self.boss if "job" in where else self.ben
            yield self._got("ben", where, client.post(where, typed, follow=True))
        ticked = {"_selected_action": [str(desk.ticket.pk), str(desk.decided.pk)], "index": "0"}
        for action in BULK_ACTS:
            response = self.boss.post(list_address("ticket"), {"action": action, **ticked})
            yield self._got("boss", action, response)
        people = {"action": "delete_selected", "_selected_action": [str(self.world.ben.pk)]}
        users = reverse("admin:auth_user_changelist")
        yield self._got("boss", "delete people", self.boss.post(users, people))

    @staticmethod
    def _got(who: str, address: str, response: Any) -> Got:
        return f"{who}: {address[:80]}", response, body_of(response)


def _field_names(response: Any) -> list[str]:
    """Names of the fields of an admin form and its inlines, but for what counts the inlines."""
    form = response.context["adminform"].form
    names = [form.add_prefix(name) for name in form.fields]
    for formset in response.context["inline_admin_formsets"]:
        for inline in formset.formset.forms:
            names += [inline.add_prefix(name) for name in inline.fields if name != "id"]
    return [name for name in names if "_FORMS" not in name]
