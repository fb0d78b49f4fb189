"""The waiting list at the front desk: what goes on, who waits, why X was asked before Y, and the report."""

import reflex as rx

from medibook.ui.components import (
    back_link,
    button,
    card,
    disclosure,
    empty_state,
    error_summary,
    form,
    skeleton,
    status_line,
    tag,
)
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page
from medibook.waitlist.pages.desk_state import DeskWaitlist
from medibook.waitlist.pages.desk_words import FreedView, InLine
from medibook.waitlist.pages.words import PRIORITIES


@page(
    "/desk/waitlist",
    title=N_("Waiting list"),
    description=N_("Who waits, who is asked, and why."),
    on_load=[DeskWaitlist.load],
)
def desk(_: Translator) -> rx.Component:
    """The front desk's view."""
    return rx.el.div(
        back_link(_("Desk"), href=_.href("/desk/")),
        rx.el.h1(_("Waiting list")),
        error_summary(_, DeskWaitlist.problem, DeskWaitlist.problems),
        status_line(DeskWaitlist.said),
        rx.cond(
            DeskWaitlist.ready,
            rx.fragment(
                rx.el.p(DeskWaitlist.report, class_name="lead"),
                _freed(_),
                _people(_),
            ),
            rx.cond(DeskWaitlist.problem == "", skeleton(_, kind="rows", rows=3)),
        ),
        class_name="stack",
    )


def _freed(_: Translator) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Freed times of the last 7 days")),
        rx.cond(
            DeskWaitlist.freed.length() > 0,
            rx.el.ul(
                rx.foreach(DeskWaitlist.freed, lambda one: _round(_, one)), class_name="cards"
            ),
            empty_state(_("No time was freed that somebody waits for."), icon_name="hourglass"),
        ),
        class_name="stack",
    )


def _round(_: Translator, one: rx.Var[FreedView]) -> rx.Component:
    story = rx.el.ol(
        rx.foreach(
            one.story,
            lambda line: rx.el.li(
                rx.el.strong(line.name), " ", line.what,
                rx.cond(line.why, rx.el.span(" ", line.why, class_name="meta")),
                rx.el.p(line.rank, class_name="meta"),
                key=line.key,
            ),
        ),
        class_name="timeline",
    )  # fmt: skip
    return rx.el.li(
        card(
            rx.el.div(
                rx.el.h3(one.when, " · ", one.whom),
                tag(one.state, tone=one.tone),
                class_name="row row--between",
            ),
            rx.el.p(one.freed, class_name="meta"),
            rx.cond(one.asked, rx.el.p(rx.el.strong(one.asked))),
            rx.cond(one.offer, _answers(_, one)),
            disclosure(_("Who was asked, who was not, and why"), story),
        ),
        key=one.key,
    )


def _answers(_: Translator, one: rx.Var[FreedView]) -> rx.Component:
    """The answer of somebody who calls, or the time given to another in line."""

    def hidden() -> rx.Component:
        return rx.el.input(type="hidden", name="offer", value=one.offer, read_only=True)

    return rx.el.div(
        form(
            hidden(),
            button(_("They take it"), submit=True, kind="small"),
            on_submit=DeskWaitlist.accept,
            class_name="row",
        ),
        form(
            hidden(),
            button(_("They do not"), submit=True, kind="small"),
            on_submit=DeskWaitlist.decline,
            class_name="row",
        ),
        disclosure(
            _("Give it to another in line"),
            form(
                hidden(),
                _choice(
                    one.key + "-to",
                    "to",
                    _("To whom"),
                    rx.foreach(
                        DeskWaitlist.others,
                        lambda other: rx.el.option(other.label, value=other.value),
                    ),
                ),
                _reason(_, one.key + "-why"),
                button(_("Give it to them"), submit=True, kind="small"),
                on_submit=DeskWaitlist.give,
            ),
        ),
        class_name="row noprint",
    )


def _people(_: Translator) -> rx.Component:
    return rx.el.section(
        rx.el.h2(_("Who waits, in order")),
        rx.cond(
            DeskWaitlist.people.length() > 0,
            rx.el.ol(
                rx.foreach(DeskWaitlist.people, lambda one: _person(_, one)), class_name="cards"
            ),
            empty_state(_("Nobody waits."), icon_name="hourglass"),
        ),
        class_name="stack",
    )


def _person(_: Translator, one: rx.Var[InLine]) -> rx.Component:
    return rx.el.li(
        card(
            rx.el.div(
                rx.el.h3(rx.el.span(one.place, ". "), one.name),
                tag(one.priority, tone=one.tone),
                class_name="row row--between",
            ),
            rx.el.p(one.what),
            rx.el.p(one.wished, class_name="meta"),
            rx.el.p(one.since, rx.cond(one.because, rx.fragment(" · ", one.because)),
                    class_name="meta"),
            rx.el.div(_ranking(_, one), _leaving(_, one), class_name="row noprint"),
        ),
        key=one.key,
    )  # fmt: skip


def _ranking(_: Translator, one: rx.Var[InLine]) -> rx.Component:
    return disclosure(
        _("Change the priority"),
        form(
            rx.el.input(type="hidden", name="entry", value=one.key, read_only=True),
            _choice(
                one.key + "-priority",
                "priority",
                _("Priority"),
                *[rx.el.option(_(words), value=str(int(n))) for n, words in PRIORITIES.items()],
                default_value=one.rank,
            ),
            _reason(_, one.key + "-why"),
            button(_("Change it"), submit=True, kind="small"),
            on_submit=DeskWaitlist.rank,
        ),
    )  # fmt: skip


def _leaving(_: Translator, one: rx.Var[InLine]) -> rx.Component:
    return disclosure(
        _("Take off the list"),
        form(
            rx.el.input(type="hidden", name="entry", value=one.key, read_only=True),
            _reason(_, one.key + "-off"),
            button(_("Take off"), kind="danger", submit=True),
            on_submit=DeskWaitlist.take_off,
        ),
    )


def _choice(
    key: rx.Var[str], name: str, label: str, *options: rx.Component, **props: rx.Var[str]
) -> rx.Component:
    """One of a list; in each form of the page it has another id, so that its label finds it."""
    return rx.el.div(
        rx.el.label(label, html_for=key, class_name="field__label"),
        rx.el.select(*options, id=key, name=name, class_name="input", **props),
        class_name="field",
    )


def _reason(_: Translator, name: rx.Var[str]) -> rx.Component:
    """Why; each form of the list has its own field, so that a label finds it."""
    return rx.el.div(
        rx.el.label(_("Reason"), html_for=name, class_name="field__label"),
        rx.el.input(id=name, name="reason", max_length=200, class_name="input", required=True),
        class_name="field",
    )
