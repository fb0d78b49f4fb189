"""Admins look after accounts; at least one active admin always remains (I16)."""

from uuid import UUID

from medibook.kernel.actor import Role, admin, system_only
from medibook.kernel.crypto import hash_password
from medibook.kernel.errors import Forbidden
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.people import rules
from medibook.people.access import accounts as rows
from medibook.people.access import sessions
from medibook.people.events import AccountReactivated, AccountSuspended
from medibook.people.rules.claims import check_new_password
from medibook.people.rules.fields import Fields, one_line
from medibook.people.schemas import AccountPage
from medibook.people.service.registration import clinic_of, new_user
from medibook.people.tables import AccountStatus


@query(allow=admin)
def accounts(uow: UnitOfWork, *, search: str = "", role: str = "", page: int = 1) -> AccountPage:
    """A page of all accounts; ``search`` looks into names and addresses."""
    known = {r.value for r in Role}
    return rows.page(
        uow, search=one_line(search)[:100], role=Role(role) if role in known else None, number=page
    )


@use_case(allow=admin)
def suspend_account(uow: UnitOfWork, *, user_id: UUID, reason: str) -> None:
    """Keep an account out from this moment; its sessions end. Raises LastAdmin, NotYourself."""
    tidy = one_line(reason)
    if not tidy or len(tidy) > 200:
        raise rules.ReasonNeeded
    _lock_admins(uow)
    user = rows.find(uow, user_id)
    uow.audit("user", user.id, reason=tidy)
    if user.id == uow.actor.user_id:
        raise rules.NotYourself
    if user.role is Role.ADMIN and not rows.active_admins_besides(uow, user.id):
        raise rules.LastAdmin
    if user.status is AccountStatus.SUSPENDED:
        return
    user.status, user.suspended_reason = AccountStatus.SUSPENDED, tidy
    sessions.end_all(uow, user.id)
    uow.record(AccountSuspended(user.id))


@use_case(allow=admin)
def reactivate_account(uow: UnitOfWork, *, user_id: UUID) -> None:
    """Let a suspended account in again."""
    _lock_admins(uow)
    user = rows.find(uow, user_id)
    uow.audit("user", user.id)
    if user.status is AccountStatus.ACTIVE:
        return
    user.status, user.suspended_reason = AccountStatus.ACTIVE, ""
    uow.record(AccountReactivated(user.id))


@use_case(allow=system_only)
def create_admin(uow: UnitOfWork, *, email: str, name: str, password: str) -> UUID:
    """Make an admin's account from the machine's own command line; the address counts as proven."""
    return _create(uow, Role.ADMIN, email=email, name=name, password=password)


@use_case(allow=system_only)
def create_staff(uow: UnitOfWork, *, email: str, name: str, password: str) -> UUID:
    """Make an account for the front desk; the address counts as proven."""
    return _create(uow, Role.STAFF, email=email, name=name, password=password)


def _create(uow: UnitOfWork, role: Role, *, email: str, name: str, password: str) -> UUID:
    fields = Fields()
    name, email = fields.name(name), fields.email(email)
    fields.raise_if_any()
    fit = check_new_password(password, name=name, email=email, clinic=clinic_of(uow))
    rows.lock_address(uow, email)
    if rows.by_email(uow, email) is not None:
        raise rules.AddressTaken
    user = new_user(uow, email, role, name, hash_password(fit), "en")
    user.email_verified_at = uow.now
    uow.audit("user", user.id)
    return rows.add(uow, user).id


def _lock_admins(uow: UnitOfWork) -> None:
    """Decide about admins one at a time, and only while one is an admin still.

    Two admins who suspend each other at once: the second waits here, and is then no longer one.
    """
    uow.lock(rows.ADMINS_LOCK)
    if not rows.is_active(uow, uow.actor.user_id):
        raise Forbidden
