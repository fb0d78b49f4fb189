"""Promising a message, in the transaction of whatever it tells of."""

from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import access, rules
from medibook.notifications.events import MessageCame
from medibook.notifications.schemas import MessageState, NewMessage


def tell(uow: UnitOfWork, new: NewMessage) -> None:
    """Promise one person a message about a fact; promising it twice sends it once (I7).

    In the demo, which has no mail server, it is in the mailbox at once. Elsewhere it waits as a row
    until a mail server takes it. What nobody could receive is kept as dead, with the reason.
    """
    if not rules.is_reachable(new.to):
        access.add(uow, new, state=MessageState.DEAD, problem="no address yet")
        return
    at_once = uow.settings.is_demo and uow.settings.smtp_url is None
    access.add(uow, new, state=MessageState.ACCEPTED if at_once else MessageState.PLANNED)
    if at_once:
        uow.record(MessageCame(new.recipient_id))
