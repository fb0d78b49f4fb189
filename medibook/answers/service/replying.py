"""What we say back by SMS, and when people must look at a conversation."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from medibook.answers import access
from medibook.answers.tables import SmsConversation
from medibook.kernel.errors import TooManyAttempts
from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import service as notifications
from medibook.notifications.rules import DESK_REPLY, SMS_ANSWER
from medibook.notifications.schemas import About, NewMessage, Topic
from medibook.ui.i18n import translator

KIND: Final = SMS_ANSWER
# A day: what waits for room at its number, or for a provider, is still an answer tomorrow morning.
_USEFUL: Final = timedelta(hours=24)
_HOUR: Final = timedelta(hours=1)
# A machine that answers our answers would go on for ever, at the clinic's cost.
_MOST_AN_HOUR: Final = 10


def reply(
    uow: UnitOfWork,
    conversation: SmsConversation,
    text: str,
    *,
    locale: str,
    about: About | None = None,
    by_user_id: UUID | None = None,
) -> None:
    """Say something to a number. What we say by ourselves is limited; past that, people look."""
    if by_user_id is None:
        try:
            uow.limit("sms-reply", conversation.number, times=_MOST_AN_HOUR, within=_HOUR)
        except TooManyAttempts:
            conversation.waits_since = conversation.waits_since or uow.now
            return
    line_id = access.add_line(uow, conversation, text, is_ours=True, by_user_id=by_user_id)
    _ = translator(locale)
    notifications.tell(
        uow,
        NewMessage(
            fact_id=line_id,
            kind=KIND if by_user_id is None else DESK_REPLY,
            recipient_id=None,  # to the number that has written, whoever holds it
            to="",
            subject=_("Your answer by SMS"),
            body=text,
            locale=locale,
            phone=conversation.number,
            sms=text,
            topic=Topic.REMINDERS,
            about=about,
            useful_until=uow.now + _USEFUL,
        ),
    )


def wait_for_people(
    uow: UnitOfWork, conversation: SmsConversation, locale: str, *, is_known: bool
) -> None:
    """Let the front desk look at a conversation; a known number is told so, once."""
    if conversation.waits_since is not None:
        return
    conversation.waits_since = uow.now
    if is_known:
        _ = translator(locale)
        said = _("Thank you. Somebody at the clinic reads your message and answers.")
        reply(uow, conversation, said, locale=locale)
