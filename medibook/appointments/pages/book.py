"""Check and book: the chosen time is held, everything is said, one click books it."""

import reflex as rx

from medibook.appointments.pages.book_state import Book
from medibook.appointments.pages.choice import answers
from medibook.appointments.pages.series_views import repeat_this
from medibook.appointments.pages.whom import choice, for_banner
from medibook.ui.components import (
    back_link,
    banner,
    button,
    card,
    empty_state,
    error_summary,
    form,
    link_button,
    skeleton,
    slot_strip,
    textarea,
)
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


@page(
    "/book",
    title=N_("Check and book"),
    description=N_("Check your visit, then book it with one click."),
    on_load=[Book.load],
)
def book(_: Translator) -> rx.Component:
    """The page between a chosen time and a booked visit."""
    return rx.el.div(
        rx.cond(
            Book.ready | (Book.problem != ""),
            rx.match(
                Book.step,
                ("check", _check(_)),
                ("sign-in", _sign_in_first(_)),
                ("taken", _taken(_)),
                ("mine", _mine(_)),
                _nothing_to_book(_),
            ),
            rx.fragment(rx.el.h1(_("Check and book")), card(skeleton(_, kind="lines", rows=6))),
        ),
        class_name="stack narrow",
    )


def _check(_: Translator) -> rx.Component:
    return rx.fragment(
        back_link(_("Choose another time"), href=Book.choice.change),
        rx.el.h1(_("Check and book")),
        error_summary(_, Book.problem),
        for_banner(Book.for_line),
        _held(_),
        _whom(_),
        card(answers(_, Book.choice, who=True)),
        repeat_this(_, Book.series),
        form(
            textarea(
                _, "reason", _("What is it about?"), optional=True, max_length=500,
                default_value=Book.reason, on_blur=Book.keep_words,
                hint=_("Only your doctor and you will read this. Up to 500 characters."),
            ),
            rx.el.p(Book.choice.rule, class_name="meta"),
            rx.cond(
                Book.choice.by_request,
                rx.el.p(_("The doctor confirms each visit. We will write to you."),
                        class_name="meta"),
            ),
            rx.el.div(
                button(Book.choice.label, kind="primary wide", submit=True, busy=Book.busy),
                class_name="commit commit--sticky",
            ),
            on_submit=Book.book,
        ),
    )  # fmt: skip


def _whom(_: Translator) -> rx.Component:
    asked = choice(_, Book.people, value=Book.whom, on_change=Book.change_whom)
    return rx.el.div(asked, key=Book.asked.to_string())


def _held(_: Translator) -> rx.Component:
    return rx.cond(
        Book.held_until,
        banner(
            rx.el.p(
                _("This time is held for you until"), " ", rx.el.strong(Book.held_until), ".",
            ),
            rx.el.div(
                rx.el.p(_("Less than two minutes are left."), role="status"),
                button(_("Keep it longer"), kind="small", on_click=Book.keep),
                class_name="row",
                data_hold_ends=Book.held_epoch.to_string(),
                hidden=True,
                key=Book.held_epoch.to_string(),
            ),
            tone="teal",
            icon_name="clock",
        ),
    )  # fmt: skip


def _sign_in_first(_: Translator) -> rx.Component:
    return rx.fragment(
        back_link(_("Choose another time"), href=Book.choice.change),
        rx.el.h1(_("Almost there")),
        error_summary(_, Book.problem),
        card(answers(_, Book.choice, who=False)),
        rx.el.p(_("To book, tell us who you are. Your time stays chosen."), class_name="lead"),
        rx.el.div(
            link_button(_("Sign in"), href=Book.sign_in, kind="primary", icon_name="log-in"),
            link_button(_("I am new here"), href=Book.register, icon_name="user-plus"),
            class_name="row",
        ),
    )


def _taken(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.el.h1(_("Somebody else was faster")),
        banner(
            rx.el.p(Book.taken),
            rx.el.p(_("Nothing was booked and nothing was charged. What you wrote is kept.")),
            tone="amber", icon_name="info", heard=True,
        ),
        _whom(_),
        card(
            slot_strip(
                _, Book.nearest, label=Book.nearest_label,
                more=_("All times"), more_href=Book.choice.change,
            )
        ),
    )  # fmt: skip


def _mine(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.el.h1(_("This time is yours already")),
        rx.el.p(_("You have booked it; nothing more is to be done."), class_name="lead"),
        link_button(_("Look at your visit"), href=Book.mine, kind="primary"),
    )


def _nothing_to_book(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.el.h1(_("Check and book")),
        rx.cond(
            Book.problem,
            banner(rx.el.p(Book.problem), tone="coral", heard=True),
            rx.cond(
                Book.choice.practitioner,
                empty_state(
                    _("Visits are booked from a patient's account."),
                    link_button(_("Find a doctor"), href=_.href("/find/")),
                    icon_name="user",
                ),
                empty_state(
                    _("This link names no time. It may have been cut off."),
                    link_button(_("Find a doctor"), href=_.href("/find/")),
                    icon_name="search",
                ),
            ),
        ),
        rx.el.p(_("Or call us:"), " ", rx.el.a(Frame.phone, href=Frame.phone_href)),
    )
