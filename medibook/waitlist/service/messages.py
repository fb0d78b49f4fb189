"""What those who wait are told: that they do, that a time is offered, and when it no longer is.

An offer says time, place and until when, never who treats what. Right before it leaves, the list is
asked whether it is still open: nobody is invited to what is gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.kernel.actor import system_only
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.kernel.words import N_
from medibook.notifications.rules import first_that_fits, short_names
from medibook.notifications.schemas import About, NewMessage, Topic
from medibook.notifications.schemas.links import Action
from medibook.notifications.service import answer_link, letters_about, tell, withdraw
from medibook.people import service as people
from medibook.people.schemas.reach import Recipient
from medibook.ui.i18n import Translator, translator
from medibook.waitlist.access import entries, offers
from medibook.waitlist.events import WaitlistJoined, WaitlistOfferClosed, WaitlistOffered
from medibook.waitlist.schemas import EntryState, OfferCard, OfferState
from medibook.waitlist.service.cards import offer_cards
from medibook.waitlist.service.over import over_words

ABOUT_OFFER: Final = "waitlist-offer"
ANSWERS: Final = (Action.TAKE, Action.DECLINE, Action.LEAVE)
_GOES_ON: Final = frozenset({OfferState.LAPSED, OfferState.WITHDRAWN, OfferState.OVERRIDDEN})


@dataclass(frozen=True, slots=True)
class _Letter:
    """One message about the list, before it has its reader's name and address."""

    kind: str
    subject: str
    body: str
    sms: str = ""
    about: About | None = None
    useful_until: datetime | None = None
    zone: str = ""


@use_case(allow=system_only)
def tell_joined(uow: UnitOfWork, *, fact: WaitlistJoined, fact_id: UUID) -> None:
    """Tell somebody that they are on the list, and where they leave it."""
    entry = entries.by_ids(uow, [fact.entry_id]).get(fact.entry_id)
    if entry is None or entry.state is not EntryState.WAITING:
        return
    for whom in people.recipients(uow, fact.patient_id):
        _ = translator(whom.locale)
        body = _(
            "You are on the waiting list of {clinic}. When a time becomes free that suits you and it is "
            "your turn, we write to you. The message says until when you can take it.",
            clinic=uow.settings.clinic_name,
        )
        subject = _("You are on the waiting list")
        letter = _Letter("waitlist-joined", subject, f"{body}\n\n{_where_it_is(uow, whom, _)}")
        _send(uow, whom, letter, fact_id=fact_id, patient_id=fact.patient_id)


@use_case(allow=system_only)
def tell_offered(uow: UnitOfWork, *, fact: WaitlistOffered, fact_id: UUID) -> None:
    """Ask somebody whether they want a time that has become free; nothing when it is over already."""
    offer = _offer(uow, fact.offer_id)
    if offer is None or offer.state is not OfferState.OPEN or offer.expires_at <= uow.now:
        return
    for whom in people.recipients(uow, fact.patient_id):
        letter = _offer_letter(uow, whom, offer)
        _send(uow, whom, letter, fact_id=fact_id, patient_id=fact.patient_id)


@use_case(allow=system_only)
def tell_offer_over(uow: UnitOfWork, *, fact: WaitlistOfferClosed, fact_id: UUID) -> None:
    """Take back what has not left yet, and tell whoever did not answer that the time is no longer theirs.

    Only whoever may have read of the offer: nobody is told of the end of what they were never asked.
    """
    withdraw(uow, about_kind=ABOUT_OFFER, about_id=fact.offer_id, reason=fact.state)
    offer, state = _offer(uow, fact.offer_id), OfferState(fact.state)
    entry = entries.by_ids(uow, [fact.entry_id]).get(fact.entry_id)
    if offer is None or state not in _GOES_ON:
        return
    if entry is None or entry.state is not EntryState.WAITING:
        return  # they have left themselves
    for whom in _who_may_know(uow, fact):
        _ = translator(whom.locale)
        letter = _over_letter(uow, whom, offer)
        _send(uow, whom, letter, fact_id=fact_id, patient_id=fact.patient_id)


def _who_may_know(uow: UnitOfWork, fact: WaitlistOfferClosed) -> list[Recipient]:
    """Those to whom a message about the offer has left, or may have."""
    written = letters_about(uow, about_kind=ABOUT_OFFER, ids=[fact.offer_id])
    left = [each for each in written.get(fact.offer_id, ()) if each.may_have_left]
    users = {each.recipient_id for each in left if each.recipient_id is not None}
    ways = {each.to for each in left if each.recipient_id is None}
    return [
        whom
        for whom in people.recipients(uow, fact.patient_id)
        if whom.user_id in users or ways & {whom.email, whom.phone}
    ]


def offers_still_true(uow: UnitOfWork, abouts: Sequence[About]) -> list[str]:
    """For each offer that a message speaks of: "" while it can be answered, else what has become of it."""
    said = []
    for about in abouts:
        offer = _offer(uow, about.about_id)
        if offer is None:
            said.append("the offer is gone")
        elif offer.state is not OfferState.OPEN:
            said.append(offer.state.value)
        else:
            said.append("" if offer.expires_at > uow.now else "expired")
    return said


def _over_letter(uow: UnitOfWork, whom: Recipient, offer: OfferCard) -> _Letter:
    """That an offer is over, and by what; whoever hurries for it is told by telephone as well."""
    _, zone = translator(whom.locale), ZoneInfo(offer.zone)
    why = over_words(_, offer, _moment(offer.starts_at, zone, _))
    stays = _(
        "You keep your place on the waiting list, and we write again when another time becomes free."
    )
    sms = ""
    if offer.another_was_first:
        short = over_words(_, offer, _.moment(offer.starts_at, zone))
        sms = f"{uow.settings.clinic_name}: {short}"
    return _Letter(
        "waitlist-offer-lapsed",
        _("The offered time is gone"),
        "\n\n".join([f"{why} {stays}", _where_it_is(uow, whom, _)]),
        sms=sms,
        zone=offer.zone,
    )


def about_offer(offer: OfferCard) -> About:
    """The offer as a message tells of it."""
    return About(
        kind=ABOUT_OFFER,
        about_id=offer.offer_id,
        mark=OfferState.OPEN.value,
        patient_id=offer.patient_id,
    )


def _offer(uow: UnitOfWork, offer_id: UUID) -> OfferCard | None:
    try:
        return offer_cards(uow, [offers.find(uow, offer_id)])[0]
    except NotFound:
        return None


def _offer_letter(uow: UnitOfWork, whom: Recipient, offer: OfferCard) -> _Letter:
    _, zone, about = translator(whom.locale), ZoneInfo(offer.zone), about_offer(offer)
    link = answer_link(
        uow,
        about=about,
        actions=ANSWERS,
        user_id=whom.user_id,
        locale=whom.locale,
        expires_at=offer.starts_at,  # who comes too late reads what has become of it
    )
    when, until = _moment(offer.starts_at, zone, _), _.time(offer.expires_at, zone)
    place = _("By video") if offer.is_video else f"{offer.location_name}, {offer.location_address}"
    first, kept, text = _said(uow, _, offer, until)
    moment = _.moment(offer.starts_at, zone)
    names = short_names(uow.settings.clinic_name)
    sms = first_that_fits(
        [_(text, clinic=name, when=moment, time=until, link=link) for name in names]
    )
    return _Letter(
        kind="waitlist-offer",
        subject=_("A time has become free"),
        body="\n\n".join(
            [
                first,
                f"{when}\n{place}",
                kept,
                _("Take it, or not, here:\n{link}", link=link),
                _where_it_is(uow, whom, _),
            ]
        ),
        sms=sms,
        about=about,
        useful_until=offer.expires_at,
        zone=offer.zone,
    )


def _said(uow: UnitOfWork, _: Translator, offer: OfferCard, until: str) -> tuple[str, str, str]:
    """That a time is free, for whom it is kept, and the same in one SMS, as a msgid."""
    first = _(
        "A time has become free at {clinic}, and it is your turn.", clinic=uow.settings.clinic_name
    )
    kept = _("It is kept for you until {time}. After that we ask others.", time=until)
    text = N_("{clinic}: {when} is kept for you until {time}: {link}")
    if offer.asked_with > 1:
        first = _("A time has become free at {clinic}.", clinic=uow.settings.clinic_name)
        kept = _(
            "It is offered to several people at once, until {time}. Whoever takes it first has it.",
            time=until,
        )
        text = N_("{clinic}: {when} is free, first come, until {time}: {link}")
    return first, kept, text


def _where_it_is(uow: UnitOfWork, whom: Recipient, _: Translator) -> str:
    """Where one sees one's place and leaves the list; without an account, by telephone."""
    if whom.user_id is None:
        return _("To leave the list, please call us: {phone}", phone=uow.settings.clinic_phone)
    link = f"{uow.settings.origin}{_.href('/waitlist/')}"
    return _("See your place, or leave the list, here:\n{link}", link=link)


def _send(
    uow: UnitOfWork, whom: Recipient, letter: _Letter, *, fact_id: UUID, patient_id: UUID
) -> None:
    _, subject, body = translator(whom.locale), letter.subject, letter.body
    if not whom.is_patient:
        name = people.patient_names(uow, [patient_id])[patient_id]
        subject = _("For {name}: {subject}", name=name, subject=subject)
        body = _("This is about {name}.", name=name) + "\n\n" + body
    new = NewMessage(
        fact_id=fact_id,
        kind=letter.kind,
        recipient_id=whom.user_id,
        to=whom.email,
        subject=subject,
        body=body,
        locale=whom.locale,
        phone=whom.phone if letter.sms else "",
        sms=letter.sms,
        topic=Topic.WAITLIST,
        about=letter.about,
        useful_until=letter.useful_until,
        zone=letter.zone,
    )
    tell(uow, new)


def _moment(at: datetime, zone: ZoneInfo, _: Translator) -> str:
    return _(
        "{date}, {time} ({city} time)",
        date=_.date(at, zone),
        time=_.time(at, zone),
        city=_.zone_city(zone),
    )
