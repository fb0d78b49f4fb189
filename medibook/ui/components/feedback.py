"""What the page answers: mistakes, waiting, questions before something is final."""

from typing import Any

import reflex as rx

from medibook.ui.components.basics import Child, button, link
from medibook.ui.i18n import Translator

_BONES = {
    "rows": lambda: rx.el.div(
        rx.el.span(class_name="bone w40"), rx.el.span(class_name="bone w80"), class_name="card"
    ),
    "cards": lambda: rx.el.div(
        rx.el.div(
            rx.el.span(class_name="bone bone--round"),
            rx.el.div(
                rx.el.span(class_name="bone w60"),
                rx.el.span(class_name="bone w40"),
                class_name="stack stack--tight",
            ),
            class_name="person",
        ),
        rx.el.div(
            *[rx.el.span(class_name="bone bone--chip") for _chip in range(4)], class_name="row"
        ),
        class_name="card",
    ),
    "board": lambda: rx.el.div(
        rx.el.span(class_name="bone w80"),
        rx.el.div(
            *[rx.el.span(class_name="bone bone--chip") for _chip in range(4)], class_name="times"
        ),
        class_name="day",
    ),
    "lines": lambda: rx.el.span(class_name="bone w80"),
}


def skeleton(_: Translator, *, kind: str = "rows", rows: int = 3) -> rx.Component:
    """The shape of what is on its way; ``kind``: "rows" | "cards" | "board" | "lines"."""
    return rx.el.div(
        rx.el.span(_("Loading…"), class_name="unheard"),
        *[_BONES[kind]() for _row in range(rows)],
        class_name="skeleton",
        aria_busy="true",
    )


def error_summary(_: Translator, problem: rx.Var[str], problems: Any = None) -> rx.Component:
    """What went wrong, at the top of the form; takes the focus and links to each field.

    ``problem`` is the sentence (AppState.problem), ``problems`` maps a field's name to its own.
    """
    lines: Child = rx.fragment()
    if problems is not None:
        lines = rx.el.ul(
            rx.foreach(
                problems.entries(),
                lambda pair: rx.el.li(
                    link(pair[1], href=rx.Var.create("#") + pair[0].to(str), full=True)
                ),
            )
        )
    summary = rx.el.div(
        rx.el.h2(_("There is a problem")),
        rx.el.p(problem),
        lines,
        class_name="error-summary",
        role="alert",
        tab_index=-1,
        data_error_summary="true",
    )
    return rx.cond(problem, summary, rx.fragment())


def status_line(message: rx.Var[str]) -> rx.Component:
    """A polite sentence for everybody, also the screen reader: "14 doctors, soonest today 15:40"."""
    return rx.el.p(message, class_name="status-line", role="status", aria_live="polite")


def dialog(
    _: Translator,
    name: str,
    title: Child,
    *children: Child,
    actions: list[Child],
    open_when: rx.Var[bool] | None = None,
    on_dismiss: Any = None,
    dismiss_label: str = "",
) -> rx.Component:
    """A question before something is final. Opened by ``dialog_button(name)`` or by ``open_when``.

    With ``open_when`` give ``on_dismiss``, the handler that says no: Esc presses it too.
    """
    pressed = {"on_click": on_dismiss} if on_dismiss is not None else {}
    # Esc presses this one, never an action that closes the dialog, too.
    no = button(
        dismiss_label or _("Go back"), data_dialog_close="true", data_dialog_no="true", **pressed
    )
    follows = {} if open_when is None else {"data_open": rx.cond(open_when, "true", "false")}
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(title, id=f"{name}-title"),
            *children,
            rx.el.div(*actions, no, class_name="dialog__actions"),
            class_name="dialog__body",
        ),
        id=name,
        class_name="dialog",
        aria_labelledby=f"{name}-title",
        **follows,
    )


def dialog_button(label: Child, *, opens: str, kind: str = "", **props: Any) -> rx.Component:
    """The button that opens the dialog of that name."""
    return button(label, kind=kind, data_dialog=opens, aria_haspopup="dialog", **props)
