"""Other times that the clinic offers, as the patient answers them: one tap takes one, or none of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments.schemas import AppointmentCard, TimeOffer
from medibook.ui.components import button, disclosure, form, icon, textarea
from medibook.ui.i18n import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """One offered time: "Tuesday 24 November, 10:30", and where when it is elsewhere."""

    key: str
    when: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersView:
    """All that is said about the other times of one visit; ``title`` is "" when there are none."""

    title: str = ""
    asked: str = ""
    note: str = ""
    until: str = ""


def offers_view(_: Translator, visit: AppointmentCard, now: datetime) -> OffersView:
    """Say what was asked for, how many times are offered, and until when one can choose."""
    if not visit.offers:
        return OffersView()
    zone = ZoneInfo(visit.zone)
    last = max(offer.expires_at for offer in visit.offers)
    return OffersView(
        title=_.plural(
            "The doctor offers another time", "The doctor offers {count} other times",
            len(visit.offers),
        ),
        asked=_("You asked for {when}.", when=_.long_moment(visit.asked_for, zone))
        if visit.asked_for
        else "",
        note=visit.offer_note,
        until=_(
            "Please choose until {when} ({relative}). {city} time.",
            when=_.moment(last, zone), relative=_.relative(last, now), city=_.zone_city(zone),
        ),
    )  # fmt: skip


def offer_views(_: Translator, visit: AppointmentCard) -> list[OfferView]:
    """The offered times, earliest first."""
    return [
        OfferView(
            key=str(offer.offer_id),
            when=_.long_moment(offer.starts_at, ZoneInfo(offer.zone)),
            where=_elsewhere(_, visit, offer),
        )
        for offer in visit.offers
    ]


def _elsewhere(_: Translator, visit: AppointmentCard, offer: TimeOffer) -> str:
    """Of a time at another place than the visit: where; by video nobody goes there, only clocks differ."""
    if not visit.is_video:
        return offer.location_name if offer.location_id != visit.location_id else ""
    return (
        _("{city} time", city=_.zone_city(ZoneInfo(offer.zone))) if offer.zone != visit.zone else ""
    )


def offers_block(
    _: Translator, visit: rx.Var[Any], *, take: Any, decline: Any, level: Any = rx.el.h2
) -> rx.Component:
    """The offered times, each a button; ``take`` and ``decline`` are the page's own handlers."""
    one_of = visit.offers_said
    return rx.cond(
        one_of.title,
        rx.el.section(
            level(one_of.title),
            rx.el.p(one_of.asked, " ", one_of.until),
            rx.cond(one_of.note, rx.el.p(one_of.note, class_name="said")),
            rx.el.ul(
                rx.foreach(visit.offers, lambda offer: _time(_, visit, offer, take)),
                class_name="offers__times",
            ),
            disclosure(
                _("None of these"),
                form(
                    rx.el.input(type="hidden", name="visit", value=visit.key, read_only=True),
                    textarea(
                        _, "why_none", _("A word to the doctor"), optional=True, max_length=300,
                        hint=_("For example: which days would suit you."),
                    ),
                    button(_("Give all of them back"), kind="danger", submit=True),
                    on_submit=decline,
                ),
            ),
            class_name="offers noprint",
        ),
    )  # fmt: skip


def _time(_: Translator, visit: rx.Var[Any], offer: rx.Var[Any], take: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(icon("calendar-days"), " ", offer.when),
            rx.el.small(rx.cond(offer.where, offer.where, _("Take this time"))),
            type="button",
            class_name="button offers__time",
            data_commit="true",
            on_click=take(visit.key, offer.key),
        ),
        key=offer.key,
    )
