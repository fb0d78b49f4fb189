"""The dialogs of the calendar: one visit with what can be done, and the question before it moves."""

import reflex as rx

from medibook.appointments.pages.calendar_state import Calendar
from medibook.appointments.pages.video_tag import video_tag
from medibook.ui.components import (
    banner,
    button,
    dialog,
    disclosure,
    error_summary,
    field,
    form,
    link,
    status_pill,
)
from medibook.ui.i18n import Translator


def visit_dialog(_: Translator) -> rx.Component:
    """A visit: who and when, the steps of the day, and the way to move it without a mouse."""
    line = Calendar.line
    steps = rx.foreach(
        line.steps,
        lambda step: button(
            step.label, kind="small", on_click=Calendar.step(step.target, line.version)
        ),
    )
    return dialog(
        _,
        "visit",
        rx.cond(line.patient, line.patient, _("Visit")),
        error_summary(_, rx.cond(Calendar.is_open, Calendar.problem, ""), Calendar.problems),
        rx.el.div(
            rx.el.strong(Calendar.open_day, ", ", line.time, "–", line.until),
            status_pill(_, line.status, staff=True),
            video_tag(_, line.is_video),
            class_name="row",
        ),
        rx.el.p(line.service, " · ", line.place, " · ", line.born, class_name="meta"),
        rx.cond(line.reason, rx.el.p(_("Reason:"), " ", line.reason)),
        rx.el.p(
            rx.el.a(line.phone, href=line.phone_href),
            " · ",
            rx.el.a(line.email, href=line.email_href),
        ),
        rx.el.div(steps, class_name="row"),
        rx.el.div(
            rx.cond(Calendar.may_move, _move(_)),
            rx.cond(Calendar.may_stretch, _length(_)),
            rx.cond(line.status == "pending", _answer(_)),
            key=Calendar.open_key,
        ),
        _further(_),
        actions=[],
        open_when=Calendar.is_open,
        on_dismiss=Calendar.close_visit,
        dismiss_label=_("Close"),
    )


def _further(_: Translator) -> rx.Component:
    to_plan = Calendar.line.next_visit
    return rx.el.div(
        link(_("Open the day"), href=_.href("/day/?on=") + Calendar.day_typed),
        rx.cond(to_plan, link(_("Come again…"), href=to_plan)),
        class_name="row",
    )


def _move(_: Translator) -> rx.Component:
    return disclosure(
        _("Move…"),
        form(
            rx.el.div(
                field(_, "day", _("Day"), kind="date", default_value=Calendar.day_typed,
                      error=Calendar.problems["day"]),
                field(_, "time", _("Time"), kind="time", width="short", step="300",
                      default_value=Calendar.time_typed, error=Calendar.problems["time"],
                      hint=Calendar.zone_words),
                class_name="fields-row",
            ),
            button(_("Look at this time"), submit=True),
            on_submit=Calendar.propose_time,
        ),
    )  # fmt: skip


def _answer(_: Translator) -> rx.Component:
    return rx.el.p(
        _("A request is answered before it can be moved."), " ",
        link(_("Go to the requests"), href=_.href("/requests/")),
    )  # fmt: skip


def _length(_: Translator) -> rx.Component:
    return disclosure(
        _("Length…"),
        form(
            field(_, "minutes", _("Minutes"), kind="number", width="short", input_mode="numeric",
                  min="5", max="480", step="5", default_value=Calendar.minutes_typed.to_string(),
                  error=Calendar.problems["minutes"]),
            button(_("Look at this length"), submit=True),
            on_submit=Calendar.propose_length,
        ),
    )  # fmt: skip


def move_dialog(_: Translator) -> rx.Component:
    """Whether the move is meant, and who will hear of it; Esc leaves the visit where it is."""
    question = Calendar.question
    return dialog(
        _,
        "move",
        rx.cond(question.title, question.title, _("Move this visit?")),
        rx.el.p(question.before),
        rx.cond(
            question.warning,
            banner(question.warning, tone="amber", icon_name="triangle-alert"),
        ),
        rx.el.p(question.telling),
        actions=[button(question.answer, kind="primary", on_click=Calendar.go_ahead)],
        open_when=Calendar.asking,
        on_dismiss=Calendar.leave_it,
        dismiss_label=_("Leave it"),
    )
