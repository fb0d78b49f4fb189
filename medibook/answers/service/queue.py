"""What the front desk reads and answers: the conversations by SMS that we have not understood."""

from typing import Any, Final
from uuid import UUID

from medibook.answers import access, rules
from medibook.answers.events import SmsAnswered
from medibook.answers.schemas import ConversationCard, ConversationLine, PersonOnLine
from medibook.answers.service.replying import reply
from medibook.appointments import service as appointments
from medibook.kernel.actor import admin, staff
from medibook.kernel.errors import Conflict, Invalid
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.kernel.words import N_
from medibook.notifications import service as notifications
from medibook.notifications.schemas import Channel, MessageState
from medibook.people import service as people
from medibook.ui.i18n import DEFAULT_LOCALE

LONGEST_REPLY: Final = 480
_MOST, _LINES = 50, 20


@query(allow=staff | admin)
def conversations_waiting(uow: UnitOfWork) -> tuple[ConversationCard, ...]:
    """The conversations that wait for somebody, who has waited longest first, and whose they may be."""
    rows = access.waiting(uow, limit=_MOST)
    lines = access.last_lines(uow, [row.id for row in rows], most=_LINES) if rows else {}
    ours = [line.id for said in lines.values() for line in said if line.is_ours]
    told = notifications.fates_of_facts(uow, ours)
    whose = {row.id: people.patients_of_number(uow, row.number) for row in rows}
    everybody = {patient_id for ids in whose.values() for patient_id in ids}
    contacts, visits = (
        people.contacts(uow, everybody),
        appointments.open_visits(uow, everybody),
    )
    return tuple(
        ConversationCard(
            conversation_id=row.id,
            number=row.number,
            waits_since=row.waits_since,
            has_stopped=notifications.has_opted_out(uow, channel=Channel.SMS, address=row.number),
            version=row.version,
            lines=tuple(_line(line, told.get(line.id)) for line in lines.get(row.id, ())),
            people=tuple(
                PersonOnLine(
                    patient_id=patient_id,
                    name=contacts[patient_id].name,
                    birth_date=contacts[patient_id].birth_date,
                    visits=tuple(
                        (visit.starts_at, visit.zone) for visit in visits.get(patient_id, ())
                    ),
                )
                for patient_id in sorted(whose[row.id], key=lambda key: contacts[key].name)
            ),
        )
        for row in rows
    )


def _line(line: Any, fate: tuple[MessageState, str] | None) -> ConversationLine:  # noqa: ANN401 - a row of Core columns
    state, problem = fate or (None, "")
    return ConversationLine(
        is_ours=line.is_ours,
        text=line.text,
        at=line.at,
        state=state,
        problem=problem,
    )


@use_case(allow=staff)
def answer_conversation(uow: UnitOfWork, *, conversation_id: UUID, text: str, version: int) -> None:
    """Write to a number by SMS; the conversation stays until it is put away.

    Raises:
        Conflict: something was said since ``version`` was shown. Invalid: nothing to send, too long,
            or the number has said STOP. NotFound.
    """
    conversation = access.find(uow, conversation_id)
    if conversation.version != version:
        raise Conflict
    said = rules.plain(text)
    if not said:
        raise Invalid({"text": N_("Please write what you want to say.")})
    if len(said) > LONGEST_REPLY:
        raise Invalid({"text": N_("This is too long for a text message.")})
    if notifications.has_opted_out(uow, channel=Channel.SMS, address=conversation.number):
        raise Invalid({"text": N_("This number wants no more messages. Please call.")})
    owners = people.behind_number(uow, conversation.number)
    locale = owners[0].locale if owners else DEFAULT_LOCALE
    reply(uow, conversation, said, locale=locale, by_user_id=uow.actor.user_id)
    uow.audit("sms_conversation", conversation.id)
    uow.record(SmsAnswered(conversation.id))


@use_case(allow=staff)
def close_conversation(uow: UnitOfWork, *, conversation_id: UUID, version: int) -> None:
    """Put a conversation away; the next unclear message brings it back. Twice does no harm.

    Raises: Conflict: something was said since ``version`` was shown. NotFound.
    """
    conversation = access.find(uow, conversation_id)
    if conversation.waits_since is None:
        return
    if conversation.version != version:
        raise Conflict
    conversation.waits_since = None
    conversation.done_at, conversation.done_by = uow.now, uow.actor.user_id
    uow.audit("sms_conversation", conversation.id)
    uow.record(SmsAnswered(conversation.id))
