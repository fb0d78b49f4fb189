"""The heartbeats: a few fixed jobs that look into the rows; never one per appointment."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from medibook.absences.jobs import see_to_absences
from medibook.appointments.jobs import lapse_due_requests
from medibook.directory.jobs import mend_directory
from medibook.kernel.application import MediBook
from medibook.kernel.facts import Fact
from medibook.notifications.jobs import beat, deliver_messages, warn_of_overdue
from medibook.operations.jobs import tell_broadcasts
from medibook.reminders.jobs import write_due_follow_ups, write_due_reminders
from medibook.scheduling.jobs import release_ended_holds
from medibook.waitlist.jobs import lapse_offers, promote_open
from medibook.wiring import STILL_TRUE

log = logging.getLogger("medibook.scheduler")


@dataclass(frozen=True, slots=True)
class Job:
    """One heartbeat: what, and how often in seconds."""

    name: str
    run: Callable[[MediBook], object]
    every: int


def carry_out(medibook: MediBook) -> None:
    """Do all that committed facts ask for, whoever wrote them; claims keep two from doing it twice."""
    while medibook.carry_out_due():
        pass


def post(medibook: MediBook) -> None:
    """Send what is due, and leave a sign that somebody does."""
    deliver_messages(medibook, STILL_TRUE)
    beat(medibook)


JOBS = (
    Job("release-holds", release_ended_holds, every=15),
    Job("lapse-requests", lapse_due_requests, every=60),
    Job("see-to-absences", see_to_absences, every=60),
    Job("write-reminders", write_due_reminders, every=60),
    Job("write-follow-ups", write_due_follow_ups, every=300),
    Job("mend-directory", mend_directory, every=15),
    Job("effects", carry_out, every=15),
    Job("post", post, every=15),
    Job("broadcasts", tell_broadcasts, every=30),
    Job("warn-of-overdue", warn_of_overdue, every=300),
    Job("lapse-offers", lapse_offers, every=15),
    Job("promote-open", promote_open, every=300),
)


class Nudges:
    """Acts as soon as a commit of this process asks for it; the sweep every 15 seconds finds the rest.

    The post has a hand of its own: a provider that takes its time, or a day on which bookings never
    pause, must not keep messages from being written, or from leaving.
    """

    def __init__(self, medibook: MediBook) -> None:
        self._medibook = medibook
        self._loop = asyncio.get_running_loop()
        self._facts, self._mail = asyncio.Event(), asyncio.Event()

    def nudge(self, _facts: Sequence[Fact]) -> None:
        """Ring the bell; called after a commit, from any thread."""
        self._loop.call_soon_threadsafe(self._facts.set)

    async def follow(self) -> None:
        """Answer both bells, side by side."""
        async with asyncio.TaskGroup() as hands:
            hands.create_task(self._answer(self._facts, self._carry_out))
            hands.create_task(self._answer(self._mail, self._deliver))

    async def _answer(self, bell: asyncio.Event, run: Callable[[], object]) -> None:
        while True:
            await bell.wait()
            bell.clear()
            await asyncio.to_thread(_guarded, "nudge", run)

    def _carry_out(self) -> None:
        self._loop.call_soon_threadsafe(self._mail.set)
        while self._medibook.carry_out_due():
            self._loop.call_soon_threadsafe(self._mail.set)

    def _deliver(self) -> None:
        deliver_messages(self._medibook, STILL_TRUE)


@asynccontextmanager
async def heartbeats(medibook: MediBook) -> AsyncIterator[None]:
    """Run the jobs in threads for as long as the server lives."""
    nudges = Nudges(medibook)
    medibook.on_commit.append(nudges.nudge)
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    now = datetime.now(UTC)  # noqa: TID251 - the scheduler's own machine time, not the clinic's
    for job in JOBS:
        scheduler.add_job(
            _guarded,
            "interval",
            args=[job.name, lambda run=job.run: run(medibook)],
            seconds=job.every,
            jitter=job.every // 5,
            id=job.name,
            next_run_time=now,
        )
    following = asyncio.create_task(nudges.follow())
    scheduler.start()
    try:
        yield
    finally:
        following.cancel()
        medibook.on_commit.remove(nudges.nudge)
        scheduler.shutdown(wait=False)


def _guarded(name: str, run: Callable[[], object]) -> None:
    try:
        run()
    except Exception:  # a heartbeat that fails once must beat again
        log.exception("the job %s failed", name)
