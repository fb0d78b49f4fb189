"""A series: all its visits in the order of their times, and the ways to change several at once."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments import service as appointments
from medibook.appointments.pages.visit_words import visit_view
from medibook.appointments.schemas.series import SeriesCard
from medibook.appointments.service.series.words import rule_words
from medibook.kernel.actor import patient, practitioner, staff
from medibook.kernel.application import current
from medibook.kernel.errors import NotFound
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    back_link,
    card,
    empty_state,
    error_summary,
    link,
    link_button,
    panel,
    skeleton,
    status_pill,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One visit of the series."""

    key: str = ""
    href: str = ""
    when: str = ""
    status: str = ""
    alone: bool = False


class Series(AppState, rx.State):
    """The series that the address names."""

    ready: bool = False
    gone: bool = False
    is_new: bool = False
    rule: str = ""
    with_whom: str = ""
    service: str = ""
    zone: str = ""
    told: str = ""
    left_out: str = ""
    move_href: str = ""
    cancel_href: str = ""
    rows: list[Row] = []

    @rx.event
    @allow(patient | practitioner | staff)
    async def load(self) -> None:
        """Show the series."""
        self.ready = self.gone = False
        self.is_new = self._query("new") == "1"
        try:
            await self._show()
        except NotFound:
            self.gone = True
        self.ready = True

    @rx.event
    @allow(patient | practitioner | staff)
    async def refresh(self) -> None:
        """A visit of the series was moved or cancelled elsewhere."""
        await self._show()

    async def _show(self) -> None:
        found = await self._perform(
            appointments.whole_series, series_id=claimed_id(self._query("id"))
        )
        self._say(found)
        self._follow(*{f"patient:{visit.patient_id}" for visit in found.visits})

    def _say(self, found: SeriesCard) -> None:
        _, now = self._words(), current().clock.now()
        self.rule = rule_words(_, found.rule, found.first_day, found.wall_time)
        self.with_whom, self.service = found.practitioner_name, _(found.service_name)
        self.zone = _("{city} time", city=_.zone_city(ZoneInfo(found.zone)))
        views = [visit_view(_, visit, now) for visit in found.visits]
        self.rows = [
            Row(
                key=view.key,
                href=view.href,
                when=view.when,
                status=view.status,
                alone=card.appointment_id in found.moved_alone,
            )
            for view, card in zip(views, found.visits, strict=True)
        ]
        to_come = [view for view in views if view.changeable]
        self.told = _.plural("{count} visit is to come.", "{count} visits are to come.",
                             len(to_come))  # fmt: skip
        days = _.listed(_.day(day) for day in found.left_out)
        self.left_out = _("Left out: {days}", days=days) if days else ""
        first = to_come[0].key if to_come else ""
        change = _.href(f"/series/change/?id={first}&scope=all")
        self.cancel_href = f"{change}&do=cancel" if len(to_come) > 1 else ""
        self.move_href = _.href(f"/visit/move/?id={first}") if len(to_come) > 1 else ""


@page(
    "/series",
    title=N_("Your series"),
    description=N_("Every visit of a series, and the ways to change several at once."),
    on_load=[Series.load],
)
def series(_: Translator) -> rx.Component:
    """The page of one series."""
    return rx.el.div(
        back_link(_("Your visits"), href=_.href("/visits/")),
        error_summary(_, Series.problem),
        rx.cond(
            Series.gone,
            rx.fragment(
                rx.el.h1(_("Your series")),
                empty_state(
                    _("We could not find this series in your account."),
                    link_button(_("Your visits"), href=_.href("/visits/")),
                    icon_name="search",
                ),
            ),
            rx.cond(
                Series.ready,
                rx.fragment(_heading(_), _visits(_), _ways_on(_)),
                rx.cond(Series.problem == "", card(skeleton(_, kind="lines", rows=8))),
            ),
        ),
        class_name="stack narrow",
    )


def _heading(_: Translator) -> rx.Component:
    told = rx.el.p(Series.with_whom, " · ", Series.service, " · ", Series.zone)
    return rx.cond(
        Series.is_new,
        panel(
            rx.fragment(_("Booked: "), Series.rule),
            told,
            rx.el.p(
                _("We have written to you, once for all dates, with a file for your calendar.")
            ),
        ),
        rx.fragment(rx.el.h1(Series.rule), told),
    )


def _visits(_: Translator) -> rx.Component:
    def one(row: Row) -> rx.Component:
        return rx.el.li(
            link(rx.el.strong(row.when), href=row.href),
            status_pill(_, row.status),
            rx.cond(row.alone, rx.el.span(_("has a time of its own"), class_name="meta")),
            class_name="series__line",
            key=row.key,
        )

    return card(
        rx.el.p(Series.told, role="status"),
        rx.el.ol(rx.foreach(Series.rows, one), class_name="series__dates"),
        rx.cond(Series.left_out, rx.el.p(Series.left_out, class_name="meta")),
    )


def _ways_on(_: Translator) -> rx.Component:
    return rx.cond(
        Series.cancel_href,
        rx.fragment(
            rx.el.p(
                _("Open a visit to move or cancel it alone, or with the following ones."),
                class_name="meta",
            ),
            rx.el.div(
                link_button(
                    _("Move all to come"), href=Series.move_href, icon_name="calendar-days"
                ),
                link_button(_("Cancel all to come"), href=Series.cancel_href, kind="danger"),
                class_name="row",
            ),
        ),
    )
