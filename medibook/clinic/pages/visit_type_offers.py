"""Who offers a visit type, at which fee, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.claims_form import NO_NUMBER, fee_from, ids, ticked
from medibook.clinic.schemas import OfferSheet
from medibook.kernel.actor import admin, staff
from medibook.kernel.errors import Invalid
from medibook.kernel.money import EXPONENTS, Money
from medibook.people.pages.account_fields import typed
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    Option,
    button,
    card,
    checkboxes,
    disclosure,
    error_summary,
    field,
    form,
    select,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """A practitioner who offers it."""

    key: str
    name: str
    fee: str
    where: str


class Offers(AppState, rx.State):
    """The offers of the visit type that the address names."""

    lines: list[OfferLine] = []
    places: list[Option] = []
    currency: str = "EUR"
    said: str = ""
    drawn: int = 0

    @rx.event
    @allow(admin | staff)
    async def load(self) -> None:
        """Show who offers it."""
        self.said, self.lines = "", []
        if self._query("id"):
            self._follow("admin")
            await self._show()

    @rx.event
    @allow(admin | staff)
    async def refresh(self) -> None:
        """Somebody has changed something."""
        await self._show()

    async def _show(self) -> None:
        _, wanted = self._words(), claimed_id(self._query("id"))
        sheets = await self._perform(clinic.visit_types)
        offers = [offer for sheet in sheets if sheet.service_id == wanted for offer in sheet.offers]
        names = await self._perform(
            clinic.names_of_offerers, ids=[offer.practitioner_id for offer in offers]
        )
        known = {p.location_id: p.name for p in await self._perform(clinic.locations)}
        self.places = [Option(value=str(key), label=name) for key, name in known.items()]
        self.currency = next((o.fee.currency for s in sheets for o in s.offers), "EUR")
        lines = [offer_line(_, offer, names, known) for offer in offers]
        self.lines = sorted(lines, key=lambda line: line.name)

    @rx.event
    @allow(admin)
    async def offer(self, form_data: dict[str, str]) -> None:
        """Let a practitioner offer it; once more changes fee and locations."""
        self.said, currency = "", typed(form_data, "fee_currency", longest=3)
        minor = fee_from(typed(form_data, "fee", longest=20) or "0", currency)
        if minor == NO_NUMBER:
            raise Invalid({"fee": N_("Write the fee as a number, like 45 or 45.50.")})
        await self._perform(
            clinic.offer_for,
            service_id=claimed_id(self._query("id")),
            named=typed(form_data, "practitioner", longest=120),
            fee=Money(minor, currency),
            location_ids=ids(ticked(form_data, "location_ids")),
        )
        await self._done(N_("Saved. Patients can choose it now."))

    @rx.event
    @allow(admin)
    async def end(self, key: str) -> None:
        """Let a practitioner offer it no longer."""
        service_id = claimed_id(self._query("id"))
        await self._perform(
            clinic.end_offer, service_id=service_id, practitioner_id=claimed_id(key)
        )
        await self._done(N_("Removed. Visits that are booked stay booked."))

    async def _done(self, words: str) -> None:
        await self._show()
        self.drawn += 1
        self.said = self._words()(words)


def offer_line(
    _: Translator, offer: OfferSheet, names: Mapping[UUID, str], places: Mapping[UUID, str]
) -> OfferLine:
    """An offer, its words made."""
    only = sorted(places.get(key, "") for key in offer.location_ids or ())
    return OfferLine(
        key=str(offer.practitioner_id),
        name=names.get(offer.practitioner_id, ""),
        fee=_.money(offer.fee) if offer.fee.minor else _("No fee"),
        where=_("only at {places}", places=_.listed(filter(None, only)))
        if only
        else _("wherever they work"),
    )


def offers(_: Translator) -> rx.Component:
    """The part of a visit type's page about who offers it."""
    return card(
        rx.el.h2(_("Who offers it")),
        status_line(Offers.said),
        error_summary(_, Offers.problem, Offers.problems),
        rx.cond(
            Offers.lines.length() > 0,
            rx.el.ul(rx.foreach(Offers.lines, lambda line: _line(_, line)), class_name="lines"),
            rx.el.p(_("Nobody offers it yet"), class_name="meta"),
        ),
        rx.cond(
            Frame.role == "admin",
            disclosure(
                _("Add a doctor, or change fee and locations"),
                _form(_),
                key=Offers.drawn.to_string(),
            ),
        ),
    )


def _line(_: Translator, line: rx.Var[OfferLine]) -> rx.Component:
    which = rx.el.span(" ", line.name, class_name="unheard")
    return rx.el.li(
        rx.el.div(
            rx.el.strong(rx.el.bdi(line.name)),
            rx.el.p(line.fee, " · ", line.where, class_name="meta"),
        ),
        rx.cond(
            Frame.role == "admin",
            button(
                rx.fragment(_("Remove"), which),
                kind="small plain",
                on_click=Offers.end(line.key),
                data_commit="true",
            ),
        ),
        class_name="line",
        key=line.key,
    )


def _form(_: Translator) -> rx.Component:
    currencies = [Option(value=code, label=code) for code in sorted(EXPONENTS)]
    wrong = Offers.problems
    return form(
        field(
            _, "practitioner", _("Doctor"), max_length=120, error=wrong["practitioner"],
            hint=_("The name, or a part of it that only one has"), auto_complete="off",
        ),
        rx.el.div(
            field(
                _, "fee", _("Fee"), width="short", input_mode="decimal", default_value="0",
                error=wrong["fee"],
            ),
            select(
                _, "fee_currency", _("Currency"), currencies, default_value=Offers.currency
            ),
            class_name="fields-row",
        ),
        checkboxes(
            _, "location_ids", _("Only at"), Offers.places, in_row=True,
            hint=_("None ticked: wherever the doctor works"), error=wrong["location_ids"],
        ),
        button(_("Save the offer"), submit=True, data_commit="true"),
        on_submit=Offers.offer,
    )  # fmt: skip
