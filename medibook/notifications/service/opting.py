"""Saying STOP, and START again: for an address itself, whoever it belongs to."""

from medibook.kernel.use_case import UnitOfWork
from medibook.notifications import access
from medibook.notifications.schemas import Channel


def opt_out(uow: UnitOfWork, *, channel: Channel, address: str) -> None:
    """Let nothing more go to an address by this channel; what is promised already does not go either."""
    access.opt_out(uow, channel, address)


def opt_in(uow: UnitOfWork, *, channel: Channel, address: str) -> None:
    """Let messages go to an address again; whatever it had refused."""
    access.opt_in(uow, channel, address)


def has_opted_out(uow: UnitOfWork, *, channel: Channel, address: str) -> bool:
    """Tell whether an address wants nothing more by this channel."""
    return address in access.opted_out(uow, channel, [address])
