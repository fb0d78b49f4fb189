"""The board from which a practitioner chooses up to three other times to offer."""

from typing import Any

import reflex as rx

from medibook.appointments.pages.request_views import RequestView
from medibook.ui.components import button, disclosure, field, form, icon
from medibook.ui.i18n import Translator

State = Any  # the page's state: its module imports this one


def offer_panel(_: Translator, state: State, one: rx.Var[RequestView]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(_("Offer up to three times"), tab_index=-1, data_card_panel="true"),
        rx.el.p(
            _("Each is kept for the patient. The time that was asked for is given back."),
            " ", state.board_zone, class_name="meta",
        ),
        rx.el.div(rx.foreach(state.board, lambda day: _offer_day(_, state, day)),
                  class_name="board board--compact"),
        rx.el.div(
            button(_("Earlier days"), kind="small", icon_name="chevron-left",
                   disabled=~state.earlier, on_click=state.other_days(-1)),
            button(_("Later days"), kind="small", icon_name="chevron-right",
                   on_click=state.other_days(1)),
            class_name="row row--between",
        ),
        _typed(_, state),
        _to_be_offered(_, state, one),
        class_name="offer stack",
    )  # fmt: skip


def _typed(_: Translator, state: State) -> rx.Component:
    return disclosure(
        _("Type another time"),
        form(
            field(_, "day", _("Date"), kind="date"),
            field(_, "time", _("Time"), kind="time", error=state.typed_problem),
            button(_("Add this time"), kind="small", submit=True, disabled=state.full),
            class_name="fields-row", on_submit=state.add_typed,
        ),
    )  # fmt: skip


def _to_be_offered(_: Translator, state: State, one: rx.Var[RequestView]) -> rx.Component:
    return form(
        rx.el.input(type="hidden", name="request", value=one.key, read_only=True),
        rx.el.div(
            rx.el.p(_("To be offered:"), class_name="field__label"),
            rx.cond(
                state.chosen.length() > 0,
                rx.el.ul(rx.foreach(state.chosen, lambda each: _chosen(_, state, each)),
                         class_name="tags"),
                rx.el.p(_("No time is chosen yet."), class_name="meta"),
            ),
            role="status",
        ),
        field(_, "note", _("A word to the patient"), optional=True, max_length=300),
        button(_("Offer these times"), kind="primary", submit=True,
               disabled=state.chosen.length() == 0),
        on_submit=state.offer,
    )  # fmt: skip


def _offer_day(_: Translator, state: State, day: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(day.label, class_name="day__name"),
        rx.cond(
            day.chips.length() > 0,
            rx.el.div(rx.foreach(day.chips, lambda chip: _offer_chip(state, chip)),
                      class_name="times"),
            rx.el.div(_("No times"), class_name="day__none"),
        ),
        class_name="day",
        role="group",
        aria_label=day.long_label,
        key=day.key,
    )  # fmt: skip


def _offer_chip(state: State, chip: Any) -> rx.Component:
    is_chosen = chip.state == "chosen"
    return rx.el.button(
        chip.label,
        type="button",
        class_name=rx.cond(is_chosen, "slot slot--chosen", "slot"),
        aria_pressed=rx.cond(is_chosen, "true", "false"),
        aria_label=chip.name,
        disabled=state.full & ~is_chosen,
        on_click=state.toggle(chip.key),
        key=chip.key,
    )


def _chosen(_: Translator, state: State, each: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            each.label,
            icon("x"),
            rx.el.span(" ", _("Do not offer this one"), class_name="unheard"),
            type="button",
            class_name="tag teal tag--button",
            on_click=state.toggle(each.value),
        ),
        key=each.value,
    )
