"""The front desk's screen: the clinic's day with a column for each doctor; live."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from medibook.appointments import service as appointments
from medibook.appointments.pages.desk_grid import day_grid
from medibook.appointments.pages.desk_panel import VisitAtDesk, visit_panel
from medibook.appointments.pages.desk_views import (
    DeskColumnView,
    HourMark,
    column_views,
    hour_marks,
    span_of_day,
)
from medibook.appointments.schemas.desk import ClinicDay
from medibook.kernel.actor import Role, admin, staff
from medibook.kernel.application import current
from medibook.people.pages.account_fields import hidden
from medibook.ui.claims import claimed_day, claimed_page
from medibook.ui.components import (
    Option,
    button,
    earlier_and_later,
    empty_state,
    error_summary,
    field,
    link,
    link_button,
    native_form,
    select,
    skeleton,
    status_line,
)
from medibook.ui.components.keys import Key, keys_button
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, count_waiting, page

count_waiting(Role.STAFF, appointments.count_waiting, topic=lambda _: "desk")

EVERYWHERE = "all"
_ACROSS = 24  # columns on one screen; a bigger clinic has further ones


class Desk(VisitAtDesk, rx.State):
    """The day that the address names, at the place that it names."""

    ready: bool = False
    title: str = ""
    day: str = ""
    is_today: bool = True
    summary: str = ""
    waiting: str = ""
    place: str = ""
    places: list[Option] = []
    columns: list[DeskColumnView] = []
    marks: list[HourMark] = []
    minutes: int = 0
    earlier: str = ""
    later: str = ""
    fewer: str = ""
    more: str = ""
    chosen: str = ""
    people: list[Option] = []

    @rx.event
    @allow(staff | admin)
    async def load(self) -> None:
        """Show the day, or today; at the place, or where most doctors work."""
        self.day, self.said = self._query("on"), ""
        self.place = await self._place()
        self._close()
        await self._show()
        self.ready = True

    @rx.event
    @allow(staff | admin)
    async def refresh(self) -> None:
        """Something was booked, moved, cancelled or held, or somebody has come."""
        await self._show()

    @rx.event
    @allow(staff | admin)
    async def choose(self, key: str) -> None:
        """Show another doctor, on a phone, where there is room for one."""
        self.chosen = key
        await self._show()

    @rx.event
    @allow(staff | admin)
    async def choose_place(self, key: str) -> EventSpec:
        """Show the same day at another place."""
        return rx.redirect(self._words().href(f"/desk/?{urlencode({'on': self.day, 'at': key})}"))

    async def _show(self) -> None:
        _, now = self._words(), current().clock.now()
        first = (claimed_page(self._query("columns")) - 1) * _ACROSS
        found = await self._perform(
            appointments.clinic_day,
            on=claimed_day(self.day),
            location_id=_id(self.place),
            first=first,
            most=_ACROSS,
        )
        waiting = await self._perform(appointments.count_waiting)
        span = span_of_day(found)
        self.minutes = span[1] - span[0]
        self.marks = hour_marks(_, found, span)
        views = column_views(_, found, span=span, now=now)
        self._choose_among(views)
        self._say_day(_, found, waiting)
        self._link(_, found, first)
        await self._renew_panel()
        self._follow("desk", *[f"practitioner:{c.practitioner_id}" for c in found.columns])

    def _choose_among(self, views: list[DeskColumnView]) -> None:
        if self.chosen not in {view.key for view in views}:
            self.chosen = views[0].key if views else ""
        self.columns = [view.chosen_if(self.chosen) for view in views]
        self.people = [Option(value=view.key, label=view.name) for view in views]

    def _say_day(self, _: Translator, found: ClinicDay, waiting: int) -> None:
        self.title = _.date(found.day)
        self.day, self.is_today = found.day.isoformat(), found.day == found.today
        self.summary = _.plural("{count} visit", "{count} visits", found.visits)
        self.waiting = (
            _.plural("{count} person waiting", "{count} people waiting", waiting) if waiting else ""
        )
        self.places = [
            Option(value=EVERYWHERE, label=_("All places")),
            *[Option(value=str(p.location_id), label=p.name) for p in found.places],
        ]

    def _link(self, _: Translator, found: ClinicDay, first: int) -> None:
        day, one = found.day, timedelta(days=1)
        at = f"&at={self.place}"
        self.earlier = _.href(f"/desk/?on={day - one}{at}")
        self.later = _.href(f"/desk/?on={day + one}{at}")
        here, number = f"/desk/?on={day}{at}", first // _ACROSS + 1
        self.fewer = _.href(f"{here}&columns={number - 1}") if number > 1 else ""
        further = first + _ACROSS < found.practitioners
        self.more = _.href(f"{here}&columns={number + 1}") if further else ""

    async def _place(self) -> str:
        """The place that the address names; else the one where most doctors work that day."""
        asked = self._query("at")
        if asked == EVERYWHERE or _id(asked) is not None:
            return asked
        found = await self._perform(appointments.busiest_place, on=claimed_day(self.day))
        return str(found) if found else EVERYWHERE


def _id(claim: str) -> UUID | None:
    try:
        return UUID(claim)
    except ValueError:
        return None


@page(
    "/desk",
    title=N_("Front desk"),
    description=N_("The clinic's day: who works, who comes, what is free."),
    on_load=[Desk.load],
)
def desk(_: Translator) -> rx.Component:
    """The clinic's day."""
    return rx.el.div(
        _head(_),
        error_summary(_, Desk.problem),
        status_line(Desk.said),
        _bar(_),
        rx.cond(
            Desk.ready,
            _day(_),
            rx.el.div(skeleton(_, kind="rows", rows=5), class_name="desk desk--waiting"),
        ),
        rx.cond(
            Desk.fewer + Desk.more,
            earlier_and_later(
                _, earlier=Desk.fewer, later=Desk.more,
                earlier_label=_("Doctors before"), later_label=_("More doctors"),
            ),
        ),
        visit_panel(_, Desk),
        class_name="stack",
    )  # fmt: skip


def _head(_: Translator) -> rx.Component:
    waiting = rx.fragment(" · ", link(Desk.waiting, href=_.href("/desk/arrivals/")))
    return rx.el.header(
        rx.el.div(
            rx.el.h1(rx.cond(Desk.title, Desk.title, _("Front desk"))),
            rx.el.p(
                rx.cond(Desk.is_today, _("Today") + " · ", ""),
                Desk.summary,
                rx.cond(Desk.waiting, waiting),
                class_name="lead",
            ),
            class_name="stack stack--tight",
        ),
        # There from the first moment, or all below would jump when it is known who looks.
        rx.cond(Frame.role != "admin", _ways(_)),
        class_name="row row--between desk__title",
    )


def _day(_: Translator) -> rx.Component:
    return rx.cond(
        Desk.columns.length() > 0,
        day_grid(
            _,
            columns=Desk.columns,
            marks=Desk.marks,
            minutes=Desk.minutes,
            on_visit=Desk.open_visit,
        ),
        empty_state(_("Nobody works at this place on this day."), icon_name="calendar-days"),
    )


def _ways(_: Translator) -> rx.Component:
    book = _.href("/desk/book/?at=") + Desk.place
    keys = [
        Key(sign="W", words=_("Walk-in")),
        Key(sign="B", words=_("Book")),
        Key(sign="A", words=_("Arrivals")),
    ]
    return rx.el.div(
        keys_button(_, keys),
        link_button(
            _("Arrivals"), href=_.href("/desk/arrivals/"), icon_name="armchair", data_shortcut="a"
        ),
        link_button(_("Waiting list"), href=_.href("/desk/waitlist/"), icon_name="hourglass"),
        link_button(_("Follow-ups"), href=_.href("/follow-ups/"), icon_name="calendar-clock"),
        link_button(_("Answers by SMS"), href=_.href("/desk/messages/"), icon_name="mail"),
        link_button(_("Book"), href=book, icon_name="phone", data_shortcut="b"),
        link_button(
            _("Walk-in"), href=book + "&walkin=1", kind="primary", icon_name="user-plus",
            data_shortcut="w",
        ),
        class_name="row noprint",
    )  # fmt: skip


def _bar(_: Translator) -> rx.Component:
    return rx.el.div(
        rx.el.nav(
            link_button(_("Day before"), href=Desk.earlier, kind="small"),
            link_button(_("Today"), href=_.href("/desk/?at=") + Desk.place, kind="small"),
            link_button(_("Day after"), href=Desk.later, kind="small"),
            class_name="row",
            aria_label=_("Other days"),
        ),
        native_form(
            hidden("at", Desk.place),
            field(_, "on", _("Date"), kind="date", default_value=Desk.day, key=Desk.day),
            button(_("Show"), submit=True, kind="small"),
            action="",
            method="get",
            class_name="desk__bar desk__bar--one",
        ),
        rx.el.div(
            select(
                _, "place", _("Place"), Desk.places, value=Desk.place, on_change=Desk.choose_place
            ),
            class_name="desk__bar",
        ),
        rx.el.div(
            select(_, "who", _("Doctor"), Desk.people, value=Desk.chosen, on_change=Desk.choose),
            class_name="desk__choose",
        ),
        class_name="desk__bar row--between noprint",
    )
