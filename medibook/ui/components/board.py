"""The departure board: free times as links, one row per day."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from medibook.ui.components.basics import Words, icon, link
from medibook.ui.i18n import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotChip:
    """One time on the board, its words made in the reader's language.

    ``state``: "free" | "taken" (text in the same place) | "chosen" | "part" (a heading inside a
    long day, "Morning"; only ``label`` is read). ``name`` is what a screen reader says:
    "10:30, Tuesday 24 November". ``key`` stays the same when the state changes.
    """

    key: str
    label: str
    href: str = ""
    name: str = ""
    state: str = "free"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotDay:
    """One row: ``label`` "Tue 24 Nov", ``count_label`` "6 times" (or "" when there are none)."""

    key: str
    label: str
    long_label: str
    count_label: str = ""
    chips: list[SlotChip] = field(default_factory=list)


def slot_board(_: Translator, days: rx.Var[list[SlotDay]], *, name: Words) -> rx.Component:
    """The board; ``name`` says whose times they are. Arrow keys come from js/board.js."""
    return rx.el.div(
        rx.foreach(days, lambda day: _day(_, day)),
        class_name="board",
        role="grid",
        aria_label=name,
        aria_description=_("Use the arrow keys to move between times."),
        data_board="true",
    )


def slot_strip(
    _: Translator,
    chips: rx.Var[list[SlotChip]],
    *,
    label: Words,
    more: Words = "",
    more_href: Words = "",
) -> rx.Component:
    """The next few free times on a result card: "Next: Tue 24 Nov", chips, "+6 more"."""
    more_link = link(more, href=more_href, class_name="slot slot--more")
    if isinstance(more, rx.Var):
        rest: Any = rx.cond(more, rx.el.li(more_link), rx.fragment())
    else:
        rest = rx.el.li(more_link) if more else ""
    return rx.el.div(
        rx.el.p(label, class_name="next__label"),
        rx.el.ul(
            rx.foreach(chips, lambda chip: rx.el.li(_chip(_, chip))), rest, class_name="times"
        ),
        class_name="next",
    )


def _day(_: Translator, day: Any) -> rx.Component:
    return rx.cond(
        day.chips.length() > 0,
        rx.el.div(
            _day_name(day),
            rx.el.div(
                rx.foreach(day.chips, lambda chip: _cell(_, chip)),
                class_name="times",
                role="presentation",
            ),
            class_name="day",
            role="row",
            key=day.key,
        ),
        rx.el.div(
            _day_name(day),
            rx.el.div(_("No times"), class_name="day__none", role="gridcell"),
            class_name="day day--none",
            role="row",
            key=day.key,
        ),
    )


def _day_name(day: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(day.label, aria_hidden="true"),
        rx.el.span(day.long_label, class_name="unheard"),
        rx.cond(day.count_label, rx.el.small(" ", day.count_label), rx.fragment()),
        class_name="day__name",
        role="rowheader",
    )


def _cell(_: Translator, chip: Any) -> rx.Component:
    return rx.cond(
        chip.state == "part",
        rx.el.span(chip.label, class_name="board__part", aria_hidden="true"),
        rx.el.span(_chip(_, chip), role="gridcell", key=chip.key),
    )


def _chip(_: Translator, chip: Any) -> rx.Component:
    note = rx.cond(chip.note, rx.el.span(chip.note, class_name="slot__note"), rx.fragment())
    free = link(
        chip.label, note, href=chip.href, aria_label=chip.name, class_name="slot", data_key=chip.key
    )
    chosen = link(
        chip.label,
        note,
        href=chip.href,
        aria_label=chip.name,
        aria_current="true",
        class_name="slot",
        data_key=chip.key,
    )
    # Text in the same place and of the same size: nothing moves under the finger.
    taken = rx.el.span(
        rx.el.s(chip.label),
        rx.el.small(_("taken")),
        class_name="slot slot--taken",
        data_key=chip.key,
    )
    return rx.match(chip.state, ("taken", taken), ("chosen", chosen), free)


def earlier_and_later(
    _: Translator,
    *,
    earlier: Words = "",
    later: Words = "",
    earlier_label: str = "",
    later_label: str = "",
) -> rx.Component:
    """Links to the pages before and after; an empty address leaves its link out."""
    before = link(
        icon("chevron-left", class_name="icon--turns"),
        earlier_label or _("Earlier dates"),
        href=earlier,
    )
    after = link(
        later_label or _("Later dates"), icon("chevron-right", class_name="icon--turns"), href=later
    )
    return rx.el.nav(
        rx.cond(earlier, before, rx.el.span()),
        rx.cond(later, after, rx.el.span()),
        class_name="pager noprint",
        aria_label=_("More pages"),
    )
