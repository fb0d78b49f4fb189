"""The demo's mailbox."""

from medibook.kernel.actor import anyone
from medibook.kernel.use_case import UnitOfWork, query
from medibook.notifications import access, rules
from medibook.notifications.schemas import MailboxMessage


@query(allow=anyone)
def mailbox(
    uow: UnitOfWork, *, address: str | None = None, page: int = 1
) -> tuple[MailboxMessage, ...]:
    """The messages that would have been sent, the newest first; refused outside the demo."""
    if not uow.settings.is_demo:
        raise rules.MailboxClosed
    return access.mailbox(uow, address=address.strip().casefold() if address else None, page=page)
