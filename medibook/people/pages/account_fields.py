"""The fields in which people say who they are; the same on every form that asks."""

from typing import Any

import reflex as rx

from medibook.people.rules.passwords import SHORTEST
from medibook.ui.components import field, icon
from medibook.ui.i18n import Translator

Words = str | rx.Var[str]


def name_field(_: Translator, *, error: Words, hint: str = "", **props: Any) -> rx.Component:
    """The whole name on one line: people do not all have a first and a last one."""
    return field(
        _, "name", _("Full name"), hint=hint, error=error, auto_complete="name",
        max_length=120, **props,
    )  # fmt: skip


def email_field(_: Translator, *, error: Words = "", hint: str = "", **props: Any) -> rx.Component:
    """The address that an account is known by."""
    return field(
        _, "email", _("E-mail address"), kind="email", hint=hint, error=error, max_length=254,
        **{"auto_complete": "email", "spell_check": False, "auto_capitalize": "none", **props},
    )  # fmt: skip


def phone_field(_: Translator, *, error: Words, **props: Any) -> rx.Component:
    """A number that the clinic may call."""
    return field(
        _, "phone", _("Phone number"), kind="tel", error=error, auto_complete="tel",
        hint=_("With the country if it is not ours, such as +44 20 7946 0100"),
        max_length=40, **props,
    )  # fmt: skip


def password_field(
    _: Translator,
    name: str,
    label: str,
    *,
    new: bool = False,
    error: Words = "",
    **props: Any,
) -> rx.Component:
    """A password, to be shown on wish; the rule for a ``new`` one is said before. Paste works."""
    return rx.el.div(
        field(
            _, name, label, kind="password", error=error, max_length=256,
            hint=password_rule(_) if new else "",
            auto_complete="new-password" if new else "current-password", **props,
        ),
        rx.el.label(
            # Without a name it is not sent; js/password.js turns dots into letters.
            rx.el.input(type="checkbox", data_shows=name),
            rx.el.span(_("Show password")),
            class_name="choice choice--bare",
        ),
        class_name="stack stack--tight",
    )  # fmt: skip


def password_rule(_: Translator) -> str:
    """What makes a password fit, said before anybody chooses one."""
    return _(
        "At least {count} characters, such as a few words that only you would put together. "
        "Leave out your name and the clinic's.",
        count=SHORTEST,
    )


def birth_date_fields(_: Translator, *, error: Words, own: bool = True) -> rx.Component:
    """Day, month and year as text: nobody scrolls a calendar back to the year they were born in.

    ``own`` says that the browser may fill in the reader's.
    """
    parts = [
        ("birth_day", _("Day"), "bday-day", "tiny", 2),
        ("birth_month", _("Month"), "bday-month", "tiny", 2),
        ("birth_year", _("Year"), "bday-year", "short", 4),
    ]
    return rx.el.fieldset(
        rx.el.legend(_("Date of birth"), class_name="field__label"),
        rx.el.p(_("For example 27 3 1984"), id="birth_date-hint", class_name="hint"),
        rx.cond(error, _mistake(_, error)),
        rx.el.div(
            *[
                rx.el.div(
                    rx.el.label(label, html_for=part),
                    rx.el.input(
                        id=part, name=part, type="text", input_mode="numeric", max_length=most,
                        auto_complete=completes if own else "off", class_name=f"input input--{width}",
                        aria_invalid=rx.cond(error, "true", "false"), required=True,
                    ),
                    class_name="stack stack--tight",
                )
                for part, label, completes, width, most in parts
            ],
            class_name="row",
        ),
        id="birth_date",
        class_name="field",
        aria_describedby=rx.cond(error, "birth_date-error birth_date-hint", "birth_date-hint"),
    )  # fmt: skip


def _mistake(_: Translator, error: Words) -> rx.Component:
    return rx.el.p(
        icon("triangle-alert"),
        rx.el.span(rx.el.span(_("Mistake:") + " ", class_name="unheard"), error),
        id="birth_date-error",
        class_name="field__error",
    )


def birth_date_from(form: dict[str, str]) -> str:
    """Return the three fields as an ISO date; what is no date stays none, for the rules to refuse."""
    day, month, year = (typed(form, f"birth_{part}") for part in ("day", "month", "year"))
    if not (day.isdecimal() and month.isdecimal() and year.isdecimal() and len(year) == 4):
        return ""
    return f"{int(year):04}-{int(month):02}-{int(day):02}"


def hidden(name: str, value: Words) -> rx.Component:
    """Something that a form of the browser's own carries along."""
    return rx.el.input(type="hidden", name=name, value=value)


def typed(form: dict[str, str], name: str, *, longest: int = 4000) -> str:
    """Return what was typed into a field; a claim, cut where no honest answer reaches."""
    return str(form.get(name, ""))[:longest]
