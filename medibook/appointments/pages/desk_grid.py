"""The day's columns as they are drawn: an axis of hours, and a column of blocks for each doctor."""

from typing import Any

import reflex as rx

from medibook.appointments.pages.desk_views import DeskBlock, DeskColumnView, HourMark
from medibook.ui.components import icon, link
from medibook.ui.i18n import Translator
from medibook.ui.shell import Frame

_A_LINE = 8  # minutes; what is shorter has no room for a word


def day_grid(
    _: Translator,
    *,
    columns: rx.Var[list[DeskColumnView]],
    marks: rx.Var[list[HourMark]],
    minutes: rx.Var[int],
    on_visit: Any,
) -> rx.Component:
    """The grid; it alone scrolls sideways. Arrow keys between its blocks come from js/desk.js."""
    return rx.el.div(
        rx.el.div(
            rx.el.div(rx.el.span(class_name="desk__head"), rx.foreach(marks, _mark),
                      class_name="desk__axis", aria_hidden="true"),
            rx.foreach(columns, lambda column: _column(_, column, on_visit)),
            class_name="desk__sheet",
            **_placed({"--day": minutes, "--columns": columns.length()}),
        ),
        class_name="desk",
        role="region",
        aria_label=_("The day, a column for each doctor"),
        aria_description=_("Use the arrow keys to move between visits and free times."),
        tab_index=0,
        data_desk="true",
    )  # fmt: skip


def _mark(mark: rx.Var[HourMark]) -> rx.Component:
    return rx.el.span(
        mark.label, class_name="desk__hour", key=mark.label, **_placed({"--begins": mark.begins})
    )


def _column(_: Translator, column: rx.Var[DeskColumnView], on_visit: Any) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(column.name, class_name="desk__name"),
            rx.el.span(
                column.note,
                rx.cond((column.away != "") & (Frame.role != "admin"), _away(_, column)),
                class_name="desk__note",
            ),
            class_name="desk__head",
        ),
        rx.el.ul(
            rx.foreach(column.blocks, lambda block: _block(_, block, on_visit)),
            rx.cond(
                column.now >= 0,
                rx.el.li(
                    class_name="desk__now",
                    aria_hidden="true",
                    data_now=column.now,
                    **_placed({"--begins": column.now}),
                ),
            ),
            class_name="desk__body",
        ),
        class_name=rx.cond(column.chosen, "desk__column desk__column--chosen", "desk__column"),
        aria_label=column.name,
        data_column="true",
        key=column.key,
    )


def _away(_: Translator, column: rx.Var[DeskColumnView]) -> rx.Component:
    whose = rx.el.span(" · ", column.name, class_name="unheard")
    return rx.fragment(" · ", link(_("Away…"), whose, href=column.away, class_name="noprint"))


def _block(_: Translator, block: rx.Var[DeskBlock], on_visit: Any) -> rx.Component:
    drawn = rx.match(
        block.kind,
        ("visit", _visit(block, on_visit)),
        ("free", _free(block)),
        ("open", rx.fragment()),
        ("buffer", rx.fragment()),
        rx.el.span(block.title, class_name="desk__word"),
    )
    return rx.el.li(
        drawn,
        class_name=rx.Var.create("desk__block desk__block--") + block.kind,
        key=block.key,
        **_placed(
            {
                "--begins": block.begins,
                "--minutes": block.minutes,
                "--lane": block.lane,
                "--lanes": block.lanes,
            }
        ),
    )


def _visit(block: rx.Var[DeskBlock], on_visit: Any) -> rx.Component:
    return rx.el.button(
        rx.el.span(
            icon(block.icon), rx.el.span(block.time, class_name="desk__time"), " ",
            rx.el.bdi(block.title), class_name="desk__line",
        ),
        rx.el.span(block.note, class_name="desk__line desk__line--more"),
        type="button",
        class_name=rx.Var.create("desk__visit ")
        + block.tone
        + rx.cond(block.overbooked, " desk__visit--over", ""),
        on_click=on_visit(block.key),
        aria_haspopup="dialog",
        data_cell=block.begins,
    )  # fmt: skip


def _free(block: rx.Var[DeskBlock]) -> rx.Component:
    time = rx.cond(block.minutes < _A_LINE, "", block.time)
    book = link(
        time,
        href=block.href,
        class_name="desk__free",
        aria_label=block.name,
        data_cell=block.begins,
    )
    # An admin sees what is free; booking is for the front desk alone.
    return rx.cond(Frame.role == "admin", rx.el.span(time, class_name="desk__word"), book)


def _placed(places: dict[str, object]) -> dict[str, object]:
    """A block's place as properties of CSS, set by the browser's own style attribute.

    Reflex's ``style`` would make a new class for each place, hundreds of them.
    """
    return {"custom_attrs": {"style": rx.Var.create(places)}}
