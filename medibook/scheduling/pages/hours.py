"""A practitioner's time: weekly hours, other hours on some dates, days off, the way of being booked."""

import reflex as rx

from medibook.clinic.pages.visit_types import VisitTypes, visit_types_section
from medibook.kernel.actor import Role
from medibook.scheduling.pages.dates import DatesState, dates_section
from medibook.scheduling.pages.hours_state import Hours
from medibook.scheduling.pages.time_off import TimeOffState, time_off_section
from medibook.scheduling.pages.week import Line, Weekday
from medibook.scheduling.pages.whose import chooser
from medibook.ui.components import (
    Option,
    banner,
    button,
    card,
    disclosure,
    error_summary,
    field,
    form,
    icon,
    link,
    radios,
    skeleton,
)
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


@page(
    "/hours",
    title=N_("Opening hours"),
    description=N_("When somebody can be booked, for what, and when they are away."),
    on_load=[Hours.load, DatesState.load, TimeOffState.load, VisitTypes.load],
)
def hours(_: Translator) -> rx.Component:
    """The page on which a practitioner, or the front desk for them, says when they work."""
    return rx.el.div(
        rx.el.header(
            rx.el.h1(_("Opening hours"), rx.cond(Hours.owner, " · " + Hours.owner, "")),
            rx.el.p(
                _("Patients see only the free times inside these hours. A break is a gap "
                  "between two rows of one day."),
                class_name="lead",
            ),
            class_name="page-head",
        ),
        error_summary(_, Hours.problem),
        rx.cond(Hours.saved, banner(rx.el.p(Hours.saved), tone="leaf", heard=True)),
        rx.cond(
            Hours.ready,
            rx.cond(Hours.chosen, _all(_), chooser(_, Hours)),
            card(skeleton(_, kind="board", rows=7)),
        ),
        class_name="stack",
    )  # fmt: skip


def _all(_: Translator) -> rx.Component:
    return rx.fragment(
        _week(_),
        dates_section(_),
        time_off_section(_),
        _mode(_),
        rx.cond(Frame.role == str(Role.PRACTITIONER), visit_types_section(_)),
    )


def _week(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("Weekly opening hours")),
        form(
            rx.foreach(Hours.week, lambda day: _day(_, day)),
            _preview(_),
            rx.el.div(
                button(_("Save hours"), kind="primary", submit=True, busy=Hours.busy),
                class_name="row",
            ),
            on_submit=Hours.save,
            class_name="form form--wide",
        ),
    )


def _preview(_: Translator) -> rx.Component:
    """What the table would do; its place is kept, so that nothing jumps when it comes."""
    return rx.el.p(
        rx.cond(Hours.warns, icon("triangle-alert"), icon("calendar-days")),
        rx.el.span(Hours.preview),
        role="status",
        class_name=rx.cond(Hours.warns, "preview preview--warns", "preview"),
    )


def _day(_: Translator, day: rx.Var[Weekday]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(rx.el.strong(day.name), rx.el.span(" ", day.summary, class_name="meta")),
        rx.foreach(day.lines, lambda line: _line(_, line)),
        rx.el.div(
            button(
                rx.fragment(_("Add hours"), rx.el.span(" ", day.name, class_name="unheard")),
                kind="small plain",
                icon_name="plus",
                on_click=Hours.add(day.number),
            ),
            rx.cond(day.lines.length() > 0, _copies(_, day)),
            class_name="row",
        ),
        open=day.unfolded,
        class_name="disclosure day--hours",
    )


def _copies(_: Translator, day: rx.Var[Weekday]) -> rx.Component:
    """The other days, each a button that gets these hours."""
    return disclosure(
        rx.fragment(_("Copy to…"), rx.el.span(" (", day.name, ")", class_name="unheard")),
        rx.el.div(
            rx.foreach(
                Hours.week,
                lambda other: rx.cond(
                    other.number != day.number,
                    button(
                        other.name, kind="small", on_click=Hours.copy_day(day.number, other.number)
                    ),
                ),
            ),
            class_name="row",
        ),
    )


def _line(_: Translator, line: rx.Var[Line]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            _wall(line, "opens", line.opens_name, _("from"), line.opens),
            _wall(line, "closes", line.closes_name, _("until"), line.closes),
            _place(_, line),
            rx.el.button(
                icon("x"), rx.el.span(_("Remove these hours"), class_name="unheard"),
                type="button", class_name="button button--small button--plain",
                on_click=Hours.remove(line.key),
            ),
            class_name="row hours__row",
        ),
        rx.el.details(
            rx.el.summary(_("Only from or until a date")),
            rx.el.div(
                _wall(line, "first", line.first_name, _("first day"), line.first),
                _wall(line, "last", line.last_name, _("last day"), line.last),
                class_name="row hours__row",
            ),
            open=(line.first != "") | (line.last != ""),
            class_name="hours__validity",
        ),
        rx.cond(line.error, rx.el.p(line.error, class_name="field__error", role="alert")),
        key=line.key,
    )  # fmt: skip


def _wall(
    line: rx.Var[Line], part: str, name: rx.Var[str], label: str, value: rx.Var[str]
) -> rx.Component:
    """A time or a day of the line, on the wall of its place."""
    return rx.el.label(
        rx.el.span(label),
        rx.el.input(
            type="date" if part in {"first", "last"} else "time",
            name=name, default_value=value, class_name="input input--short",
            aria_invalid=rx.cond(line.error, "true", "false"),
            on_blur=Hours.retype(line.key, part),
        ),
    )  # fmt: skip


def _place(_: Translator, line: rx.Var[Line]) -> rx.Component:
    return rx.el.label(
        rx.el.span(_("at")),
        rx.el.select(
            rx.foreach(Hours.locations, lambda o: rx.el.option(o.label, value=o.value)),
            name=line.location_name,
            default_value=line.location,
            class_name="input",
            on_change=Hours.retype(line.key, "location"),
        ),
    )


def _mode(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("How visits are booked")),
        form(
            radios(
                _, "mode", _("When a patient chooses a time"),
                [
                    Option(value="instant", label=_("It is booked at once")),
                    Option(value="request", label=_("The doctor is asked, and accepts or declines")),
                ],
                value=Hours.mode,
            ),
            field(
                _, "limit", _("Visits a day at most"), optional=True, width="short",
                hint=_("Empty: as many as the clinic allows."), default_value=Hours.limit,
                inputmode="numeric", error=Hours.problems["limit"],
            ),
            button(_("Save"), submit=True),
            on_submit=Hours.change_mode,
        ),
        rx.el.p(
            link(_("Visits outside these hours"), href=_.href("/outside/")), class_name="meta"
        ),
    )  # fmt: skip
