"""Move a visit: its doctor's board; the old time is kept until the new one is sure."""

from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from medibook.appointments import service as appointments
from medibook.appointments.pages.series_views import series_view
from medibook.appointments.pages.visit_words import VisitView, visit_view
from medibook.appointments.pages.whom import for_banner
from medibook.kernel.actor import patient
from medibook.kernel.application import current
from medibook.kernel.errors import NotFound
from medibook.scheduling import service as scheduling
from medibook.scheduling.pages.board import wish_of
from medibook.scheduling.pages.board_state import BoardState, board_section
from medibook.scheduling.rules import SlotTaken
from medibook.scheduling.schemas import FreeTime, SlotWish
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    back_link,
    banner,
    button,
    card,
    empty_state,
    error_summary,
    form,
    link,
    link_button,
    skeleton,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page


class Move(BoardState, rx.State):
    """The visit, the board, and the time that was chosen for it."""

    ready: bool = False
    gone: bool = False
    visit: VisitView = VisitView()
    back: str = ""
    chosen: str = ""
    chosen_words: str = ""
    other_times: str = ""
    along_href: str = ""  # of a series: the visits that could move by the same shift

    @rx.event
    @allow(patient)
    async def load(self) -> None:
        """Show the visit and either the board or the chosen time."""
        self.ready = self.gone = False
        self.chosen = ""
        try:
            found = await self._perform(appointments.visit, appointment_id=UUID(self._query("id")))
        except (ValueError, NotFound):
            self.gone = True
            return
        _ = self._words()
        me = self._actor().patient_id
        self.visit = visit_view(_, found, current().clock.now(), me=me)
        self._patient_id = str(found.patient_id)
        self.back = self.visit.href
        here = f"/visit/move/?id={found.appointment_id}"
        self.other_times = _.href(here)
        wish = SlotWish.from_address(self._query("slot"))
        try:
            if wish is not None and wish.practitioner_id == found.practitioner_id:
                await self._choose(wish)
        except (
            SlotTaken
        ) as taken:  # between the board and the click: the board follows all the same
            self._say_kept(taken)
        await self._show_board(found.practitioner_id, found.service_id, here=here, href=self._href)
        self.ready = True

    def _href(self, free: FreeTime) -> str:
        return self._words().href(f"/visit/move/?id={self.visit.key}&slot={wish_of(free).address}")

    async def _choose(self, wish: SlotWish) -> None:
        offered = await self._perform(
            appointments.offered_time, wish=wish, for_patient=claimed_id(self._patient_id)
        )
        view = self._words()
        place = await self._perform(
            appointments.series_of_visit, appointment_id=claimed_id(self.visit.key)
        )
        to = f"&do=move&to={int(wish.starts_at.timestamp())}&scope=following"
        change = series_view(view, place, self.visit.key).change_href
        self.along_href = change + to if change else ""
        self.chosen = wish.address
        self.chosen_words = view.long_moment(offered.starts_at, ZoneInfo(offered.zone))

    @rx.event
    @allow(patient)
    async def refresh(self) -> None:
        """A time was taken or came free."""
        await self._renew_board(self._href)

    @rx.event
    @allow(patient)
    async def move(self) -> EventSpec | None:
        """Take the chosen time; when somebody was faster, the old one is still there."""
        wish, visit_id = SlotWish.from_address(self.chosen), claimed_id(self.visit.key)
        if wish is None:
            return None
        try:
            whom = claimed_id(self._patient_id)
            held = await self._perform(
                scheduling.hold_slot, wish=wish, moves=visit_id, for_patient=whom
            )
            await self._perform(
                appointments.move_appointment, appointment_id=visit_id, hold_id=held.hold_id
            )
        except SlotTaken as taken:
            self._say_kept(taken)
            await self._renew_board(self._href)
            return None
        return rx.redirect(self._words().href(f"/visit/?id={visit_id}&new=moved"), replace=True)

    def _say_kept(self, taken: SlotTaken) -> None:
        _ = self._words()
        self.chosen = ""
        self.problem = " ".join([taken.message(_), _("Your old time is kept.")])


@page(
    "/visit/move",
    title=N_("Move your visit"),
    description=N_("Choose another time; the old one is kept until then."),
    on_load=[Move.load],
)
def move(_: Translator) -> rx.Component:
    """The page that moves a visit."""
    return rx.el.div(
        back_link(_("Back to the visit"), href=Move.back),
        rx.el.h1(_("Move your visit")),
        error_summary(_, Move.problem),
        rx.cond(~Move.gone, for_banner(Move.visit.for_line)),
        rx.cond(
            Move.gone,
            empty_state(
                _("We could not find this visit in your account."),
                link_button(_("Your visits"), href=_.href("/visits/")),
                icon_name="search",
            ),
            rx.cond(
                Move.ready,
                rx.fragment(_now(_), rx.cond(Move.chosen, _confirm(_), _board(_))),
                card(skeleton(_, kind="board", rows=6)),
            ),
        ),
        class_name="stack",
    )


def _now(_: Translator) -> rx.Component:
    v = Move.visit
    return banner(
        rx.el.p(_("Now:"), " ", rx.el.strong(v.long_when), " · ", v.practitioner, " · ", v.place),
        rx.el.p(_("This time is kept until the new one is sure."), class_name="small"),
        tone="teal", icon_name="calendar-days",
    )  # fmt: skip


def _confirm(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("Move it to this time?")),
        rx.el.p(rx.el.span(Move.visit.long_when, class_name="struck")),
        rx.el.p(rx.el.strong(Move.chosen_words)),
        rx.el.p(Move.visit.rule, class_name="meta"),
        form(
            rx.el.div(
                button(_("Yes, move it"), kind="primary", submit=True, busy=Move.busy),
                link(_("Choose another time"), href=Move.other_times, class_name="button"),
                class_name="row",
            ),
            on_submit=lambda _data: Move.move(),
        ),
        rx.cond(
            Move.along_href,
            rx.el.p(
                _("This visit belongs to a series."),
                " ",
                link(_("Move the others by the same shift"), href=Move.along_href),
            ),
        ),
    )


def _board(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("Choose a new time"), id="times", tab_index=-1),
        board_section(_, Move, name=_("Free times"), hidden={"id": Move.visit.key}),
    )
