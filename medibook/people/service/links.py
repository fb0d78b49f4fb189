"""One-time links, minted in the transaction that writes the message which carries them."""

from uuid import UUID

from medibook.kernel.actor import system_only
from medibook.kernel.use_case import UnitOfWork, use_case
from medibook.people.access import accounts, links
from medibook.people.rules.sessions import RESET_LASTS, VERIFY_LASTS
from medibook.people.tables import AccountStatus, TokenPurpose


@use_case(allow=system_only)
def verify_link(uow: UnitOfWork, *, user_id: UUID, go_to: str = "") -> str:
    """Return the address that proves an e-mail address; "" when it is proven already."""
    user = accounts.find(uow, user_id)
    if user.email_verified_at is not None or user.status is not AccountStatus.ACTIVE:
        return ""
    uow.audit("user", user_id)
    token = links.mint(uow, user_id, TokenPurpose.VERIFY_EMAIL, lasts=VERIFY_LASTS, go_to=go_to)
    return f"/verify/?token={token}"


@use_case(allow=system_only)
def reset_link(uow: UnitOfWork, *, user_id: UUID) -> str:
    """Return the address at which a new password can be set; "" when the account may not sign in."""
    user = accounts.find(uow, user_id)
    if user.status is not AccountStatus.ACTIVE:
        return ""
    uow.audit("user", user_id)
    token = links.mint(uow, user_id, TokenPurpose.RESET_PASSWORD, lasts=RESET_LASTS, go_to="")
    return f"/reset/?token={token}"
