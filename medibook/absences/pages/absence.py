"""A doctor is ill: choose who and when, look at the plan, start it, and see who answers."""

from datetime import date, time
from typing import Final
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from medibook.absences import service as absences
from medibook.absences.pages.absence_parts import absence_page
from medibook.absences.pages.absence_views import (
    LineView,
    ProposalView,
    RunningView,
    VideoView,
    line_views,
    period_words,
    proposal_views,
    running_views,
    since_words,
    undone_words,
    video_options,
    video_views,
)
from medibook.absences.schemas import Board, CaseState, NewAbsence, Preview
from medibook.kernel.actor import Role, admin, practitioner, staff
from medibook.kernel.application import current
from medibook.kernel.errors import Invalid
from medibook.scheduling import service as scheduling
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_day, claimed_id, claimed_time
from medibook.ui.components import Option
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page

_ANSWERED: Final = (CaseState.TAKEN, CaseState.DECLINED, CaseState.SETTLED)
_VIDEO: Final = "video-"


class Absence(AppState, rx.State):
    """The absence that the address names: nobody's yet, a plan to look at, or one that runs."""

    ready: bool = False
    stage: str = "choose"
    said: str = ""
    title: str = ""
    period: str = ""
    whose: str = ""
    is_own: bool = False
    looked_for: str = ""
    owners: list[Option] = []
    running: list[RunningView] = []
    first: str = ""
    last: str = ""
    starts: str = ""
    ends: str = ""
    proposals: list[ProposalView] = []
    affected: str = ""
    to_call: str = ""
    videos: list[VideoView] = []
    video_choices: list[Option] = []
    runs_already: str = ""
    lines: list[LineView] = []
    answered: int = 0
    most: int = 0
    calls: str = ""
    started: str = ""
    undone: str = ""
    may_undo: bool = False
    may_act: bool = True

    @rx.event
    @allow(practitioner | staff | admin)
    async def load(self) -> None:
        """Show what the address names."""
        self.said, role = "", self._actor().role
        self.is_own, self.may_act = role is Role.PRACTITIONER, role is not Role.ADMIN
        await self._show()
        self.ready = True

    @rx.event
    @allow(practitioner | staff | admin)
    async def refresh(self) -> None:
        """Somebody has answered, or was told."""
        await self._show()

    @rx.event
    @allow(practitioner | staff)
    async def start(self) -> EventSpec:
        """Start the plan that is shown."""
        plan_id = await self._perform(absences.start_absence, new=self._asked())
        return rx.redirect(self._words().href(f"/desk/absence/?plan={plan_id}"))

    @rx.event
    @allow(practitioner | staff)
    async def undo(self) -> None:
        """Take the whole plan back."""
        await self._perform(absences.undo_absence, plan_id=claimed_id(self._query("plan")))
        await self._show()
        self.said = self._words()(N_("Taken back. Every visit stays as it was."))

    @rx.event
    @allow(practitioner | staff)
    async def take(self, key: str, choice: str) -> None:
        """Record that the patient wants this time."""
        await self._answer(
            absences.take_alternative,
            case_id=claimed_id(key),
            alternative_id=claimed_id(choice),
        )
        self.said = self._words()(N_("Saved: the visit is at this time from now on."))

    @rx.event
    @allow(practitioner | staff)
    async def decline(self, key: str) -> None:
        """Record that the patient wants none of the times."""
        await self._answer(absences.decline_alternatives, case_id=claimed_id(key))
        self.said = self._words()(N_("Saved: the visit is cancelled."))

    @rx.event
    @allow(practitioner | staff)
    async def reach(self, key: str, reached: bool) -> None:  # noqa: FBT001 - a browser's argument
        """Tick that somebody has spoken to the patient, or take the tick away."""
        await self._answer(absences.note_reached, case_id=claimed_id(key), reached=reached is True)

    async def _answer(self, story: object, **claims: object) -> None:
        try:
            await self._perform(story, **claims)
        finally:
            await self._show()

    async def _show(self) -> None:
        if plan := self._query("plan"):
            await self._show_board(claimed_id(plan))
        elif self._whose() is not None and self._query("first"):
            await self._show_plan()
        else:
            await self._show_choice()

    async def _show_choice(self) -> None:
        _, name = self._words(), self._query("name")[:80]
        self.stage, self.looked_for, self.owners = "choose", name, []
        whose = self._whose()
        self.whose = str(whose or "")
        self.first = str(current().clock.now().date())
        if self.may_act and not self.is_own and name.strip():
            found = await self._perform(scheduling.owners_named, text=name)
            self.owners = [Option(value=str(who), label=label) for who, label in found]
        self.running = running_views(_, await self._perform(absences.running_absences))
        self._follow("desk")

    async def _show_plan(self) -> None:
        self.stage = "plan"
        self.whose = str(self._whose() or "")
        new = self._asked()
        seen = await self._perform(absences.preview_absence, new=new)
        self._say_plan(self._words(), seen, new)
        self._follow("desk", f"practitioner:{seen.practitioner_id}")

    def _say_plan(self, _: Translator, seen: Preview, new: NewAbsence) -> None:
        self.title = seen.practitioner_name
        self.period = period_words(_, seen.period, seen.zone)
        self.first, self.last = str(seen.first_day), str(seen.last_day)
        self.starts = new.starts.isoformat("minutes") if new.starts else ""
        self.ends = new.ends.isoformat("minutes") if new.ends else ""
        self.proposals = proposal_views(_, seen)
        count = len(seen.proposals)
        self.affected = _.plural("{count} patient", "{count} patients", count) if count else ""
        calls = sum(not one.is_reachable for one in seen.proposals)
        self.to_call = (
            _.plural("{count} has to be called", "{count} have to be called", calls)
            if calls
            else ""
        )
        self.videos = video_views(_, seen, dict(new.video_instead))
        self.video_choices = video_options(_, seen)
        running = seen.running_id
        self.runs_already = _.href(f"/desk/absence/?plan={running}") if running else ""

    async def _show_board(self, plan_id: UUID) -> None:
        self.stage = "board"
        found: Board = await self._perform(absences.absence_board, plan_id=plan_id)
        _ = self._words()
        self.title, self.period = (
            found.practitioner_name,
            period_words(_, found.period, found.zone),
        )
        self.lines = line_views(_, found)
        self.most = len(found.lines)
        self.answered = sum(line.case.state in _ANSWERED for line in found.lines)
        calls = sum(line.must_call for line in found.lines)
        self.calls = (
            _.plural("{count} call to make", "{count} calls to make", calls) if calls else ""
        )
        self.started = since_words(_, found.started_at, current().clock.now())
        self.undone = undone_words(_, found)
        self.may_undo = found.may_undo and self.may_act
        self._follow(f"plan:{plan_id}", "promises")

    def _whose(self) -> UUID | None:
        """Whose absence it is: practitioners their own, the front desk says whose."""
        actor = self._actor()
        if actor.role is Role.PRACTITIONER:
            return actor.practitioner_id
        asked = self._query("whose")
        return claimed_id(asked) if asked and self.may_act else None

    def _asked(self) -> NewAbsence:
        """The absence as the address says it; raises Invalid at what cannot be read."""
        whose = self._whose()
        if whose is None:
            raise Invalid({"whose": N_("Choose a doctor.")})
        return NewAbsence(
            practitioner_id=whose,
            first_day=self._day("first"),
            last_day=self._day("last"),
            starts=self._clock("from"),
            ends=self._clock("until"),
            video_instead=self._videos_asked(),
        )

    def _day(self, name: str) -> date | None:
        said = self._query(name)
        day = claimed_day(said)
        if day is None and said not in ("", "today"):
            raise Invalid({f"{name}_day": N_("Choose a day.")})
        return day

    def _clock(self, name: str) -> time | None:
        said = self._query(name)
        clock = claimed_time(said)
        if clock is None and said:
            raise Invalid({"starts": N_("Give a time, like 09:00.")})
        return clock

    def _videos_asked(self) -> dict[UUID, UUID]:
        asked = self.router.url.query_parameters
        return {
            claimed_id(str(name)[len(_VIDEO) :]): claimed_id(value)
            for name, value in asked.items()
            if str(name).startswith(_VIDEO) and value
        }


@page(
    "/desk/absence",
    title=N_("A doctor is away"),
    description=N_("Other times for every patient, and who has answered."),
    on_load=[Absence.load],
)
def absence(_: Translator) -> rx.Component:
    """Choose, plan, board."""
    return absence_page(_, Absence)
