"""Answering by SMS: what a message means, for which visit, and what is said back.

Everything about one message is one transaction: that it came, what it did, and the reply that is
promised. The same message twice is one. What is done is done as the patient whose number it is, under
the patient's rules; the number itself is the proof, as good as the telephone's owner keeps it.
"""

from typing import Final

from medibook.absences import service as absences
from medibook.answers import access, rules
from medibook.answers.events import SmsHeard
from medibook.answers.rules import Intent, Understood
from medibook.answers.service.choosing import Candidate, ask_which, asked_before, candidates
from medibook.answers.service.replying import reply, wait_for_people
from medibook.answers.tables import SmsConversation
from medibook.appointments import service as appointments
from medibook.kernel.actor import Actor, system_only
from medibook.kernel.errors import Refusal
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.notifications import service as notifications
from medibook.notifications.schemas import Channel
from medibook.people import service as people
from medibook.ui.i18n import DEFAULT_LOCALE, translator
from medibook.waitlist import service as waitlist

# To these somebody may answer "no" by SMS, and mean no visit of theirs by it.
_OF_SOMETHING_ELSE: Final = {waitlist.ABOUT_OFFER, absences.ABOUT_CASE}
_ACTS: Final = {
    Intent.CONFIRM: appointments.confirm_appointment,
    Intent.CANCEL: appointments.cancel_appointment,
}


@use_case(allow=system_only)
def hear_sms(uow: UnitOfWork, *, number: str, text: str, provider_id: str) -> None:
    """Take in an SMS, do what it says, and promise the reply; or leave it to the front desk.

    ``provider_id`` is the provider's own id of the message: what has come before is not heard again.
    A sender that is no number (E.164), to which nobody could reply, is not heard at all.
    """
    if not rules.is_number(number):
        return
    conversation = access.conversation_with(uow, number)
    if access.is_known(uow, provider_id):
        return
    said = rules.plain(text)
    access.add_line(uow, conversation, said, is_ours=False, provider_id=provider_id)
    uow.audit("sms_conversation", conversation.id)
    uow.record(SmsHeard(conversation.id))
    owners = people.behind_number(uow, number)
    heard, locale = _understood(said, owners)
    match heard.intent:
        case Intent.STOP:
            notifications.opt_out(uow, channel=Channel.SMS, address=number)
        case Intent.START:
            notifications.opt_in(uow, channel=Channel.SMS, address=number)
        case Intent.CONFIRM | Intent.CANCEL | Intent.CHOOSE:
            _answer(uow, conversation, heard, owners, locale)
        case Intent.UNCLEAR:
            wait_for_people(uow, conversation, locale, is_known=bool(owners))
    if heard.says_more:
        wait_for_people(uow, conversation, locale, is_known=False)


def _understood(said: str, owners: tuple[Actor, ...]) -> tuple[Understood, str]:
    """What it means to one of those whose number it is, and in whose language."""
    locales = list(dict.fromkeys(owner.locale for owner in owners)) or [DEFAULT_LOCALE]
    for locale in locales:
        heard = rules.understood(said, locale)
        if heard.intent is not Intent.UNCLEAR:
            return heard, locale
    return Understood(Intent.UNCLEAR), locales[0]


def _answer(
    uow: UnitOfWork,
    conversation: SmsConversation,
    heard: Understood,
    owners: tuple[Actor, ...],
    locale: str,
) -> None:
    before = asked_before(conversation, uow.now)
    intent = before.intent if heard.intent is Intent.CHOOSE and before else heard.intent
    found = candidates(uow, owners, intent)
    if intent not in _ACTS or not found:
        wait_for_people(uow, conversation, locale, is_known=bool(owners))
        return
    if heard.number is None and not _is_about_a_visit(uow, conversation):
        # A "no" to an offer, or to something the desk has asked, must cancel no visit.
        wait_for_people(uow, conversation, locale, is_known=True)
        return
    chosen = None
    if before is not None and heard.number is not None:
        chosen = before.chosen(heard.number, found)
    elif len(found) == 1 and heard.number in (None, 1):
        chosen = found[0]
    if chosen is None:
        ask_which(uow, conversation, found, intent, locale)
        return
    _act(uow, conversation, intent, chosen, locale)


def _is_about_a_visit(uow: UnitOfWork, conversation: SmsConversation) -> bool:
    """Whether the last that this number was told by SMS was about a visit of theirs."""
    if access.is_last_by_the_desk(uow, conversation.id):
        return False
    return notifications.last_sms_kind(uow, conversation.number) not in _OF_SOMETHING_ELSE


def _act(
    uow: UnitOfWork, conversation: SmsConversation, intent: Intent, chosen: Candidate, locale: str
) -> None:
    """Do it as the patient, and say what was done, or why it was not."""
    _, visit = translator(locale), chosen.visit
    conversation.asked, conversation.asked_at = "", None  # a later number answers something else
    if intent is Intent.CONFIRM and _is_away(uow, conversation, chosen, locale):
        return
    try:
        with uow.acting_for(chosen.owner):
            visit = _ACTS[intent](
                uow, appointment_id=visit.appointment_id, starts_at=visit.starts_at
            )
    except Refusal as refusal:
        reply(uow, conversation, refusal.message(_), locale=locale)
        wait_for_people(uow, conversation, locale, is_known=False)
        return
    uow.audit(
        "appointment",
        visit.appointment_id,
        patient_id=visit.patient_id,
        reason=f"{intent} by SMS, conversation {conversation.id}",
    )
    when = chosen.when(_)
    said = (
        _("Thank you. We expect you: {when}.", when=when)
        if intent is Intent.CONFIRM
        else _("Your visit is cancelled: {when}.", when=when)
    )
    reply(uow, conversation, said, locale=locale, about=appointments.about_visit(visit))


def _is_away(
    uow: UnitOfWork, conversation: SmsConversation, chosen: Candidate, locale: str
) -> bool:
    """Whether the visit cannot be; then whoever says that they will come is told so, with the other times."""
    with uow.acting_for(chosen.owner):
        case = absences.absence_case_of_visit(uow, appointment_id=chosen.visit.appointment_id)
    if case is None:
        return False
    user_id = chosen.owner.user_id
    said, about = absences.answer_while_away(
        uow, case_id=case.case_id, user_id=user_id, locale=locale
    )
    reply(uow, conversation, said, locale=locale, about=about)
    return True
