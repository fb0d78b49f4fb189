"""For which visit an SMS is meant; when there are several, the number is asked, and remembers what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.answers.rules import Intent
from medibook.answers.service.replying import reply
from medibook.answers.tables import SmsConversation
from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard, AppointmentStatus
from medibook.kernel.actor import Actor
from medibook.kernel.use_case import UnitOfWork
from medibook.ui.i18n import Translator, translator

# A list of more would be longer than a message, and nobody would read it.
_MOST: Final = 5
_REMEMBERED: Final = timedelta(hours=24)
_FITTING: Final = {
    Intent.CONFIRM: {AppointmentStatus.BOOKED},
    Intent.CANCEL: {
        AppointmentStatus.BOOKED,
        AppointmentStatus.PENDING,
        AppointmentStatus.PROPOSED,
    },
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A visit that may be meant, and as whom one would act on it."""

    owner: Actor
    visit: AppointmentCard

    def when(self, _: Translator) -> str:
        """When it is, with its day in full: "Wednesday 1 April, 09:00"."""
        return _.long_moment(self.visit.starts_at, ZoneInfo(self.visit.zone))


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """The visits among which we have asked to choose, in that order, each as it was told."""

    intent: Intent
    visits: tuple[tuple[UUID, datetime], ...]

    def chosen(self, number: int, found: Sequence[Candidate]) -> Candidate | None:
        """The one that was chosen; None when there is no such number, or it has changed meanwhile."""
        if not 1 <= number <= len(self.visits):
            return None
        told = self.visits[number - 1]
        return next((c for c in found if (c.visit.appointment_id, c.visit.starts_at) == told), None)


def candidates(uow: UnitOfWork, owners: Sequence[Actor], intent: Intent) -> list[Candidate]:
    """The visits to come of everybody for whom the number may speak, soonest first, each once."""
    found: dict[UUID, Candidate] = {}
    for owner in owners:
        with uow.acting_for(owner):
            upcoming = appointments.my_visits(uow).upcoming
        for visit in upcoming:
            if visit.status in _FITTING.get(intent, ()) and visit.starts_at > uow.now:
                found.setdefault(visit.appointment_id, Candidate(owner, visit))
    return sorted(found.values(), key=lambda c: (c.visit.starts_at, c.visit.appointment_id))


def ask_which(
    uow: UnitOfWork,
    conversation: SmsConversation,
    found: Sequence[Candidate],
    intent: Intent,
    locale: str,
) -> None:
    """Ask which of these visits is meant, and remember the question for a day."""
    _, shown = translator(locale), found[:_MOST]
    are_several = len({c.visit.patient_id for c in shown}) > 1
    lines = []
    for number, each in enumerate(shown, start=1):
        zone = ZoneInfo(each.visit.zone)
        # Of several people no name either: the reference stands in every message about the visit.
        which = f" ({each.visit.reference})" if are_several else ""
        lines.append(f"{number}: {_.moment(each.visit.starts_at, zone)}{which}")
    letter = "C" if intent is Intent.CONFIRM else "X"
    last = _("Answer with its number, such as {example}.", example=f"{letter}1")
    conversation.asked = " ".join(
        f"{c.visit.appointment_id}@{int(c.visit.starts_at.timestamp())}" for c in shown
    )
    conversation.asked_action, conversation.asked_at = intent.value, uow.now
    said = "\n".join([_("Which visit do you mean?"), *lines, last])
    reply(uow, conversation, said, locale=locale)


def asked_before(conversation: SmsConversation, now: datetime) -> AskedBefore | None:
    """What the number was asked and may still answer; None when nothing."""
    if conversation.asked_at is None or conversation.asked_at + _REMEMBERED <= now:
        return None
    pairs = (each.split("@") for each in conversation.asked.split())
    visits = tuple((UUID(key), datetime.fromtimestamp(int(at), UTC)) for key, at in pairs)
    return AskedBefore(Intent(conversation.asked_action), visits)
