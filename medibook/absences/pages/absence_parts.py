"""The page of an absence as a whole, and its first stage: who is away, and which plans are running."""

from typing import Any

import reflex as rx

from medibook.absences.pages.absence_board import board
from medibook.absences.pages.absence_plan import period_form, plan
from medibook.absences.pages.absence_views import RunningView
from medibook.ui.components import (
    Option,
    back_link,
    button,
    card,
    error_summary,
    field,
    link,
    link_button,
    native_form,
    skeleton,
    status_line,
)
from medibook.ui.i18n import Translator

State = Any  # the page's state: its module imports this one


def absence_page(_: Translator, state: State) -> rx.Component:
    """The whole page, at whichever stage it is."""
    return rx.el.div(
        rx.match(
            state.stage,
            ("plan", _head(_, state)),
            ("board", _head(_, state)),
            _head_of_choice(_, state),
        ),
        error_summary(_, state.problem, state.problems),
        status_line(state.said),
        rx.cond(
            state.ready,
            rx.match(
                state.stage,
                ("plan", plan(_, state)),
                ("board", board(_, state)),
                _choice(_, state),
            ),
            skeleton(_, kind="rows", rows=4),
        ),
        class_name="stack",
    )


def _head_of_choice(_: Translator, state: State) -> rx.Component:
    return rx.el.header(
        rx.el.h1(rx.cond(state.is_own, _("I am away"), _("A doctor is away"))),
        rx.el.p(
            _("First you see the plan. Nobody is told before you start it."), class_name="lead"
        ),
        class_name="page-head",
    )


def _head(_: Translator, state: State) -> rx.Component:
    return rx.el.header(
        back_link(_("All absences"), href=_.href("/desk/absence/")),
        rx.el.h1(_("Away:"), " ", rx.el.bdi(state.title)),
        rx.el.p(state.period, class_name="lead"),
        class_name="page-head",
    )


def _choice(_: Translator, state: State) -> rx.Component:
    return rx.el.div(
        rx.cond(state.may_act, _who_and_when(_, state)),
        rx.cond(
            state.running.length() > 0,
            card(
                rx.el.h2(_("Running plans")),
                rx.el.ul(rx.foreach(state.running, _running), class_name="cards"),
            ),
        ),
        class_name="stack",
    )


def _who_and_when(_: Translator, state: State) -> rx.Component:
    return rx.cond(
        state.is_own | (state.whose != ""),
        card(period_form(_, state)),
        card(
            rx.el.h2(_("Who is away?")),
            native_form(
                field(_, "name", _("Name of the doctor"), default_value=state.looked_for),
                button(_("Find"), kind="primary", submit=True),
                action="",
                method="get",
                class_name="form",
            ),
            rx.cond(
                state.owners.length() > 0,
                rx.el.ul(rx.foreach(state.owners, lambda o: _owner(_, o)), class_name="cards"),
                rx.cond(state.looked_for, rx.el.p(_("Nobody of that name is here."))),
            ),
        ),
    )


def _owner(_: Translator, owner: rx.Var[Option]) -> rx.Component:
    here = _.href("/desk/absence/?whose=") + owner.value
    return rx.el.li(
        rx.el.strong(owner.label),
        rx.el.div(
            link_button(
                rx.fragment(_("Away today"), rx.el.span(" · ", owner.label, class_name="unheard")),
                href=here + "&first=today",
                kind="primary small",
            ),
            link_button(
                rx.fragment(_("Other days"), rx.el.span(" · ", owner.label, class_name="unheard")),
                href=here,
                kind="small",
            ),
            class_name="row",
        ),
        class_name="row row--between",
        key=owner.value,
    )


def _running(plan: rx.Var[RunningView]) -> rx.Component:
    return rx.el.li(
        link(plan.title, href=plan.href), rx.el.p(plan.words, class_name="meta"), key=plan.href
    )
