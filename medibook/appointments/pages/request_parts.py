"""The pieces of the requests inbox: the cards, the board of times to offer, the keys."""

from typing import Any

import reflex as rx

from medibook.appointments.pages.offer_panel import offer_panel
from medibook.appointments.pages.request_views import RequestView, StandView
from medibook.appointments.pages.video_tag import video_tag
from medibook.ui.components import (
    banner,
    button,
    disclosure,
    empty_state,
    error_summary,
    form,
    icon,
    skeleton,
    status_line,
    tag,
)
from medibook.ui.components.keys import Key, keys_button
from medibook.ui.i18n import Translator

State = Any  # the page's state: its module imports this one


def inbox_page(_: Translator, state: State) -> rx.Component:
    """The whole page."""
    return rx.el.div(
        rx.el.header(
            rx.el.h1(_("Requests")),
            rx.el.div(_steps(_), class_name="row"),
            class_name="page-head row row--between",
        ),
        error_summary(_, state.problem, state.problems),
        status_line(state.said),
        rx.cond(
            state.ready,
            rx.fragment(
                rx.cond(
                    state.requests.length() > 0,
                    rx.el.ul(
                        rx.foreach(state.requests, lambda one: _card(_, state, one)),
                        class_name="cards",
                        data_cards="true",
                    ),
                    rx.el.div(
                        empty_state(_("All clear. No request is waiting."), icon_name="check"),
                        tab_index=-1,
                        data_cards_empty="true",
                    ),
                ),
                _offered(_, state),
                _lately(_, state),
            ),
            skeleton(_, kind="rows", rows=2),
        ),
        class_name="stack",
    )


def _steps(_: Translator) -> rx.Component:
    """The ways through the list, each with its key; also for a finger."""
    return rx.fragment(
        button(
            rx.fragment(_("Previous"), _key("K")),
            kind="small", data_shortcut="k", data_card_step="-1",
        ),
        button(
            rx.fragment(_("Next"), _key("J")),
            kind="small", data_shortcut="j", data_card_step="1",
        ),
        keys_button(_, _keys(_)),
    )  # fmt: skip


def _key(letter: str) -> rx.Component:
    return rx.el.kbd(letter, class_name="key", aria_hidden="true")


def _keys(_: Translator) -> list[Key]:
    return [
        Key(sign="A", words=_("Accept the request")),
        Key(sign="O", words=_("Offer other times")),
        Key(sign="D", words=_("Decline, with a reason")),
        Key(sign="J", words=_("Next request")),
        Key(sign="K", words=_("Previous request")),
    ]


def _card(_: Translator, state: State, one: rx.Var[RequestView]) -> rx.Component:
    return rx.el.li(
        rx.el.article(
            rx.el.div(
                _about(_, one),
                rx.el.div(
                    rx.el.h3(_("Your day:"), " ", one.day_title, class_name="eyebrow"),
                    rx.el.ol(rx.foreach(one.around, _stand), class_name="beside"),
                    rx.cond(
                        one.around.length() == 1,
                        rx.el.p(_("Nothing else stands on this day yet."), class_name="small"),
                    ),
                    class_name="stack stack--tight",
                ),
                class_name="request__columns",
            ),
            _answers(_, state, one),
            class_name="card stack",
            tab_index=-1,
            data_card="true",
            aria_label=one.patient + ", " + one.when,
        ),
        key=one.key,
    )  # fmt: skip


def _about(_: Translator, one: rx.Var[RequestView]) -> rx.Component:
    return rx.el.div(
        rx.el.h2(one.when, class_name="name"),
        rx.el.p(one.zone, " · ", one.place, " · ", one.service, " ",
                video_tag(_, one.is_video), class_name="meta"),
        rx.el.p(rx.el.strong(one.patient), ", ", one.born, " · ",
                rx.el.a(one.phone, href=one.phone_href)),
        rx.el.p(one.known, class_name="small"),
        rx.cond(one.reason, rx.el.p(_("Reason:"), " ", one.reason, class_name="said")),
        rx.foreach(one.clashes, lambda words: banner(words, tone="amber",
                                                     icon_name="triangle-alert")),
        rx.el.p(icon("hourglass"), " ", one.waits, " · ", rx.el.strong(one.answer_by),
                class_name="small"),
        class_name="stack stack--tight",
    )  # fmt: skip


def _stand(one: rx.Var[StandView]) -> rx.Component:
    return rx.el.li(
        rx.el.span(one.span, class_name="beside__span"),
        rx.el.span(one.words),
        class_name="beside__line beside__line--" + one.look.to(str),
        key=one.key,
    )


def _answers(_: Translator, state: State, one: rx.Var[RequestView]) -> rx.Component:
    is_open = state.offering == one.key
    whose = rx.el.span(" · ", one.patient, class_name="unheard")
    return rx.el.div(
        rx.el.div(
            button(
                rx.fragment(_("Accept"), whose, _key("A")),
                kind="primary",
                on_click=state.accept(one.key),
                data_card_key="a",
            ),
            button(
                rx.fragment(_("Offer other times"), whose, _key("O")),
                on_click=state.open_offer(one.key),
                aria_expanded=rx.cond(is_open, "true", "false"),
                data_card_key="o",
            ),
            class_name="row",
        ),
        rx.cond(is_open, offer_panel(_, state, one)),
        disclosure(
            rx.fragment(_("Decline…"), whose, _key("D")),
            form(
                rx.el.input(type="hidden", name="request", value=one.key, read_only=True),
                rx.el.label(
                    rx.el.span(_("The reason, for the patient")),
                    rx.el.textarea(name="reason", max_length=300, class_name="input"),
                    class_name="field",
                ),
                button(_("Decline"), kind="danger", submit=True),
                on_submit=state.decline,
            ),
            data_card_more="d",
        ),
        class_name="stack",
    )


def _offered(_: Translator, state: State) -> rx.Component:
    return rx.cond(
        state.offered.length() > 0,
        rx.el.section(
            rx.el.h2(_("Offered, the patient has yet to choose")),
            rx.el.ul(
                rx.foreach(
                    state.offered,
                    lambda one: rx.el.li(
                        rx.el.p(rx.el.strong(one.patient), " · ", one.service),
                        rx.el.p(one.times),
                        rx.el.p(icon("hourglass"), " ", one.answer_by, class_name="small"),
                        class_name="card stack stack--tight",
                        key=one.key,
                    ),
                ),
                class_name="cards",
            ),
            class_name="stack",
        ),
    )


def _lately(_: Translator, state: State) -> rx.Component:
    return rx.cond(
        state.lately.length() > 0,
        rx.el.section(
            rx.el.h2(_("Answered and lapsed in the last seven days")),
            rx.el.ul(rx.foreach(state.lately, lambda one: _answered(_, one)), class_name="ledger"),
            rx.el.p(
                _("A time that lapsed is free again. The patient has been told and can ask again."),
                class_name="meta",
            ),
            class_name="stack",
        ),
    )


def _answered(_: Translator, one: Any) -> rx.Component:
    outcome = rx.match(
        one.tone,
        *[(tone, tag(one.words, tone=tone)) for tone in ("teal", "coral", "amber")],
        tag(one.words),
    )
    return rx.el.li(
        rx.el.span(rx.el.strong(one.patient), " · ", one.when),
        outcome,
        rx.el.span(one.answered, class_name="meta"),
        key=one.key,
    )
