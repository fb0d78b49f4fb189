"""A number is proven by a code that was sent to it; until then nobody is sent anything there.

Otherwise anybody could type somebody else's number, and have it rung.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from medibook.kernel.actor import patient
from medibook.kernel.crypto import same
from medibook.kernel.errors import NotFound, TooManyAttempts
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications import access, rules
from medibook.notifications.schemas import (
    Channel,
    NewMessage,
)
from medibook.notifications.schemas.reader import MyNumber
from medibook.notifications.service.telling import tell_by
from medibook.people import service as people
from medibook.people.rules.sessions import sealed
from medibook.people.schemas.reach import OwnNumber
from medibook.ui.i18n import translator

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
# Codes: of the whole clinic as well, since numbers are sold that earn by each SMS that they are sent.
_MOST_CODES_BY_ONE: Final = ((5, _DAY),)
_MOST_CODES_TO_ONE: Final = ((1, _HOUR), (2, _DAY))
_MOST_CODES_STOPPED: Final = ((1, _DAY),)
_MOST_CODES: Final = ((200, _DAY),)
_ONE_AT_A_TIME: Final = uuid5(NAMESPACE_URL, "phone-codes")


@query(allow=patient)
def my_number(uow: UnitOfWork) -> MyNumber | None:
    """One's own number, and whether an SMS goes there; None where no SMS is sent, or there is no number."""
    own = people.own_number(uow)
    if own is None or not own.number or not uow.settings.sends_sms or uow.actor.user_id is None:
        return None
    stopped_at = access.opted_out(uow, Channel.SMS, [own.number]).get(own.number)
    return MyNumber(
        number=own.number,
        is_proven=own.proven_at is not None,
        has_stopped=stopped_at is not None,
        is_proven_since=stopped_at is None or (own.proven_at or stopped_at) > stopped_at,
        is_awaited=access.number_awaited(uow, uow.actor.user_id) == own.number,
    )


@use_case(allow=patient)
def send_phone_code(uow: UnitOfWork) -> None:
    """Send a code to one's own number; the one before is worth nothing from now on.

    The second of two clicks sends none. Raises: NotFound: no number, or nobody carries SMS.
        TooManyAttempts: by this person, to this number, or by the whole clinic. NumberStopped: the
        number wants nothing, and was never shown to be theirs.
    """
    own, user_id = _own(uow)
    uow.lock(_ONE_AT_A_TIME)  # whoever counts must see every code that was asked for before
    codes = access.codes_since(uow, uow.now - _DAY)
    is_same = access.number_awaited(uow, user_id) == own.number
    if is_same and any(at > uow.now - _MINUTE for by, _, at in codes if by == user_id):
        return
    _within_limits(uow, own, user_id, codes)
    code = rules.digits_of(uow.new_token())
    seal = sealed(uow.settings, rules.PHONE_CODE, str(user_id), own.number, code)
    access.keep_code(uow, user_id, own.number, seal, lasts=rules.CODE_LASTS)
    _ = translator(uow.actor.locale)
    said = _(
        "{clinic}: your code is {code}. It is good for 10 minutes. If you did not ask for it, do nothing.",
        clinic=uow.settings.clinic_name[:40],
        code=code,
    )
    new = NewMessage(
        fact_id=uow.new_id(),
        kind=rules.PHONE_CODE,
        recipient_id=user_id,
        to="",
        subject=_("Your code"),
        body=said,
        locale=uow.actor.locale,
        phone=own.number,
        sms=said,
    )
    tell_by(uow, new, Channel.SMS)
    uow.audit("patient", own.patient_id, patient_id=own.patient_id, reason="code sent")


@use_case(allow=patient)
def prove_my_number(uow: UnitOfWork, *, code: str) -> bool:
    """Show the code that came by SMS; False when it is wrong, has run out, or was tried too often.

    It is no refusal, so that the try is counted: a refusal would take its row back.
    """
    own, user_id = _own(uow)
    uow.audit("patient", own.patient_id, patient_id=own.patient_id, reason="code tried")
    kept = access.code_to_try(uow, user_id, most=rules.MOST_TRIES)
    if kept is None:
        return False
    number, code_hash = kept
    seal = sealed(uow.settings, rules.PHONE_CODE, str(user_id), number, code)
    if not same(seal, code_hash) or not people.prove_number(uow, number):
        return False
    access.forget_code(uow, user_id)
    return True


def _within_limits(
    uow: UnitOfWork, own: OwnNumber, user_id: UUID, codes: Sequence[tuple[UUID, str, datetime]]
) -> None:
    """Judged by the rows of messages: they are the same for every process, and after a restart."""
    sent = access.sent_to_numbers(uow, [own.number], since=uow.now - rules.SMS_COUNTED)[own.number]
    has_stopped = bool(access.opted_out(uow, Channel.SMS, [own.number]))
    free_at = max(
        rules.sms_free_at(sent, uow.now),
        _code_free_at(codes, user_id, own.number, uow.now, has_stopped=has_stopped),
    )
    if free_at > uow.now:
        raise TooManyAttempts(minutes=ceil((free_at - uow.now) / _MINUTE))
    if has_stopped and own.proven_at is None:
        raise rules.NumberStopped


def _code_free_at(
    codes: Sequence[tuple[UUID, str, datetime]],
    user_id: UUID,
    number: str,
    now: datetime,
    *,
    has_stopped: bool,
) -> datetime:
    """From when on the next code may be sent for somebody to a number; ``now`` when it may at once.

    ``codes``: who asked for one, to which number, and when. They are counted apart from all else:
    who types a stranger's number must not use up what may ring there.
    """
    theirs = [at for by, _, at in codes if by == user_id]
    there = [at for _, to, at in codes if to == number]
    return max(
        rules.free_at(theirs, now, _MOST_CODES_BY_ONE),
        rules.free_at(there, now, _MOST_CODES_STOPPED if has_stopped else _MOST_CODES_TO_ONE),
        rules.free_at([at for _, _, at in codes], now, _MOST_CODES),
    )


def _own(uow: UnitOfWork) -> tuple[OwnNumber, UUID]:
    own = people.own_number(uow, alone=True)
    if own is None or not own.number or uow.actor.user_id is None or not uow.settings.sends_sms:
        raise NotFound
    return own, uow.actor.user_id
