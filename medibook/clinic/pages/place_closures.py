"""The days on which a location is closed: one's own, and public holidays to tick."""

from dataclasses import dataclass

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.claims_form import ticked
from medibook.clinic.schemas import ClosureCard, NewClosure
from medibook.kernel.actor import admin, staff
from medibook.kernel.application import current
from medibook.kernel.errors import Invalid
from medibook.people.pages.account_fields import typed
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_day, claimed_id
from medibook.ui.components import (
    Option,
    button,
    card,
    checkboxes,
    disclosure,
    error_summary,
    field,
    form,
    link,
    select,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureLine:
    """Days on which it is closed."""

    key: str
    name: str
    when: str


class ClosedDays(AppState, rx.State):
    """The closures of the location that the address names."""

    lines: list[ClosureLine] = []
    years: list[Option] = []
    year: str = ""
    proposed: list[Option] = []
    closed_already: str = ""
    said: str = ""
    drawn: int = 0

    @rx.event
    @allow(admin | staff)
    async def load(self) -> None:
        """Show when it is closed, and which holidays there are."""
        self.said, self.lines, self.proposed = "", [], []
        this_year = current().clock.now().year
        self.years = [Option(value=str(y), label=str(y)) for y in range(this_year, this_year + 3)]
        self.year = str(this_year)
        if self._query("id"):
            self._follow("admin")
            await self._show()

    @rx.event
    @allow(admin | staff)
    async def refresh(self) -> None:
        """Somebody has changed something."""
        await self._show()

    async def _show(self) -> None:
        _, wanted = self._words(), claimed_id(self._query("id"))
        places = {place.location_id: place for place in await self._perform(clinic.places)}
        closures = places[wanted].closures if wanted in places else ()
        self.lines = [closure_line(_, closure) for closure in closures]
        if self._actor().role == "admin" and wanted in places:
            await self._propose()

    async def _propose(self) -> None:
        _ = self._words()
        found = await self._perform(
            clinic.holidays_of,
            location_id=claimed_id(self._query("id")),
            year=int(self.year),
            locale=_.locale,
        )
        self.proposed = [
            Option(value=day.day.isoformat(), label=f"{_.day(day.day)}: {day.name}")
            for day in found
            if not day.is_closed
        ]
        closed = [day.name for day in found if day.is_closed]
        self.closed_already = (
            _("Closed already: {names}.", names=_.listed(closed)) if closed else ""
        )

    @rx.event
    @allow(admin)
    async def choose_year(self, year: str) -> None:
        """Propose the holidays of another year."""
        self.year = str(year) if str(year) in {one.value for one in self.years} else self.year
        await self._propose()

    @rx.event
    @allow(admin)
    async def close(self, form_data: dict[str, str]) -> None:
        """Close it on some days."""
        self.said = ""
        first, last = (
            claimed_day(form_data.get("first_day")),
            claimed_day(form_data.get("last_day")),
        )
        if first is None:
            raise Invalid({"first_day": N_("Choose a day.")})
        new = NewClosure(
            first_day=first, last_day=last or first, name=typed(form_data, "closure_name")
        )
        place_id = claimed_id(self._query("id"))
        await self._perform(clinic.close_location, location_id=place_id, new=new)
        await self._done(N_("Closed. Visits that are booked then stay booked."))

    @rx.event
    @allow(admin)
    async def close_holidays(self, form_data: dict[str, str]) -> None:
        """Close it on the holidays that were ticked."""
        self.said, _ = "", self._words()
        days = {day for text in ticked(form_data, "holidays") if (day := claimed_day(text))}
        count = await self._perform(
            clinic.close_on_holidays,
            location_id=claimed_id(self._query("id")),
            year=int(self.year),
            days=days,
            locale=_.locale,
        )
        await self._done("")
        self.said = _.plural("Closed on {count} holiday.", "Closed on {count} holidays.", count)

    @rx.event
    @allow(admin)
    async def open_again(self, key: str) -> None:
        """Take a closure back."""
        await self._perform(clinic.open_location, closure_id=claimed_id(key))
        await self._done(N_("Open again."))

    async def _done(self, words: str) -> None:
        await self._show()
        self.drawn += 1
        self.said = self._words()(words)


def closure_line(_: Translator, closure: ClosureCard) -> ClosureLine:
    """A closure, its words made."""
    first, last = closure.first_day, closure.last_day
    when = _.date(first)
    if last != first:
        when = _("{first} to {last}", first=_.date(first), last=_.date(last))
    return ClosureLine(key=str(closure.closure_id), name=closure.name, when=when)


def closed_days(_: Translator) -> rx.Component:
    """The part of a location's page about closed days."""
    return card(
        rx.el.h2(_("Closed days")),
        status_line(ClosedDays.said),
        error_summary(_, ClosedDays.problem, ClosedDays.problems),
        rx.cond(
            ClosedDays.lines.length() > 0,
            rx.fragment(
                rx.el.ul(
                    rx.foreach(ClosedDays.lines, lambda line: _line(_, line)), class_name="lines"
                ),
                rx.el.p(
                    link(_("Visits on closed days"), href=_.href("/admin/closed-days/")),
                    class_name="meta",
                ),
            ),
            rx.el.p(_("No closed days are planned."), class_name="meta"),
        ),
        rx.cond(
            Frame.role == "admin",
            rx.el.div(
                disclosure(_("Close on public holidays"), _holidays(_)),
                disclosure(_("Close on other days"), _own(_)),
                class_name="stack stack--tight",
                key=ClosedDays.drawn.to_string(),
            ),
        ),
    )


def _line(_: Translator, line: rx.Var[ClosureLine]) -> rx.Component:
    which = rx.el.span(" ", line.name, class_name="unheard")
    return rx.el.li(
        rx.el.div(rx.el.strong(line.when), rx.el.p(line.name, class_name="meta")),
        rx.cond(
            Frame.role == "admin",
            button(
                rx.fragment(_("Open again"), which),
                kind="small plain",
                on_click=ClosedDays.open_again(line.key),
                data_commit="true",
            ),
        ),
        class_name="line",
        key=line.key,
    )


def _holidays(_: Translator) -> rx.Component:
    return form(
        select(
            _, "year", _("Year"), ClosedDays.years, value=ClosedDays.year,
            on_change=ClosedDays.choose_year,
        ),
        rx.cond(ClosedDays.closed_already, rx.el.p(ClosedDays.closed_already, class_name="hint")),
        rx.cond(
            ClosedDays.proposed.length() > 0,
            rx.el.div(
                checkboxes(
                    _, "holidays", _("Tick the days on which it is closed"), ClosedDays.proposed,
                    error=ClosedDays.problems["holidays"],
                ),
                button(_("Close on these holidays"), submit=True, data_commit="true"),
                class_name="form",
                key=ClosedDays.year,  # what was ticked in one year is not ticked in the next
            ),
            rx.el.p(_("There is no further holiday in this year, or none is known here.")),
        ),
        on_submit=ClosedDays.close_holidays,
    )  # fmt: skip


def _own(_: Translator) -> rx.Component:
    wrong = ClosedDays.problems
    return form(
        field(
            _, "closure_name", _("Why"), max_length=80, hint=_("Patients may read it."),
            error=wrong["closure_name"],
        ),
        rx.el.div(
            field(_, "first_day", _("First day"), kind="date", error=wrong["first_day"]),
            field(
                _, "last_day", _("Last day"), kind="date", optional=True, error=wrong["last_day"]
            ),
            class_name="fields-row",
        ),
        button(_("Close on these days"), submit=True, data_commit="true"),
        on_submit=ClosedDays.close,
    )  # fmt: skip
