"""A chosen time in the reader's words, before anything is booked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments.pages.visit_words import cancel_rule
from medibook.appointments.schemas import OfferedTime
from medibook.appointments.service.where import where
from medibook.ui.components import Answer, check_answers
from medibook.ui.i18n import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The chosen time, its words made."""

    who: str = ""
    practitioner: str = ""
    service: str = ""
    when: str = ""
    zone: str = ""
    place: str = ""
    address: str = ""
    fee: str = ""
    rule: str = ""
    label: str = ""
    by_request: bool = False
    change: str = ""


def choice_of(_: Translator, offered: OfferedTime, *, who: str, now: datetime) -> Choice:
    """Make the words of an offered time; ``who`` is the patient it would be for."""
    terms, zone, at = offered.terms, ZoneInfo(offered.zone), where(_, offered)
    fee = _.money(terms.fee) if terms.fee.minor else ""
    return Choice(
        who=who,
        practitioner=offered.practitioner_name,
        service=_(
            "{service}, {length}",
            service=_(offered.service_name),
            length=_.duration(offered.ends_at - offered.starts_at),
        ),
        when=_.long_moment(offered.starts_at, zone),
        zone=_("{city} time", city=_.zone_city(zone)),
        place=at.name,
        address=at.more,
        fee=fee or _("No fee"),
        rule=cancel_rule(_, terms.cancel_until, zone, now, late_allowed=terms.late_cancel_allowed),
        label=_label(_, fee, by_request=terms.by_request),
        by_request=terms.by_request,
        change=_.href(
            f"/doctor/?id={offered.practitioner_slug}&service={offered.service_id}#times"
        ),
    )


def _label(_: Translator, fee: str, *, by_request: bool) -> str:
    if by_request:
        return _("Send request")
    return _("Book for {fee}", fee=fee) if fee else _("Book this visit")


def answers(_: Translator, c: Any, *, who: bool) -> rx.Component:
    """What will be booked, row by row, each with the way to change it."""
    rows = [
        Answer(label=_("When"), value=rx.fragment(rx.el.strong(c.when), " · ", c.zone),
               change_href=c.change),
        Answer(label=_("Doctor"), value=c.practitioner, change_href=_.href("/find/")),
        Answer(label=_("Visit"), value=c.service),
        Answer(label=_("Where"), value=rx.fragment(c.place, rx.el.br(), c.address)),
        Answer(label=_("Fee"), value=c.fee),
    ]  # fmt: skip
    if who:
        rows.insert(0, Answer(label=_("For"), value=c.who))
    return check_answers(_, rows)
