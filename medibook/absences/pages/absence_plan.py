"""The plan of an absence before it is started: who is affected, and what each would be offered."""

from typing import Any

import reflex as rx

from medibook.absences.pages.absence_tag import toned
from medibook.absences.pages.absence_views import Choice, ProposalView, VideoView
from medibook.people.pages.account_fields import hidden
from medibook.ui.components import (
    banner,
    button,
    card,
    disclosure,
    empty_state,
    field,
    link,
    native_form,
    select,
    tag,
)
from medibook.ui.i18n import Translator

State = Any  # the page's state: its module imports this one


def plan(_: Translator, state: State) -> rx.Component:
    """The plan, with the button that starts it."""
    return rx.el.div(
        rx.cond(
            state.runs_already,
            banner(
                _("There is a plan for this doctor and these days already."), " ",
                link(_("See who has answered"), href=state.runs_already),
                tone="amber", icon_name="triangle-alert",
            ),
            _start(_, state),
        ),
        rx.cond(
            state.proposals.length() > 0,
            rx.el.ul(
                rx.foreach(state.proposals, lambda one: _proposal(_, one)), class_name="cards"
            ),
            empty_state(_("No visit falls into this time."), icon_name="calendar-days"),
        ),
        disclosure(_("Other days or times"), period_form(_, state)),
        rx.cond(state.videos.length() > 0, _videos(_, state)),
        class_name="stack",
    )  # fmt: skip


def _start(_: Translator, state: State) -> rx.Component:
    return card(
        rx.el.p(
            rx.cond(state.affected, rx.el.strong(state.affected), _("Nobody has to be told.")),
            rx.cond(state.to_call, rx.fragment(" · ", tag(state.to_call, tone="coral"))),
        ),
        rx.el.p(
            _(
                "When you start, the time off is entered, the other times are kept, and each patient "
                "gets one message. Visits stay until their patients have answered or know."
            ),
            class_name="small",
        ),
        button(_("Start the plan"), kind="primary", on_click=state.start, icon_name="arrow-right"),
        class_name="stack",
    )


def _proposal(_: Translator, one: rx.Var[ProposalView]) -> rx.Component:
    return rx.el.li(
        card(
            rx.el.div(
                rx.el.h2(one.when, class_name="name"),
                toned(one.reach, one.tone),
                class_name="row row--between",
            ),
            rx.el.p(rx.el.bdi(one.patient), " · ", one.service, class_name="meta"),
            rx.cond(
                one.choices.length() > 0,
                rx.el.ul(rx.foreach(one.choices, _shown_choice), class_name="small"),
                rx.el.p(_("No other time was found."), class_name="small"),
            ),
        ),
        key=one.key,
    )


def _shown_choice(choice: rx.Var[Choice]) -> rx.Component:
    return rx.el.li(rx.el.strong(choice.when), " · ", choice.whom, key=choice.key)


def _videos(_: Translator, state: State) -> rx.Component:
    def one(video: rx.Var[VideoView]) -> rx.Component:
        return select(_, video.name, video.label, state.video_choices, default_value=video.chosen)

    return disclosure(
        _("May some of these visits be by video?"),
        native_form(
            rx.cond(state.is_own, rx.fragment(), hidden("whose", state.whose)),
            hidden("first", state.first),
            hidden("last", state.last),
            hidden("from", state.starts),
            hidden("until", state.ends),
            rx.foreach(state.videos, one),
            button(_("Show the plan"), submit=True),
            action="",
            method="get",
            class_name="form",
        ),
    )


def period_form(_: Translator, state: State) -> rx.Component:
    """From when until when; asked by the address, so that it can be passed on."""
    own = rx.cond(state.is_own, rx.fragment(), hidden("whose", state.whose))
    return rx.el.div(
        rx.el.h2(_("When?")),
        native_form(
            own,
            rx.el.div(
                field(_, "first", _("First day"), kind="date", default_value=state.first,
                      key=state.first, error=state.problems["first_day"]),
                field(_, "last", _("Last day"), kind="date", optional=True,
                      default_value=state.last, key="last" + state.last.to(str),
                      error=state.problems["last_day"]),
                class_name="fields-row",
            ),
            rx.el.div(
                field(_, "from", _("From"), kind="time", optional=True, width="short",
                      default_value=state.starts, key="from" + state.starts.to(str),
                      error=state.problems["starts"]),
                field(_, "until", _("Until"), kind="time", optional=True, width="short",
                      default_value=state.ends, key="until" + state.ends.to(str),
                      error=state.problems["ends"]),
                class_name="fields-row",
            ),
            button(_("Show the plan"), submit=True),
            action="",
            method="get",
            class_name="form",
        ),
        class_name="stack",
    )  # fmt: skip
