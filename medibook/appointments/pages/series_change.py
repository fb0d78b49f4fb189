"""Change several visits of a series: what would become of each is read before anything is written."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from medibook.appointments import service as appointments
from medibook.appointments.pages.series_views import obstacle_words, sees_all
from medibook.appointments.schemas.series import (
    ReadPlan,
    Scope,
    SeriesMove,
    SeriesPlan,
    SeriesStep,
)
from medibook.kernel.actor import patient, practitioner, staff
from medibook.kernel.application import current
from medibook.kernel.errors import NotFound
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    Tab,
    back_link,
    button,
    card,
    empty_state,
    error_summary,
    form,
    icon,
    link_button,
    skeleton,
    tabs,
    textarea,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What becomes of one visit."""

    key: str = ""
    before: str = ""
    after: str = ""
    why_not: str = ""


class ChangeSeries(AppState, rx.State):
    """A visit of a series, which others go with it, and what would become of each."""

    ready: bool = False
    gone: bool = False
    moves: bool = False
    scope: str = "following"
    all_href: str = ""
    following_href: str = ""
    back: str = ""
    steps: list[Step] = []
    label: str = ""
    stays: str = ""
    is_clinic: bool = False
    _read: ReadPlan | None = None

    @rx.event
    @allow(patient | practitioner | staff)
    async def load(self) -> None:
        """Show the plan."""
        self.ready = self.gone = False
        self.moves = self._query("do") == "move"
        self.scope = "all" if self._query("scope") == "all" else "following"
        self.is_clinic = sees_all(self._actor().role)
        try:
            await self._show()
        except NotFound:
            self.gone = True
        self.ready = True

    @rx.event
    @allow(patient | practitioner | staff)
    async def change(self, form_data: dict[str, str]) -> EventSpec | None:
        """Do what was read, or nothing; sent twice, it is done once."""
        if self._read is None:
            raise NotFound
        which = {"appointment_id": claimed_id(self._query("id")), "scope": Scope(self.scope)}
        if self.moves:
            move = SeriesMove(**which, to_time=self._to_time())
            done = await self._perform(appointments.move_series, move=move, read=self._read)
        else:
            done = await self._perform(
                appointments.cancel_series,
                **which,
                read=self._read,
                reason=str(form_data.get("reason", ""))[:300],
            )
        return rx.redirect(self._words().href(f"/series/?id={done.series_id}"), replace=True)

    def _to_time(self) -> datetime:
        said = self._query("to")
        if not said.isdecimal() or len(said) > 11:
            raise NotFound
        return datetime.fromtimestamp(int(said), UTC)

    async def _show(self) -> None:
        visit_id, scope = claimed_id(self._query("id")), Scope(self.scope)
        if self.moves:
            move = SeriesMove(appointment_id=visit_id, scope=scope, to_time=self._to_time())
            plan = await self._perform(appointments.plan_series_move, move=move)
        else:
            plan = await self._perform(
                appointments.plan_series_cancel, appointment_id=visit_id, scope=scope
            )
        self._read = ReadPlan(
            version=plan.version, staying=plan.staying, key=current().ids.new_id().hex
        )
        self._say(plan)
        what = f"do=move&to={self._query('to')}" if self.moves else "do=cancel"
        here = self._words().href(f"/series/change/?id={visit_id}&{what}")
        self.all_href, self.following_href = f"{here}&scope=all", f"{here}&scope=following"
        self.back = self._words().href(f"/visit/?id={visit_id}")

    def _say(self, plan: SeriesPlan) -> None:
        _ = self._words()
        self.steps = [self._step(step) for step in plan.steps]
        going, staying = len(plan.steps) - len(plan.staying), len(plan.staying)
        self.label = (
            _.plural("Move {count} visit", "Move {count} visits", going)
            if self.moves
            else _.plural("Cancel {count} visit", "Cancel {count} visits", going)
        )
        self.label = self.label if going else ""
        self.stays = (
            _.plural("{count} visit stays as it is.", "{count} visits stay as they are.", staying)
            if staying
            else ""
        )

    def _step(self, step: SeriesStep) -> Step:
        _, zone = self._words(), ZoneInfo(step.visit.zone)
        why = obstacle_words(_, step.obstacle, in_full=self.is_clinic) if step.obstacle else ""
        return Step(
            key=str(step.visit.appointment_id),
            before=_.moment(step.visit.starts_at, zone),
            after=_.moment(step.new_start, zone) if step.new_start else "",
            why_not=why,
        )


@page(
    "/series/change",
    title=N_("Change a series"),
    description=N_("What would become of each visit, before anything is changed."),
    on_load=[ChangeSeries.load],
)
def change_series(_: Translator) -> rx.Component:
    """The page that moves or cancels several visits."""
    state = ChangeSeries
    return rx.el.div(
        rx.cond(state.back, back_link(_("Back to the visit"), href=state.back)),
        rx.el.h1(rx.cond(state.moves, _("Move several visits"), _("Cancel several visits"))),
        error_summary(_, state.problem, state.problems),
        rx.cond(
            state.gone,
            empty_state(
                _("We could not find this series in your account."),
                link_button(_("Your visits"), href=_.href("/visits/")),
                icon_name="search",
            ),
            rx.cond(
                state.ready,
                _plan(_),
                rx.cond(state.problem == "", card(skeleton(_, kind="lines", rows=8))),
            ),
        ),
        class_name="stack narrow",
    )


def _plan(_: Translator) -> rx.Component:
    state = ChangeSeries
    return rx.fragment(
        tabs(
            [
                Tab(label=_("This and the following"), href=state.following_href,
                    current=state.scope == "following"),
                Tab(label=_("All to come"), href=state.all_href, current=state.scope == "all"),
            ],
            name=_("Which visits?"),
        ),
        card(
            rx.el.ol(rx.foreach(state.steps, lambda step: _line(_, step)), class_name="series__dates"),
            rx.cond(state.stays, rx.el.p(rx.el.strong(state.stays), role="status")),
            rx.el.p(_("Past visits never change. Nothing is changed before you say so."),
                    class_name="meta"),
        ),
        rx.cond(
            state.label,
            _confirm(_),
            rx.el.p(_("None of these visits can be changed this way."), class_name="lead"),
        ),
    )  # fmt: skip


def _confirm(_: Translator) -> rx.Component:
    state = ChangeSeries
    moves = button(state.label, submit=True, busy=state.busy, kind="primary")
    cancels = button(state.label, submit=True, busy=state.busy, kind="danger-solid")
    why = textarea(
        _, "reason", _("Why?"), optional=True, max_length=300,
        hint=_("The other side will read this. The clinic always gives a reason."),
        error=state.problems["reason"],
    )  # fmt: skip
    return form(
        rx.cond(state.moves, rx.fragment(), why),
        rx.el.div(
            rx.cond(state.moves, moves, cancels),
            link_button(_("Leave everything as it is"), href=state.back),
            class_name="row",
        ),
        on_submit=state.change,
    )


def _line(_: Translator, step: Step) -> rx.Component:
    goes = rx.cond(
        ChangeSeries.moves,
        rx.el.p(
            icon("arrow-right"),
            rx.el.span(step.before, class_name="struck"),
            " ",
            rx.el.strong(step.after),
            class_name="series__line series__line--ok",
        ),
        rx.el.p(
            icon("x"),
            rx.el.span(step.before, class_name="struck"),
            " ",
            rx.el.span(_("is cancelled"), class_name="meta"),
            class_name="series__line",
        ),
    )
    stays = rx.el.p(
        icon("info"),
        rx.el.strong(step.before),
        " ",
        rx.el.span(_("stays:"), " ", step.why_not, class_name="meta"),
        class_name="series__line series__line--no",
    )
    return rx.el.li(rx.cond(step.why_not, stays, goes), key=step.key)  # fmt: skip
