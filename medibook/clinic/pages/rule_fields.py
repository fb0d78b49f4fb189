"""The rules for booking on a form: the clinic's own, and those in which a visit type differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import reflex as rx

from medibook.clinic.rules.booking import GRIDS, hours_of_reminders
from medibook.clinic.schemas import BookingRules, LateCancel
from medibook.ui.components import Option, field, select
from medibook.ui.i18n import N_, Translator

NO_NUMBER = -1  # out of every range: the rules then say what they want
_CHOSEN = ("late_cancel", "grid_minutes")


@dataclass(frozen=True, slots=True)
class RuleWords:
    """How a rule is called, and what it is for."""

    rule: str
    label: str
    hint: str


RULES = (
    RuleWords(
        "minimum_notice_minutes",
        N_("Notice, in hours"),
        N_("How long before a visit one can book it at the latest. 0 is up to the last minute."),
    ),
    RuleWords("horizon_days", N_("Horizon, in days"), N_("How far ahead one can book.")),
    RuleWords(
        "cancel_cutoff_hours",
        N_("Cut-off, in hours before the visit"),
        N_("Until then patients can move or cancel it by themselves."),
    ),
    RuleWords("late_cancel", N_("After the cut-off"), N_("What patients can do then.")),
    RuleWords(
        "open_per_patient", N_("Visits to come, per patient"), N_("So that nobody books all.")
    ),
    RuleWords(
        "patient_daily_limit",
        N_("Visits on one day, per patient"),
        N_("0 is no limit."),
    ),
    RuleWords("daily_limit", N_("Visits on one day, per doctor"), N_("0 is no limit.")),
    RuleWords(
        "request_lapses_hours",
        N_("Requests run out after, in hours"),
        N_("For doctors who confirm each visit. Its time is free again then."),
    ),
    RuleWords(
        "hold_minutes",
        N_("A chosen time is kept for, in minutes"),
        N_("So that nobody else takes it while one checks and books."),
    ),
    RuleWords(
        "grid_minutes", N_("Times begin every"), N_("The step from one offered time to the next.")
    ),
    RuleWords(
        "reminder_hours",
        N_("Reminders, in hours before the visit"),
        N_("Up to three, as in “24, 2”. 0 is no reminders."),
    ),
    RuleWords(
        "change_grace_minutes",
        N_("Patients hear of a change after, in minutes"),
        N_("Until then the clinic can take it back, and nobody is told."),
    ),
    RuleWords(
        "waitlist_batch",
        N_("People on the waiting list who are asked at once"),
        N_("1: one after the other. Of several, whoever accepts first has the freed time."),
    ),
)


def typed_rules(rules: BookingRules) -> dict[str, str]:
    """The rules as they stand in the form; what a visit type leaves to the clinic is empty."""
    said = {rule: "" if value is None else str(value) for rule, value in rules}
    if rules.minimum_notice_minutes is not None:
        said["minimum_notice_minutes"] = f"{Decimal(rules.minimum_notice_minutes) / 60:.6g}"
    return said


def rules_from(form: Mapping[str, str]) -> BookingRules:
    """Read the rules from a form. What is no number is one that no rule allows; empty is not said."""
    kept: dict[str, Any] = {}
    for words in RULES:
        text = str(form.get(words.rule, "")).strip().replace(",", ".")[:12]
        if words.rule == "late_cancel":
            kept[words.rule] = LateCancel(text) if text in set(LateCancel) else None
        elif words.rule == "reminder_hours":
            kept[words.rule] = _hours(str(form.get(words.rule, "")).strip()[:24])
        else:
            scale = 60 if words.rule == "minimum_notice_minutes" else 1
            kept[words.rule] = _whole(text, scale) if text else None
    return BookingRules(**kept)


def _hours(text: str) -> str | None:
    """The hours of the reminders as they are kept; what cannot be read stays as it was typed."""
    hours = hours_of_reminders(text)
    return (",".join(map(str, hours)) or "0") if hours is not None else text or None


def _whole(text: str, scale: int) -> int:
    try:
        number = Decimal(text) * scale
    except ArithmeticError:  # no number, or one beyond all that can be reckoned with
        return NO_NUMBER
    sensible = number.is_finite() and number == number.to_integral_value() and abs(number) < 10**6
    return int(number) if sensible else NO_NUMBER


def rules_in_words(_: Translator, rules: BookingRules) -> dict[str, str]:
    """Each rule's value as one reads it: "2 hours", "no limit"."""
    none = _("no limit")
    hours = {
        rule: _.duration(timedelta(hours=getattr(rules, rule) or 0))
        for rule in ("cancel_cutoff_hours", "request_lapses_hours")
    }
    minutes = {
        rule: _.duration(timedelta(minutes=getattr(rules, rule) or 0))
        for rule in (
            "minimum_notice_minutes",
            "hold_minutes",
            "grid_minutes",
            "change_grace_minutes",
        )
    }
    before = hours_of_reminders(rules.reminder_hours or "")
    return {
        **hours,
        **minutes,
        "horizon_days": _.plural("{count} day", "{count} days", rules.horizon_days or 0),
        "late_cancel": _(_LATE[rules.late_cancel or LateCancel.ASK_CLINIC]),
        "open_per_patient": _.number(rules.open_per_patient or 0),
        "patient_daily_limit": _.number(rules.patient_daily_limit or 0)
        if rules.patient_daily_limit
        else none,
        "daily_limit": _.number(rules.daily_limit or 0) if rules.daily_limit else none,
        "waitlist_batch": _.number(rules.waitlist_batch or 1),
        "reminder_hours": _.listed(_.duration(timedelta(hours=each)) for each in before)
        if before
        else _("no reminders"),
    }


_LATE = {
    LateCancel.ASK_CLINIC: N_("They ask the clinic"),
    LateCancel.ALLOWED: N_("They may still cancel"),
}


def rule_fields(
    _: Translator, values: Any, wrong: Any, *, beside: Any, may_be_left: bool = False
) -> list[rx.Component]:
    """Each rule with its field; ``beside`` holds what it does, or what the clinic's own is."""
    return [_rule(_, words, values, wrong, beside, may_be_left) for words in RULES]


def _rule(
    _: Translator, words: RuleWords, values: Any, wrong: Any, beside: Any, may_be_left: Any
) -> rx.Component:
    said = {"error": wrong[words.rule], "hint": _(words.hint)}
    said |= {"optional": may_be_left, "default_value": values[words.rule]}
    if words.rule in _CHOSEN:
        control = select(
            _, words.rule, _(words.label), _choices(_, words.rule, may_be_left), **said
        )
    else:
        size = 16 if words.rule == "reminder_hours" else 6
        mode = "text" if words.rule == "reminder_hours" else "decimal"
        control = field(
            _, words.rule, _(words.label), width="tiny", input_mode=mode, max_length=size, **said
        )
    clinics = _("In the clinic:") + " " if may_be_left else ""
    return rx.el.div(
        control, rx.el.p(clinics, beside[words.rule], class_name="rule__effect"), class_name="rule"
    )


def _choices(_: Translator, rule: str, may_be_left: Any) -> list[Option]:
    first = [Option(value="", label=_("As in the clinic"))] if may_be_left else []
    if rule == "late_cancel":
        return first + [Option(value=code.value, label=_(word)) for code, word in _LATE.items()]
    return first + [
        Option(value=str(step), label=_.duration(timedelta(minutes=step))) for step in GRIDS
    ]
