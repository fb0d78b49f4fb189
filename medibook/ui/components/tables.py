"""Tables that become cards on a phone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from medibook.ui.components.basics import Child


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; ``draw`` takes the row's Var. ``header`` marks the one that names the row."""

    label: str
    draw: Callable[[Any], Child]
    header: bool = False
    number: bool = False


def table(caption: Child, columns: list[Column], rows: rx.Var[Any]) -> rx.Component:
    """Rows under a caption; every cell repeats its column's name where there is no room for a head."""
    head = rx.el.tr(
        *[
            # A column of buttons has no name; an empty header would be read as a riddle.
            rx.el.th(column.label, scope="col", class_name="number" if column.number else "")
            if column.label
            else rx.el.td()
            for column in columns
        ]
    )
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption),
            rx.el.thead(head),
            rx.el.tbody(rx.foreach(rows, lambda row: rx.el.tr(*[_cell(c, row) for c in columns]))),
            class_name="table",
        ),
        class_name="table-box",
    )


def _cell(column: Column, row: Any) -> rx.Component:
    if column.header:
        return rx.el.th(column.draw(row), scope="row")
    return rx.el.td(
        column.draw(row), data_label=column.label, class_name="number" if column.number else ""
    )
