"""What somebody reads who should come again: that it is time, and where to book; never why or with whom."""

from uuid import UUID

from medibook.kernel.actor import anyone
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, query
from medibook.notifications import service as notifications
from medibook.notifications.rules import first_that_fits
from medibook.notifications.schemas import About, NewMessage, Topic
from medibook.people import service as people
from medibook.people.schemas.reach import Recipient
from medibook.reminders import access
from medibook.reminders.rules import FOLLOW_UP_LASTS
from medibook.reminders.service.follow_up_truth import ABOUT_FOLLOW_UP
from medibook.reminders.tables import FollowUp
from medibook.ui.i18n import Translator, translator

KIND_FOLLOW_UP = "reminder-follow-up"
_BOOK = "book"


def time_to_book(
    uow: UnitOfWork, whom: Recipient, row: FollowUp, patient_name: str, fact_id: UUID
) -> NewMessage:
    """What one person is told on the day."""
    _ = translator(whom.locale)
    about, until = about_follow_up(row), row.send_at + FOLLOW_UP_LASTS
    link = notifications.answer_link(
        uow,
        about=about,
        actions=(_BOOK,),
        user_id=whom.user_id,
        locale=_.locale,
        expires_at=until,
        below="next",
    )
    subject = _("Time to book your next visit")
    whose = "" if whom.is_patient else patient_name
    return NewMessage(
        fact_id=fact_id,
        kind=KIND_FOLLOW_UP,
        recipient_id=whom.user_id,
        to=whom.email,
        subject=(
            _("For {name}: {subject}", name=whose, subject=subject)[:200] if whose else subject
        ),
        body="\n\n".join(_paragraphs(uow, _, whose, link)),
        locale=_.locale,
        phone=whom.phone,
        sms=_sms(uow, _, link),
        topic=Topic.REMINDERS,
        about=about,
        send_at=row.send_at,
        useful_until=until,
        zone=row.zone,
    )


def about_follow_up(row: FollowUp) -> About:
    """The follow-up as a message tells of it; once it has lived again, it is another truth."""
    return About(
        kind=ABOUT_FOLLOW_UP,
        about_id=row.id,
        mark=str(row.version),
        patient_id=row.patient_id,
    )


def _paragraphs(uow: UnitOfWork, _: Translator, whose: str, link: str) -> list[str]:
    about = [_("This is about {name}.", name=whose)] if whose else []
    return [
        *about,
        _("It is time to book your next visit at {clinic}.", clinic=uow.settings.clinic_name),
        _("Choose a time here:\n{link}", link=link),
        _("Questions? Call us: {phone}", phone=uow.settings.clinic_phone),
    ]


def _sms(uow: UnitOfWork, _: Translator, link: str) -> str:
    """What fits into one SMS, nobody's name in it: a long clinic's name is cut first."""
    clinic = uow.settings.clinic_name
    said = _("time to book your next visit: {link}", link=link)
    stop = _("Reply STOP to end all SMS.")
    texts = (f"{clinic}: {said} {stop}", f"{clinic[:40]}: {said} {stop}", f"{clinic[:40]}: {said}")
    return first_that_fits(texts)


@query(allow=anyone)
def where_to_book(uow: UnitOfWork, *, token: str, client: str = "") -> str | None:
    """The address at which the next visit is booked; None: the link opens nothing, and is counted.

    Raises TooManyAttempts: there were too many such from ``client``, an address.
    """
    try:
        return _board(uow, token)
    except NotFound:
        people.limit_opening(uow, client)
        return None


def _board(uow: UnitOfWork, token: str) -> str:
    link = notifications.open_link(uow, token)
    if link.about.kind != ABOUT_FOLLOW_UP or _BOOK not in link.actions:
        raise NotFound
    with uow.acting_as("follow-up link") as machine:
        row = access.these_follow_ups(machine, [link.about.about_id]).get(link.about.about_id)
        if row is None:
            raise NotFound
        plate = people.name_plates(machine, [row.practitioner_id])[row.practitioner_id]
    return translator(link.locale).href(f"/doctor/?id={plate.slug}&service={row.service_id}")
