"""The page on which the front desk books: one question at a time, and for whom on every one."""

import reflex as rx

from medibook.appointments.pages.desk_book_state import DeskBook
from medibook.appointments.pages.desk_find import finder, for_whom
from medibook.appointments.pages.desk_words import FirstView
from medibook.scheduling.pages.board_state import board_section
from medibook.ui.components import (
    back_link,
    banner,
    button,
    card,
    dialog,
    disclosure,
    empty_state,
    error_summary,
    form,
    link,
    link_button,
    panel,
    select,
    skeleton,
    textarea,
)
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page


@page(
    "/desk/book",
    title=N_("Book for a patient"),
    description=N_("Find the patient, choose a time, book it."),
    on_load=[DeskBook.load],
)
def desk_book(_: Translator) -> rx.Component:
    """Booking for somebody who calls or stands there."""
    heading = rx.cond(DeskBook.walkin, _("Walk-in"), _("Book for a patient"))
    return rx.el.div(
        back_link(_("Front desk"), href=_.href("/desk/")),
        rx.cond(
            DeskBook.ready & (DeskBook.step == "done"),
            _done(_),
            rx.fragment(
                rx.el.h1(heading),
                rx.cond(
                    ~DeskBook.is_new & ~DeskBook.overbooking, error_summary(_, DeskBook.problem)
                ),
                rx.cond(DeskBook.ready, _question(_), _waiting(_)),
            ),
        ),
        class_name="stack narrow",
    )


def _waiting(_: Translator) -> rx.Component:
    return rx.cond(DeskBook.problem == "", card(skeleton(_, kind="lines", rows=4)))


def _question(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.cond(
            DeskBook.step != "who",
            for_whom(_, DeskBook.whom, other=DeskBook.other),
        ),
        rx.match(
            DeskBook.step,
            ("walkin", _walk_in(_)),
            ("when", _when(_)),
            ("check", _check(_)),
            finder(_, DeskBook),
        ),
    )


def _walk_in(_: Translator) -> rx.Component:
    """The first time of everybody; the soonest is chosen already, and Enter takes it."""
    return rx.cond(
        DeskBook.firsts.length() > 0,
        form(
            rx.el.fieldset(
                rx.el.legend(_("The first free times"), class_name="field__label"),
                rx.el.div(rx.foreach(DeskBook.firsts, _first_choice), class_name="choices"),
                class_name="field",
            ),
            rx.el.div(
                button(_("Add to the day"), kind="primary", submit=True, auto_focus=True),
                class_name="row",
            ),
            rx.el.p(_("Who is seen within half an hour counts as arrived."), class_name="hint"),
            disclosure(
                _("Squeeze in now…"),
                rx.el.ul(
                    rx.foreach(
                        DeskBook.firsts,
                        lambda first: rx.el.li(
                            link(first.practitioner, href=first.now_href, class_name="hit"),
                            key=first.key,
                        ),
                    ),
                    class_name="hits",
                ),
            ),
            on_submit=DeskBook.add_walk_in,
        ),
        empty_state(
            _("Nobody has a free time today."),
            link_button(_("Choose another day"), href=DeskBook.not_today),
            icon_name="calendar-days",
        ),
    )


def _first_choice(first: rx.Var[FirstView], index: rx.Var[int]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="first", value=first.key, default_checked=index == 0),
        rx.el.span(
            rx.el.strong(first.when), " ", rx.el.span(first.soon, class_name="meta"), " · ",
            first.practitioner, " · ", first.service,
        ),
        class_name="choice",
        key=first.key,
    )  # fmt: skip


def _nobody_free(_: Translator) -> rx.Component:
    return empty_state(
        _("Nobody has a free time in these weeks."),
        link_button(_("Back to the day"), href=_.href("/desk/")),
        icon_name="calendar-days",
    )


def _when(_: Translator) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            select(
                _, "type", _("Visit type"), DeskBook.types, value=DeskBook.service_key,
                on_change=DeskBook.choose_type, required=False,
            ),
            select(
                _, "with", _("Doctor"), DeskBook.practitioners, value=DeskBook.with_whom,
                on_change=DeskBook.choose_whom,
            ),
            class_name="fields-row",
        ),
        rx.cond(
            DeskBook.with_whom == "any",
            rx.cond(DeskBook.firsts.length() > 0, _firsts(_), _nobody_free(_)),
            board_section(
                _, DeskBook, name=_("Free times"),
                hidden={
                    "who": DeskBook.whom.key,
                    "type": DeskBook.service_key,
                    "by": DeskBook.with_whom,
                },
            ),
        ),
    )  # fmt: skip


def _firsts(_: Translator) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            DeskBook.firsts,
            lambda first: rx.el.li(
                link(
                    rx.el.strong(first.practitioner),
                    rx.el.span(first.when, class_name="hit__born"),
                    rx.el.span(first.service, class_name="meta"),
                    href=first.href,
                    class_name="hit",
                ),
                key=first.key,
            ),
        ),
        class_name="hits",
        aria_label=_("The first free times"),
    )


def _check(_: Translator) -> rx.Component:
    c = DeskBook.check
    blocked = c.against.length() > 0
    return rx.fragment(
        card(
            rx.el.p(c.when, class_name="name"),
            rx.el.p(c.practitioner, " · ", c.place, " · ", c.zone, " · ", c.fee, class_name="meta"),
            select(
                _, "type", _("Visit type"), c.services, value=c.service_key,
                on_change=DeskBook.choose_type,
            ),
            rx.cond(blocked, _against(_)),
            form(
                rx.cond(
                    c.rooms.length() > 0, select(_, "room", _("Room"), c.rooms, required=False)
                ),
                textarea(
                    _, "reason", _("What is it about?"), optional=True, max_length=500,
                    hint=_("The patient and the doctor read this."), rows=2,
                ),
                rx.el.p(DeskBook.whom.told, class_name="hint"),
                rx.el.div(rx.cond(
                    blocked,
                    button(
                        _("Overbook…"), kind="danger", on_click=DeskBook.ask_overbook(True),  # noqa: FBT003 - an event's argument

                        aria_haspopup="dialog", auto_focus=True,
                    ),
                    button(
                        rx.fragment(_("Book for "), DeskBook.whom.name),
                        kind="primary", submit=True, auto_focus=True,
                    ),
                ), class_name="row"),
                id="check-form",
                on_submit=DeskBook.book,
            ),
        ),
        _overbook_dialog(_),
    )  # fmt: skip


def _against(_: Translator) -> rx.Component:
    c = DeskBook.check
    return banner(
        rx.el.p(rx.el.strong(_("This time is not free."))),
        rx.el.ul(rx.foreach(c.against, rx.el.li), rx.foreach(c.clashes, rx.el.li)),
        tone="amber",
        icon_name="triangle-alert",
        heard=True,
    )


def _overbook_dialog(_: Translator) -> rx.Component:
    c = DeskBook.check
    return dialog(
        _, "overbook", _("Book this time all the same?"),
        rx.cond(DeskBook.overbooking, error_summary(_, DeskBook.problem)),
        rx.el.p(DeskBook.whom.name, " · ", c.when, " · ", c.practitioner),
        rx.el.ul(rx.foreach(c.against, rx.el.li), rx.foreach(c.clashes, rx.el.li)),
        form(
            textarea(
                _, "why", _("Why?"), max_length=300, rows=2, error=DeskBook.problems["why"],
                hint=_("This stays in the history of the visit."),
            ),
            id="overbook-form",
            on_submit=DeskBook.overbook,
        ),
        actions=[
            button(_("Overbook"), kind="danger-solid", submit=True, form="overbook-form"),
        ],
        open_when=DeskBook.overbooking,
        on_dismiss=DeskBook.ask_overbook(False),  # noqa: FBT003 - likewise
    )  # fmt: skip


def _done(_: Translator) -> rx.Component:
    d = DeskBook.done
    return rx.fragment(
        panel(
            rx.fragment(_("Booked: "), d.when),
            rx.el.p(rx.el.strong(DeskBook.whom.name), ", ", DeskBook.whom.born),
            rx.el.p(d.practitioner, " · ", d.service, " · ", d.place),
            rx.el.p(_("Reference"), " ", rx.el.strong(d.reference, class_name="reference")),
            rx.el.p(
                rx.cond(d.arrived, _("Marked as arrived: please take a seat."), DeskBook.whom.told)
            ),
        ),
        rx.el.div(
            link_button(_("Back to the day"), href=d.day_href, kind="primary"),
            link_button(
                rx.cond(DeskBook.walkin, _("Another walk-in"), _("Book another")),
                href=DeskBook.another,
            ),
            class_name="row noprint",
        ),
    )
