"""The board of an absence: who has answered what, and the list of calls."""

from typing import Any

import reflex as rx

from medibook.absences.pages.absence_tag import toned
from medibook.absences.pages.absence_views import Choice, LineView
from medibook.ui.components import (
    banner,
    button,
    card,
    dialog,
    dialog_button,
    disclosure,
    empty_state,
    link,
    link_button,
    progress,
    tag,
)
from medibook.ui.i18n import Translator

State = Any  # the page's state: its module imports this one
_UNDO = "undo-absence"


def board(_: Translator, state: State) -> rx.Component:
    """How far it has come with each patient, and whom to call."""
    return rx.el.div(
        rx.cond(
            state.undone,
            banner(state.undone, tone="teal"),
            _progress(_, state),
        ),
        rx.cond(
            state.lines.length() > 0,
            rx.el.ul(rx.foreach(state.lines, lambda ln: _line(_, state, ln)), class_name="cards"),
            empty_state(_("No visit falls into this time."), icon_name="calendar-days"),
        ),
        class_name="stack",
    )


def _progress(_: Translator, state: State) -> rx.Component:
    return card(
        progress(
            state.answered,
            state.most,
            label=rx.fragment(_("Settled:"), " ", state.answered, " / ", state.most),
        ),
        rx.el.p(
            state.started,
            rx.cond(state.calls, rx.fragment(" · ", tag(state.calls, tone="coral", icon_name="phone"))),
        ),
        rx.cond(
            state.may_undo,
            rx.fragment(
                dialog_button(_("Take the plan back…"), opens=_UNDO, kind="small"),
                dialog(
                    _,
                    _UNDO,
                    _("Take the whole plan back?"),
                    rx.el.p(
                        _(
                            "Every visit stays as it was, and the time off is removed. Who has had a "
                            "message is told so; nobody else hears of it."
                        )
                    ),
                    actions=[button(_("Take it back"), kind="danger", on_click=state.undo)],
                ),
            ),
        ),
        class_name="stack",
    )  # fmt: skip


def _line(_: Translator, state: State, line: rx.Var[LineView]) -> rx.Component:
    return rx.el.li(
        card(
            rx.el.div(
                rx.el.h2(rx.el.bdi(line.patient), class_name="name"),
                toned(line.state, line.tone),
                class_name="row row--between",
            ),
            rx.el.p(line.when, " · ", line.service, class_name="meta"),
            rx.cond(
                line.is_urgent,
                banner(line.note, tone="coral", icon_name="triangle-alert"),
                rx.cond(line.note, rx.el.p(line.note, class_name="small")),
            ),
            rx.cond(line.reached, rx.el.p(line.reached, class_name="small")),
            rx.cond(line.answer, rx.el.p(rx.el.strong(line.answer))),
            rx.cond(line.is_open, _open_line(_, state, line)),
            class_name="stack stack--tight",
        ),
        key=line.key,
    )


def _open_line(_: Translator, state: State, line: rx.Var[LineView]) -> rx.Component:
    whom = rx.el.span(" · ", line.patient, class_name="unheard")
    call = rx.cond(
        line.phone,
        rx.el.p(
            rx.cond(line.must_call, tag(_("Call:"), tone="coral", icon_name="phone"), _("Phone:")),
            " ",
            link(line.phone, href=line.phone_href, full=True),
            rx.cond(line.through, " (" + line.through.to(str) + ")", ""),
            " · ",
            line.told,
        ),
        rx.el.p(_("No telephone number"), " · ", line.told),
    )
    tick = button(
        rx.fragment(rx.cond(line.is_reached, _("Reached ✓"), _("Reached")), whom),
        kind="small",
        on_click=state.reach(line.key, ~line.is_reached),
        aria_pressed=rx.cond(line.is_reached, "true", "false"),
    )
    return rx.cond(
        state.may_act,
        rx.el.div(
            call,
            rx.el.div(tick, link_button(_("In the calendar"), href=line.href, kind="small"),
                      class_name="row"),
            _record(_, state, line, whom),
            class_name="stack stack--tight noprint",
        ),
        call,
    )  # fmt: skip


def _record(
    _: Translator, state: State, line: rx.Var[LineView], whom: rx.Component
) -> rx.Component:
    return disclosure(
        rx.fragment(_("Record the answer"), whom),
        rx.el.div(
            rx.foreach(line.choices, lambda choice: _taken(_, state, line, choice)),
            button(
                rx.fragment(_("None of these: cancel the visit"), whom),
                kind="danger small",
                on_click=state.decline(line.key),
            ),
            class_name="stack stack--tight",
        ),
    )


def _taken(
    _: Translator, state: State, line: rx.Var[LineView], choice: rx.Var[Choice]
) -> rx.Component:
    return rx.el.div(
        button(
            rx.fragment(
                choice.when, " · ", choice.whom,
                rx.el.span(" · ", line.patient, class_name="unheard"),
            ),
            kind="small", on_click=state.take(line.key, choice.key), data_commit="true",
        ),
        key=choice.key,
    )  # fmt: skip
