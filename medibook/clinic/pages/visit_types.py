"""The visit types that a practitioner offers, each with its length and fee."""

from dataclasses import dataclass

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.claims_form import NO_NUMBER, fee_from
from medibook.clinic.schemas import ServiceCard
from medibook.kernel.actor import Role, practitioner, staff
from medibook.kernel.errors import Invalid
from medibook.kernel.money import EXPONENTS
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    Option,
    button,
    card,
    error_summary,
    field,
    form,
    select,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator


@dataclass(frozen=True, slots=True)
class VisitTypeLine:
    """A visit type in the list."""

    key: str
    name: str
    duration: str
    fee: str


class VisitTypes(AppState, rx.State):
    """What the practitioner who reads offers."""

    lines: list[VisitTypeLine] = []
    known: list[Option] = []
    currencies: list[Option] = []
    currency: str = "EUR"
    said: str = ""
    drawn: int = 0

    @rx.event
    @allow(practitioner | staff)
    async def load(self) -> None:
        """Show what is offered, and what the clinic knows besides; the front desk has no offers."""
        if self._actor().role is not Role.PRACTITIONER:
            return
        _ = self._words()
        known = await self._perform(clinic.all_services)
        self.known = [
            Option(value="", label=_("A new one")),
            *[
                Option(value=str(k.service_id), label=f"{_(k.name)} · {_.duration(k.length)}")
                for k in known
            ],
        ]
        self.currencies = [Option(value=code, label=code) for code in sorted(EXPONENTS)]
        self._show(await self._perform(clinic.my_services))
        self.said = ""
        self.drawn += 1  # a choice that was drawn before its options has the first of them

    def _show(self, offered: tuple[ServiceCard, ...]) -> None:
        _ = self._words()
        self.currency = offered[0].fee.currency if offered else "EUR"
        self.lines = [
            VisitTypeLine(
                str(o.service_id),
                _(o.name),
                _.duration(o.length),
                _.money(o.fee) if o.fee.minor else _("No fee"),
            )
            for o in offered
        ]

    @rx.event
    @allow(practitioner)
    async def offer(self, form_data: dict[str, str]) -> None:
        """Offer a visit type; offering one again changes its fee."""
        self.said = ""
        currency = str(form_data.get("currency", ""))
        chosen = str(form_data.get("known", ""))
        minutes = str(form_data.get("minutes", "")).strip()
        offered = await self._perform(
            clinic.offer_service,
            service_id=claimed_id(chosen) if chosen else None,
            name=str(form_data.get("name", "")),
            minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 4 else 0,
            fee_minor=_minor(str(form_data.get("fee", "")), currency),
            fee_currency=currency,
        )
        self._show(offered)
        self.drawn += 1
        self.said = self._words()(N_("Saved. Patients can choose it now."))

    @rx.event
    @allow(practitioner)
    async def withdraw(self, key: str) -> None:
        """Offer a visit type no longer."""
        self._show(await self._perform(clinic.withdraw_service, service_id=claimed_id(key)))
        self.said = self._words()(N_("Removed. Visits that are booked stay booked."))


def _minor(typed: str, currency: str) -> int:
    """Read a fee as on the form of claims; none typed is no fee. Raises Invalid when it is no amount."""
    minor = fee_from(typed.strip() or "0", currency)
    if minor == NO_NUMBER:
        raise Invalid({"fee": N_("Write the fee as a number, like 45 or 45.50.")})
    return minor


def visit_types_section(_: Translator) -> rx.Component:
    """The part of the hours page about visit types."""
    return card(
        rx.el.h2(_("Visit types")),
        status_line(VisitTypes.said),
        rx.el.ul(rx.foreach(VisitTypes.lines, lambda line: _row(_, line)), class_name="cards"),
        rx.el.h3(_("Add one, or change a fee")),
        error_summary(_, VisitTypes.problem, VisitTypes.problems),
        rx.el.div(_form(_), key=VisitTypes.drawn.to_string()),
    )


def _row(_: Translator, line: rx.Var[VisitTypeLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.strong(line.name),
                rx.el.p(line.duration, " · ", line.fee, class_name="meta"),
            ),
            button(
                rx.fragment(_("Remove"), rx.el.span(" ", line.name, class_name="unheard")),
                kind="small",
                on_click=VisitTypes.withdraw(line.key),
            ),
            class_name="row row--between",
        ),
        key=line.key,
    )


def _form(_: Translator) -> rx.Component:
    problems = VisitTypes.problems
    return form(
        select(_, "known", _("Visit type"), VisitTypes.known),
        rx.el.div(
            field(_, "name", _("Name of a new one"), optional=True, max_length=80,
                  error=problems["name"]),
            field(_, "minutes", _("Minutes"), optional=True, width="tiny", input_mode="numeric",
                  error=problems["minutes"]),
            class_name="fields-row",
        ),
        rx.el.div(
            field(_, "fee", _("Fee"), width="short", input_mode="decimal", default_value="0",
                  error=problems["fee"]),
            select(_, "currency", _("Currency"), VisitTypes.currencies,
                   default_value=VisitTypes.currency),
            class_name="fields-row",
        ),
        button(_("Offer it"), kind="primary", submit=True),
        on_submit=VisitTypes.offer,
    )  # fmt: skip
