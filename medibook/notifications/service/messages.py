"""Sending what was promised, and the demo's mailbox.

The network is never waited for inside a transaction: a job claims with ``deliver_due``, speaks to
the channel, and notes the outcome.
"""

from uuid import UUID

from medibook.kernel.actor import anyone, system_only
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications import access, rules
from medibook.notifications.schemas import MailboxMessage, Outgoing

_AT_ONCE = 20
_TOO_LATE = "too late to be of use"


@query(allow=anyone)
def mailbox(
    uow: UnitOfWork, *, address: str | None = None, page: int = 1
) -> tuple[MailboxMessage, ...]:
    """The messages that would have been sent, the newest first; refused outside the demo."""
    if not uow.settings.is_demo:
        raise rules.MailboxClosed
    return access.mailbox(uow, address=address.strip().casefold() if address else None, page=page)


@use_case(allow=system_only)
def deliver_due(uow: UnitOfWork) -> tuple[Outgoing, ...]:
    """Claim the messages that are due, for a channel to send; nothing while there is no mail server.

    What no longer helps its reader is dropped here, however long the mail server was away.
    """
    if uow.settings.smtp_url is None:
        return ()
    useful = []
    for message in access.claim_due(uow, lease=rules.LEASE, limit=_AT_ONCE):
        lasts = rules.useful_for(message.kind)
        if lasts is not None and uow.now - message.created_at >= lasts:
            _give_up(uow, message.message_id, _TOO_LATE)
        else:
            useful.append(message)
    return tuple(useful)


@use_case(allow=system_only)
def note_accepted(uow: UnitOfWork, *, message_id: UUID) -> None:
    """Note that the mail server has taken a message; a key to an account is not kept outside the demo."""
    row = access.find(uow, message_id)
    access.accept(uow, row, forget_body=rules.carries_key(row.kind) and not uow.settings.is_demo)
    uow.audit("message", row.id)


@use_case(allow=system_only)
def note_failed(uow: UnitOfWork, *, message_id: UUID, problem: str, permanent: bool) -> None:
    """Note why a message has not left: it is tried again, each time later, eight times at most."""
    row = access.find(uow, message_id)
    if permanent or row.attempts >= rules.MOST_ATTEMPTS:
        _give_up(uow, message_id, problem)
    else:
        again = rules.wait_before(row.attempts)
        access.note_failure(uow, row, problem, again_in=again, forget_body=False)
    uow.audit("message", row.id, reason=problem)


def _give_up(uow: UnitOfWork, message_id: UUID, problem: str) -> None:
    row = access.find(uow, message_id)
    forget = rules.carries_key(row.kind) and not uow.settings.is_demo
    access.note_failure(uow, row, problem, again_in=None, forget_body=forget)
