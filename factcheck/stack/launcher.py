"""The whole workbench in one command.

Promises that everything wanted is running when it says *Ready*, that a process
which ends is started again with a growing pause, and that Ctrl-C or SIGTERM
ends everything in order. Refuses a busy port and a second start on the same
state folder before anything is started.
"""

from __future__ import annotations

import http.client
import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from factcheck import env
from factcheck.stack import servers
from factcheck.stack.lock import Holder, StackLock, new_holder
from factcheck.stack.processes import Child, ServerRefused, StackBusy
from factcheck.stack.servers import Say, Servers
from factcheck.stack.state import DEFAULT_SAMPLE_PORT, StateFolder

_READY_SECONDS = 90.0
_PAUSES_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
# A process that ran this long is forgiven its earlier ends.
_STEADY_SECONDS = 60.0


class StopAsked(BaseException):
    """Ctrl-C or SIGTERM came before the workbench was ready."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start, and what the project does once the database answers."""

    port: int
    # Bring the schema up to date; called once the database answers.
    migrate: Callable[[Servers], None]
    # The sample web's port, or None without a demo.
    sample_port: int | None = None
    # Load the demo's data; called while the processes start.
    load_samples: Callable[[Servers], None] | None = None
    # Shown below the last line.
    closing_lines: tuple[str, ...] = ()


@dataclass(slots=True)
class _Watch:
    """How often a child ended, and when it may be started again."""

    ends: int = 0
    started_at: float = field(default_factory=time.monotonic)
    again_at: float | None = None


def run_workbench(state: StateFolder, plan: Plan, say: Say) -> None:
    """Start everything, say *Ready*, watch until asked to stop, stop in order."""
    url = f"http://127.0.0.1:{plan.port}/"
    with _locked(state, new_holder("workbench", url=url, has_workers=True)) as (lock, holder):
        _refuse_busy_ports(plan)
        if plan.sample_port:
            state.keep_sample_port(plan.sample_port)
        with _stop_signals() as is_stop_asked:
            stack = Servers(state, say)
            try:
                _start(stack, plan, lambda: lock.tell(replace(holder, is_ready=True)))
                say(f"Ready: {url}")
                for line in plan.closing_lines:
                    say(line)
                _watch(stack, is_stop_asked)
            except StopAsked:
                pass
            finally:
                is_stop_asked.hold()
                say("Stopping; a running task is let finish")
                stack.stop()
                say("Stopped")


def choose_sample_port(state: StateFolder, wanted: int | None) -> int:
    """The port of this state folder's sample web: as asked, as before, or the first free one."""
    if wanted:
        return wanted
    kept = state.sample_port()
    if kept:
        return kept
    candidates = range(DEFAULT_SAMPLE_PORT, DEFAULT_SAMPLE_PORT + 50)
    return next(filter(servers.is_port_free, candidates), DEFAULT_SAMPLE_PORT)


def _start(stack: Servers, plan: Plan, tell_database_ready: Callable[[], None]) -> None:
    state, say = stack.state, stack.say
    environ = servers.child_environ(state, sample_port=plan.sample_port)
    # Every process leads people to this port, not only the one that listens there.
    environ["FACTCHECK_PUBLIC_URL"] = env.read_text(
        "FACTCHECK_PUBLIC_URL", f"http://127.0.0.1:{plan.port}"
    )
    say(f"State folder: {state.root}")
    say("Starting PostgreSQL and Valkey")
    stack.start_database()
    stack.start_broker()
    plan.migrate(stack)
    tell_database_ready()
    say("Starting web, workers and beat")
    started = time.monotonic()
    if plan.sample_port:
        stack.start_child(servers.sample_web_child(state, plan.sample_port, environ))
    web = servers.web_child(state, plan.port, environ)
    stack.start_child(web)
    stack.start_child(servers.fetch_worker_child(state, environ))
    stack.start_child(servers.analyse_worker_child(state, environ))
    if plan.load_samples:
        plan.load_samples(stack)
    _wait_for_health(stack, plan.port, started)
    # Last, so that loading it does not slow the others down; its first task is seconds away.
    stack.start_child(servers.beat_child(state, environ))


def _wait_for_health(stack: Servers, port: int, started: float) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not _is_healthy(port, started):
        for child in stack.watched():
            if child.has_ended():
                raise ServerRefused(
                    f"{child.name} ended at once. {child.log} says:\n{child.last_words(15)}"
                )
        if time.monotonic() > deadline:
            raise ServerRefused(
                f"Not everything was ready within {_READY_SECONDS:g} s; see {stack.state.logs}."
            )
        time.sleep(0.05)


def _is_healthy(port: int, started: float) -> bool:
    """Whether all is well, and each queue was consumed by a worker started since."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        facts = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    ages = [queue["seconds_since"] for queue in facts["queues"].values()]
    return answer.status == 200 and all(age <= time.monotonic() - started for age in ages)


def _watch(stack: Servers, is_stop_asked: _Stop) -> None:
    """Start again what ends, until asked to stop."""
    watches: dict[str, _Watch] = {child.name: _Watch() for child in stack.watched()}
    while not is_stop_asked.wait(0.25):
        for child in stack.watched():
            if child.has_ended():
                _restart(stack, child, watches[child.name])


def _restart(stack: Servers, child: Child, watch: _Watch) -> None:
    now = time.monotonic()
    if watch.again_at is None:
        watch.ends = 0 if now - watch.started_at > _STEADY_SECONDS else watch.ends
        pause = _PAUSES_SECONDS[min(watch.ends, len(_PAUSES_SECONDS) - 1)]
        watch.ends += 1
        watch.again_at = now + pause
        code = child.running.returncode if child.running else None
        stack.say(f"{child.name} ended ({code}); starting it again in {pause:g} s; see {child.log}")
    elif now >= watch.again_at:
        watch.again_at, watch.started_at = None, now
        # What the old one left in its group must not meet the new one.
        child.stop(stack.janitor)
        child.start(stack.janitor)
        stack.say(f"{child.name} is started again")


def _refuse_busy_ports(plan: Plan) -> None:
    for port, what, cure in (
        (plan.port, "the web server", "PORT=8001 make demo, or --port 8001"),
        (plan.sample_port, "the sample web", "FACTCHECK_SAMPLE_PORT=8766"),
    ):
        if port and not _becomes_free(port):
            raise StackBusy(
                f"Port {port}, wanted for {what}, is in use by another program. "
                f"Stop that one or choose another port: {cure}."
            )


def _becomes_free(port: int) -> bool:
    """Whether the port is free, now or in a second: a killed launcher's server may be going."""
    deadline = time.monotonic() + 1.0
    while not servers.is_port_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def _locked(state: StateFolder, holder: Holder) -> Iterator[tuple[StackLock, Holder]]:
    lock = StackLock(state)
    if not lock.take(holder):
        raise StackBusy(describe_holder(state, lock.read_holder()))
    try:
        yield lock, holder
    finally:
        lock.release()


def describe_holder(state: StateFolder, holder: Holder | None) -> str:
    """One sentence for whoever comes second to a state folder."""
    if holder and holder.what != "workbench":
        return (
            f"The command {holder.what} (process {holder.pid}) uses the state folder {state.root} "
            "right now. Start again when it has ended."
        )
    where = f" at {holder.url} (process {holder.pid})" if holder else ""
    return (
        f"A workbench already runs on the state folder {state.root}{where}. "
        "Use that one, or set FACTCHECK_STATE to another folder."
    )


class _Stop:
    """Whether somebody asked to stop; raises at once while things are being started."""

    def __init__(self) -> None:
        self.is_asked = False
        self._may_raise = True

    def ask(self, _number: int, _frame: object) -> None:
        first, self.is_asked = not self.is_asked, True
        if first and self._may_raise:
            raise StopAsked

    def hold(self) -> None:
        """From now on only note that somebody asked."""
        self._may_raise = False

    def wait(self, seconds: float) -> bool:
        """Sleep; whether somebody asked."""
        time.sleep(seconds)
        return self.is_asked


@contextmanager
def _stop_signals() -> Iterator[_Stop]:
    stop = _Stop()
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asked to go on
        numbers.append(signal.SIGHUP)
    before = [signal.signal(number, stop.ask) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
