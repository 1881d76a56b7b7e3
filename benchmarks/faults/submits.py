"""Forms sent while the broker is away, or takes connections and never answers."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.faults import rows
from benchmarks.faults.rig import Rig, wait_until
from benchmarks.faults.visitor import Page, Visitor
from claims.models import Article, Job, Team, Ticket
from claims.vocabulary import JobState, TicketState

ALLOWED_SECONDS = 120
SLOWEST_SECONDS = 2.0
DELAYED = "Machine work is delayed"


def run(
    rig: Rig, team: Team, person: Any, *, count: int, only: str = ""
) -> Iterator[dict[str, Any]]:
    """``count`` forms with the broker ``dead``, and as many with one that is ``silent``."""
    for name, away, back in (
        ("dead", signal.SIGKILL, None),
        ("silent", signal.SIGSTOP, signal.SIGCONT),
    ):
        if only and name not in only.split(","):
            continue
        quarter = max(count // 5, 1)
        asked = _Asked(rig, team, person, name, count - 3 * quarter, quarter)
        wait_until(lambda: not Job.objects.unfinished().exists(), ALLOWED_SECONDS)
        visitor = Visitor(rig.web_port)
        visitor.log_in(rows.NAME, rows.PASSWORD)
        rig.signal_broker(away)
        sent = asked.send(visitor)
        homes = [visitor.get("/admin/")]
        while DELAYED not in homes[-1].text and len(homes) < 20:
            time.sleep(0.5)
            homes.append(visitor.get("/admin/"))
        saved = asked.count_saved()
        if back is None:
            rig.start_broker()
        else:
            rig.signal_broker(back)
        seconds = wait_until(lambda: not Job.objects.unfinished().exists(), ALLOWED_SECONDS)
        slowest = max(page.seconds for page in [*sent, *homes])
        done = asked.count_done()
        yield {
            "fault": f"submits-{name}",
            "sent": len(sent),
            "answered": sum(page.status in (200, 302) for page in sent),
            "saved": saved,
            "slowest_seconds": slowest,
            "told": DELAYED in homes[-1].text,
            "done": done,
            "seconds": seconds,
            "ok": saved == done == len(sent)
            and all(page.status == 302 for page in sent)
            and slowest <= SLOWEST_SECONDS
            and DELAYED in homes[-1].text
            and DELAYED not in _home_again(visitor),
        }


def _home_again(visitor: Visitor) -> str:
    """The home page once the web's short memory of a silent queue has passed."""
    page = visitor.get("/admin/")
    wait_until(lambda: DELAYED not in visitor.get("/admin/").text, 30)
    page = visitor.get("/admin/")
    return page.text


class _Asked:
    """The forms of one round, and what they should leave behind."""

    def __init__(
        self, rig: Rig, team: Team, person: Any, label: str, articles: int, others: int
    ) -> None:
        base = f"http://127.0.0.1:{rig.site_port}"
        words = [f"The port of {label} {number}" for number in range(2 * others)]
        self.label, self.team, self.person = label, team, person
        self.articles = articles
        self.takes = [
            rows.ready_ticket(team, f"{text} handled 48,000 tonnes of salt in 2023.")
            for text in words[:others]
        ]
        self.publishes = [
            rows.decided_ticket(team, person, f"{text} handled 51,000 tonnes of salt in 2023.")
            for text in words[others:]
        ]
        self.held_before = self._count_held()
        self.retries = [rows.failed_job(team, base, f"retry-{label}", n) for n in range(others)]

    def send(self, visitor: Visitor) -> list[Page]:
        sent = [
            visitor.post(
                "/admin/add/",
                kind="text",
                team=self.team.pk,
                title=self._title(number),
                text=f"In 2023 the harbour of {self.label} {number} handled 48,000 tonnes of salt, "
                "and exports rose by 12 per cent.\n\nThe mayor was pleased.",
            )
            for number in range(self.articles)
        ]
        sent += [
            visitor.post("/admin/claims/ticket/take-next/", team=self.team.pk) for _ in self.takes
        ]
        sent += [
            visitor.post(f"/admin/claims/ticket/{one.pk}/publish/", version=one.version)
            for one in self.publishes
        ]
        sent += [visitor.post(f"/admin/claims/job/{one.pk}/retry/") for one in self.retries]
        return sent

    def count_saved(self) -> int:
        titles = [self._title(number) for number in range(self.articles)]
        unfailed = Job.objects.filter(pk__in=[one.pk for one in self.retries])
        return (
            Article.objects.filter(title__in=titles).count()
            + self._count_held()
            - self.held_before
            + self._count(self.publishes, TicketState.PUBLISHED)
            + unfailed.exclude(state=JobState.FAILED).count()
        )

    def count_done(self) -> int:
        """Saved, and the machine's share of it done."""
        titles = [self._title(number) for number in range(self.articles)]
        articles = Article.objects.filter(title__in=titles).values("pk")
        done = Job.objects.filter(state=JobState.DONE)
        return (
            done.filter(kind="detect", subject_id__in=articles).count()
            + self._count_held()
            - self.held_before
            + self._count(self.publishes, TicketState.PUBLISHED)
            + done.filter(pk__in=[one.pk for one in self.retries]).count()
        )

    def _title(self, number: int) -> str:
        return f"Salt {self.label} {number}"

    def _count_held(self) -> int:
        """Whatever was most urgent: of an earlier round's articles there may be tickets too."""
        return Ticket.objects.filter(state=TicketState.IN_REVIEW, reserved_by=self.person).count()

    @staticmethod
    def _count(tickets: list[Ticket], state: TicketState) -> int:
        return Ticket.objects.filter(pk__in=[one.pk for one in tickets], state=state).count()
