"""The list of follow-ups: who should come again when, who was asked, who has booked, and who is not asked."""

from urllib.parse import urlencode

import reflex as rx

from medibook.kernel.actor import practitioner, staff
from medibook.reminders import service as reminders
from medibook.reminders.pages.words import STAGES, NextView, next_view
from medibook.reminders.schemas import FollowUpStage
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id, claimed_page
from medibook.ui.components import (
    Column,
    Option,
    button,
    earlier_and_later,
    empty_state,
    error_summary,
    field,
    link,
    native_form,
    select,
    skeleton,
    status_line,
    table,
    tag,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

PATH = "/follow-ups"


class FollowUps(AppState, rx.State):
    """A page of the list."""

    ready: bool = False
    search: str = ""
    stage: str = ""
    lines: list[NextView] = []
    earlier: str = ""
    later: str = ""
    said: str = ""
    undoes: str = ""

    @rx.event
    @allow(practitioner | staff)
    async def load(self) -> None:
        """Show what the address asks for."""
        self.search, self.said, self.undoes = self._query("q")[:80], "", ""
        asked = self._query("stage")
        self.stage = asked if asked in set(FollowUpStage) else FollowUpStage.PLANNED.value
        self._follow("follow-ups")
        await self._show()
        self.ready = True

    @rx.event
    @allow(practitioner | staff)
    async def refresh(self) -> None:
        """Something was planned, taken back, or settled by a visit."""
        await self._show()

    @rx.event
    @allow(practitioner | staff)
    async def take_back(self, key: str) -> None:
        """Ask nobody after all."""
        await self._perform(reminders.take_follow_up_back, follow_up_id=claimed_id(key))
        await self._show()
        self.said, self.undoes = self._words()(N_("Taken back. Nobody is asked.")), key

    @rx.event
    @allow(practitioner | staff)
    async def restore(self, key: str) -> None:
        """Undo that it was taken back."""
        await self._perform(reminders.restore_follow_up, follow_up_id=claimed_id(key))
        await self._show()
        self.said, self.undoes = self._words()(N_("It is planned again.")), ""

    async def _show(self) -> None:
        number = claimed_page(self._query("page"))
        stage = FollowUpStage(self.stage or FollowUpStage.PLANNED)
        found = await self._perform(
            reminders.follow_ups, stage=stage, text=self.search, page=number
        )
        self.lines = [next_view(self._words(), row) for row in found.rows]
        self.earlier = self._address(number - 1) if number > 1 else ""
        self.later = self._address(number + 1) if found.has_more else ""

    def _address(self, number: int) -> str:
        asked = {"q": self.search, "stage": self.stage, "page": str(number)}
        query = urlencode({name: value for name, value in asked.items() if value})
        return self._words().href(f"{PATH}/?{query}")


@page(
    PATH,
    title=N_("Follow-ups"),
    description=N_("Who should come again, and who has been asked to."),
    on_load=[FollowUps.load],
)
def follow_ups(_: Translator) -> rx.Component:
    """The list."""
    return rx.el.div(
        rx.el.h1(_("Follow-ups")),
        rx.el.p(_("Who should come again, and who has been asked to."), class_name="lead"),
        error_summary(_, FollowUps.problem),
        rx.el.div(
            status_line(FollowUps.said),
            rx.cond(
                FollowUps.undoes,
                button(_("Undo"), kind="small", on_click=FollowUps.restore(FollowUps.undoes)),
            ),
            class_name="row",
        ),
        rx.cond(
            FollowUps.ready,
            rx.fragment(_search(_), _list(_)),
            rx.cond(Frame.signed_in & (FollowUps.problem == ""), skeleton(_, kind="rows", rows=5)),
        ),
        class_name="stack",
    )


def _search(_: Translator) -> rx.Component:
    stages = [Option(value=stage.value, label=_(words)) for stage, (words, _t) in STAGES.items()]
    return native_form(
        field(
            _, "q", _("Patient"), optional=True, default_value=FollowUps.search, max_length=80,
            hint=_("Three letters of the name, or four digits of the phone number"),
        ),
        select(_, "stage", _("State"), stages, default_value=FollowUps.stage),
        button(_("Search"), submit=True, icon_name="search"),
        action=_.href(f"{PATH}/"),
        method="get",
        class_name="search search--short",
    )  # fmt: skip


def _list(_: Translator) -> rx.Component:
    rows = table(
        _("Follow-ups by date"),
        [
            Column(
                label=_("Patient"),
                draw=lambda row: link(rx.el.bdi(row.patient), href=row.after),
                header=True,
            ),
            Column(label=_("Date"), draw=lambda row: row.due),
            Column(label=_("With whom and for what"), draw=lambda row: row.whom),
            Column(label=_("State"), draw=lambda row: _state(row)),
            Column(label="", draw=lambda row: _way(_, row)),
        ],
        FollowUps.lines,
    )
    nobody = empty_state(
        rx.cond(
            FollowUps.search,
            _("Nobody of this name is in this list."),
            _("Nothing stands here. After a visit, choose “Come again…”."),
        ),
        icon_name="calendar-clock",
    )
    pager = earlier_and_later(
        _, earlier=FollowUps.earlier, later=FollowUps.later,
        earlier_label=_("Back"), later_label=_("More"),
    )  # fmt: skip
    return rx.cond(FollowUps.lines.length() > 0, rx.fragment(rows, pager), nobody)


def _state(row: rx.Var[NextView]) -> rx.Component:
    return rx.el.div(
        tag(row.state, tone=row.tone),
        rx.cond(row.why, rx.el.span(row.why, class_name="small")),
        class_name="stack stack--tight",
    )


def _way(_: Translator, row: rx.Var[NextView]) -> rx.Component:
    whom = rx.el.span(" · ", row.patient, class_name="unheard")
    return rx.cond(
        row.is_open,
        button(
            rx.fragment(_("Take it back"), whom),
            kind="small",
            on_click=FollowUps.take_back(row.key),
        ),
    )
