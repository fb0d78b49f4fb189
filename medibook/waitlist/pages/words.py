"""An entry and an offer in the reader's words, the same on every screen."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.ui.i18n import N_, Translator
from medibook.waitlist.schemas import (
    EntryCard,
    EntryState,
    NewEntry,
    OfferCard,
    OfferState,
    PassReason,
    Priority,
)
from medibook.waitlist.service.over import over_words

PRIORITIES: Final = {
    Priority.NORMAL: N_("Normal"),
    Priority.SOON: N_("Soon"),
    Priority.URGENT: N_("Urgent"),
}
PASSED: Final = {
    PassReason.TOO_SHORT: N_("The time is too short for this visit."),
    PassReason.OTHER_TIME: N_("Other days, hours or another place are wished for."),
    PassReason.NOT_EARLIER: N_("It is not earlier than the visit that is booked."),
    PassReason.TOO_NEAR: N_("It is too near to be asked."),
    PassReason.ASKED_BEFORE: N_("Was asked for this time before, and did not take it."),
    PassReason.OUT_OF_REACH: N_("Cannot be reached: no active account, address or number."),
    PassReason.BOOKED_ELSEWHERE: N_("Has booked such a visit meanwhile."),
    PassReason.ENOUGH_VISITS: N_("Has as many visits to come as the rules allow."),
    PassReason.OTHER_OFFER: N_("Considers another offer just then."),
    PassReason.BUSY_THEN: N_("Has another visit, or is booking one, at that time."),
}
OUTCOMES: Final = {
    OfferState.OPEN: N_("Asked, no answer yet"),
    OfferState.ACCEPTED: N_("Took it"),
    OfferState.DECLINED: N_("Did not want it"),
    OfferState.LAPSED: N_("Did not answer in time"),
    OfferState.WITHDRAWN: N_("Taken back"),
    OfferState.OVERRIDDEN: N_("Given to somebody else by the front desk"),
}
_CLOSED: Final = {
    EntryState.BOOKED: N_("You took an offer: the visit is booked."),
    EntryState.LEFT: N_("You left this list."),
    EntryState.REMOVED: N_("The clinic took you off this list. Please call if you have questions."),
    EntryState.ENDED: N_("The last day has passed. You can join again."),
}
_WENT_ON: Final = {OfferState.LAPSED, OfferState.WITHDRAWN, OfferState.OVERRIDDEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """A time that is kept; ``key`` is "" when none is."""

    key: str = ""
    when: str = ""
    where: str = ""
    whom: str = ""
    fee: str = ""
    until: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry as a card shows it."""

    key: str = ""
    title: str = ""
    whom: str = ""
    place: str = ""
    wished: str = ""
    since: str = ""
    instead: str = ""
    gone: str = ""
    closed: str = ""
    visit_href: str = ""
    for_line: str = ""
    offer: OfferLine = field(default_factory=OfferLine)


def entry_view(
    _: Translator, entry: EntryCard, now: datetime, *, me: UUID | None = None
) -> EntryView:
    """Make the words of an entry, as whoever waits, or books for them, reads them."""
    return EntryView(
        key=str(entry.entry_id),
        title=_(entry.service_name or entry.specialty_name),
        whom=_.listed(entry.practitioner_names)
        if entry.practitioner_names
        else _("With any doctor"),
        place=_place(_, entry.position),
        wished=wished(_, entry.wish),
        since=_("Waiting since {day}", day=_.day(entry.since.date())),
        instead=_instead(_, entry.replaces_start, entry.replaces_zone),
        gone=_gone(_, entry),
        closed=_(_CLOSED[entry.state]) if entry.state in _CLOSED else "",
        visit_href=_.href(f"/visit/?id={entry.appointment_id}") if entry.appointment_id else "",
        for_line="" if me in (None, entry.patient_id) else _("For {name}", name=entry.patient_name),
        offer=offer_line(_, entry.offer, now) if entry.offer else OfferLine(),
    )


def _place(_: Translator, position: int) -> str:
    if position == 0:
        return ""
    if position == 1:
        return _("You are next")
    return _("You are number {position}", position=position)


def wished(_: Translator, wish: NewEntry) -> str:
    """The days and hours that somebody wishes for, on one line."""
    parts = []
    if wish.first_day is not None and wish.first_day == wish.last_day:
        parts.append(_.day(wish.first_day))
    elif wish.first_day is not None and wish.last_day is not None:
        parts.append(_("{first} to {last}", first=_.day(wish.first_day), last=_.day(wish.last_day)))
    if wish.weekdays:
        parts.append(_.listed(weekday(_, each) for each in sorted(wish.weekdays)))
    if wish.not_before is not None:
        parts.append(_("from {time}", time=_.time(wish.not_before)))
    if wish.not_after is not None:
        parts.append(_("until {time}", time=_.time(wish.not_after)))
    if wish.city:
        parts.append(wish.city)
    return " · ".join(parts)


def weekday(_: Translator, number: int) -> str:
    """What a weekday is called; 0 is Monday."""
    return _.weekday(date(2024, 1, 1 + number))


def _instead(_: Translator, start: datetime | None, zone: str) -> str:
    if start is None:
        return ""
    when = _.moment(start, ZoneInfo(zone))
    return _("Your visit on {when} is kept until you take an earlier time.", when=when)


def _gone(_: Translator, entry: EntryCard) -> str:
    """What became of the last offer, when it was not answered."""
    last = entry.last_offer
    if last is None or entry.offer is not None or entry.state is not EntryState.WAITING:
        return ""
    if last.state not in _WENT_ON and last.state is not OfferState.OPEN:
        return ""
    when = _.moment(last.starts_at, ZoneInfo(last.zone))
    return f"{over_words(_, last, when)} {_('You keep your place.')}"


def offer_line(_: Translator, offer: OfferCard, now: datetime) -> OfferLine:
    """An offer as one reads it before the one tap."""
    zone = ZoneInfo(offer.zone)
    where = _("By video") if offer.is_video else f"{offer.location_name}, {offer.location_address}"
    return OfferLine(
        key=str(offer.offer_id),
        when=_.long_moment(offer.starts_at, zone),
        where=where,
        whom=f"{offer.practitioner_name} · {_(offer.service_name)}",
        fee=_.money(offer.fee) if offer.fee is not None and offer.fee.minor else _("No fee"),
        until=_(
            "Offered to several people at once, until {time} ({relative}): whoever takes it first has "
            "it. {city} time.",
            time=_.time(offer.expires_at, zone),
            relative=_.relative(offer.expires_at, now),
            city=_.zone_city(zone),
        )
        if offer.asked_with > 1
        else _(
            "Kept for you until {time} ({relative}). {city} time.",
            time=_.time(offer.expires_at, zone),
            relative=_.relative(offer.expires_at, now),
            city=_.zone_city(zone),
        ),
        instead=_(
            "Your visit on {when} is given back when you take this time.",
            when=_.moment(offer.replaces_start, ZoneInfo(offer.replaces_zone)),
        )
        if offer.replaces_start is not None
        else "",
    )
