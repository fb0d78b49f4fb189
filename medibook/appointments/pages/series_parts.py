"""What the page of a new series is drawn from: the rule, the dates, and what becomes of the missing."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from medibook.appointments.pages.series_views import DateRow
from medibook.ui.components import (
    Answer,
    Option,
    back_link,
    banner,
    button,
    card,
    check_answers,
    empty_state,
    error_summary,
    field,
    form,
    icon,
    link_button,
    select,
    skeleton,
    textarea,
)
from medibook.ui.i18n import Translator


def composer(_: Translator, state: Any) -> rx.Component:
    """The whole page, by its step."""
    return rx.el.div(
        rx.cond(state.back, back_link(_("Only this one visit"), href=state.back)),
        rx.el.h1(_("Repeat this visit")),
        error_summary(_, state.problem, state.problems),
        rx.cond(
            state.ready | (state.problem != ""),
            rx.match(
                state.step,
                ("plan", _plan(_, state)),
                ("sign-in", _sign_in_first(_, state)),
                empty_state(
                    _("This link names no time. It may have been cut off."),
                    link_button(_("Find a doctor"), href=_.href("/find/")),
                    icon_name="search",
                ),
            ),
            card(skeleton(_, kind="lines", rows=8)),
        ),
        class_name="stack narrow",
    )


def _plan(_: Translator, state: Any) -> rx.Component:
    return rx.fragment(
        card(_rule(_, state)),
        form(
            _dates(_, state),
            rx.cond(state.missing > 0, _missing(_, state)),
            rx.cond(
                state.label != "",
                rx.fragment(
                    card(_answers(_, state.summary)),
                    textarea(
                        _, "reason", _("What is it about?"), optional=True, max_length=500,
                        default_value=state.reason,
                        hint=_("Only your doctor and you will read this. Up to 500 characters."),
                    ),
                    rx.el.p(state.summary.cancel, class_name="meta"),
                    rx.el.div(
                        button(state.label, kind="primary wide", submit=True, busy=state.busy),
                        class_name="commit commit--sticky",
                    ),
                ),
            ),
            on_submit=state.book,
            class_name="stack",
        ),
    )  # fmt: skip


def _rule(_: Translator, state: Any) -> rx.Component:
    def changes(name: str) -> Any:
        return lambda value: state.adjust(name, value)

    return rx.el.fieldset(
        rx.el.legend(_("How does it repeat?"), class_name="field__label"),
        rx.el.div(
            field(
                _, "interval", _("Every"), input_mode="numeric", width="tiny", max_length=2,
                default_value=state.interval, on_change=changes("interval"),
                error=state.mistakes["interval"],
            ),
            select(
                _, "rhythm", _("weeks or months"), state.rhythms, value=state.rhythm,
                on_change=changes("rhythm"), error=state.mistakes["rhythm"],
            ),
            class_name="fields-row series__rule",
        ),
        _until(_, state, changes),
        rx.el.p(state.summary.rule, class_name="lead", role="status"),
        class_name="stack field series__how",
    )  # fmt: skip


def _until(_: Translator, state: Any, changes: Callable[[str], Any]) -> rx.Component:
    return rx.el.div(
        select(
            _, "ends", _("Until when?"),
            [Option(value="count", label=_("For a number of visits")),
             Option(value="until", label=_("Until a day"))],
            value=state.ends, on_change=changes("ends"),
        ),
        rx.cond(
            state.ends == "count",
            field(
                _, "count", _("How many visits?"), input_mode="numeric", width="tiny", max_length=2,
                default_value=state.count, on_change=changes("count"),
                error=state.mistakes["count"],
            ),
            field(
                _, "until", _("The last day"), kind="date", width="short",
                default_value=state.until, on_change=changes("until"),
                error=state.mistakes["until"],
            ),
        ),
        class_name="fields-row series__rule",
    )  # fmt: skip


def _dates(_: Translator, state: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("The dates"), id="dates", tab_index=-1),
        rx.el.p(
            state.summary.counted, " ", rx.el.span(state.summary.zone, class_name="meta"),
            role="status",
        ),
        rx.el.ol(
            rx.foreach(state.rows, lambda row: _date(_, row, state)), class_name="series__dates"
        ),
        class_name="stack stack--tight",
    )  # fmt: skip


def _date(_: Translator, row: DateRow | Any, state: Any) -> rx.Component:
    had = rx.el.p(
        icon("check"), rx.el.strong(row.when), " ",
        rx.el.span(_("can be had"), class_name="meta"),
        rx.cond(row.place, rx.el.span(" · ", row.place, class_name="meta")),
        class_name="series__line series__line--ok",
    )  # fmt: skip
    missing = rx.fragment(
        rx.el.p(
            icon("x"), rx.el.strong(row.when), " ", rx.el.span(row.why_not),
            class_name="series__line series__line--no",
        ),
        rx.cond(state.mode == "replace", _others(_, row)),
    )  # fmt: skip
    return rx.el.li(rx.cond(row.ok, had, missing), key=row.key + row.when)


def _others(_: Translator, row: Any) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(row.legend, class_name="hint"),
        rx.el.div(
            rx.foreach(
                row.others,
                lambda other: rx.el.label(
                    rx.el.input(type="radio", name=row.name, value=other.value),
                    rx.el.span(
                        other.label,
                        rx.cond(other.hint, rx.el.span(other.hint, class_name="hint")),
                    ),
                    class_name="choice",
                ),
            ),
            class_name="choices choices--row",
        ),
        class_name="field series__others",
    )


def _missing(_: Translator, state: Any) -> rx.Component:
    ways = [
        Option(value="replace", label=_("Choose another time for each of them above")),
        Option(value="skip", label=_("Leave them out")),
        Option(value="all", label=_("Book all dates or none")),
    ]
    return rx.el.fieldset(
        rx.el.legend(_("What shall become of the dates that cannot be had?"),
                     class_name="field__label"),
        rx.el.div(
            *[
                rx.el.label(
                    rx.el.input(
                        type="radio", name="mode", value=way.value,
                        checked=state.mode == way.value,
                        on_change=lambda _value, way=way: state.adjust("mode", way.value),
                    ),
                    rx.el.span(way.label),
                    class_name="choice",
                )
                for way in ways
            ],
            class_name="choices",
        ),
        rx.cond(
            state.mode == "all",
            banner(
                rx.el.p(_("These dates cannot all be had, so nothing can be booked. "
                          "Change the rule, or choose another way.")),
                tone="amber",
            ),
        ),
        class_name="field",
    )  # fmt: skip


def _answers(_: Translator, s: Any) -> rx.Component:
    return check_answers(
        _,
        [
            Answer(label=_("For"), value=s.who),
            Answer(label=_("When"), value=rx.fragment(rx.el.strong(s.rule), " · ", s.zone)),
            Answer(label=_("Doctor"), value=s.practitioner),
            Answer(label=_("Visit"), value=s.service),
            Answer(label=_("Where"), value=rx.fragment(s.place, rx.el.br(), s.address)),
            Answer(label=_("Fee"), value=s.fee),
        ],
    )


def _sign_in_first(_: Translator, state: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(_("To book, tell us who you are. Your time stays chosen."), class_name="lead"),
        rx.el.div(
            link_button(_("Sign in"), href=state.sign_in, kind="primary", icon_name="log-in"),
            link_button(_("I am new here"), href=state.register, icon_name="user-plus"),
            class_name="row",
        ),
    )
