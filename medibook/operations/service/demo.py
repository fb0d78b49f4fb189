"""Make the demo clinic."""

from medibook.directory import service as directory
from medibook.kernel.actor import system_only
from medibook.kernel.crypto import hash_password
from medibook.kernel.settings import Env
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.operations.access import seeding
from medibook.operations.rules.demo import (
    PASSPHRASE,
    ClinicInUse,
    NotADemo,
    demo_clinic,
    visitors_accounts,
)
from medibook.operations.rules.staff import ADMIN, DOMAIN
from medibook.operations.schemas import DemoAccount, DemoClinic


@query(allow=system_only)
def demo_is_there(uow: UnitOfWork) -> DemoClinic | None:
    """Describe the demo clinic if it stands already."""
    return _described(uow, was_there=True) if seeding.is_there(uow.session, ADMIN.id) else None


@query(allow=system_only)
def has_demo_accounts(uow: UnitOfWork) -> bool:
    """Tell whether anybody could sign in with the demo's passphrase, which the whole world knows."""
    return seeding.has_addresses_at(uow.session, DOMAIN)


@use_case(allow=system_only)
def seed_demo(uow: UnitOfWork) -> DemoClinic:
    """Lay the demo clinic into an empty database, with dates around ``uow.now``.

    Raises NotADemo outside the demo and test environments, and ClinicInUse where there are accounts.
    """
    if uow.settings.env is Env.PRODUCTION:
        raise NotADemo
    if not seeding.is_empty(uow.session):
        raise ClinicInUse
    # One slow hash for all: seventy of them would take as long as everything else together.
    hashed = hash_password(PASSPHRASE)
    seeding.write(uow.session, demo_clinic(uow.now), password_hash=hashed, decided_by=ADMIN.id)
    directory.fill_directory(uow)
    uow.audit("clinic", None, reason="the demo clinic was made")
    return _described(uow, was_there=False)


def _described(uow: UnitOfWork, *, was_there: bool) -> DemoClinic:
    practitioners, patients, visits = seeding.counts(uow.session)
    accounts = tuple(
        DemoAccount(
            role=account.role.value, name=account.name, email=account.email, passphrase=PASSPHRASE
        )
        for account in visitors_accounts()
    )
    return DemoClinic(
        accounts=accounts,
        was_there=was_there,
        practitioners=practitioners,
        patients=patients,
        visits=visits,
    )
