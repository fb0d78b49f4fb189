"""The clinic's rules for booking."""

from uuid import UUID

from medibook.clinic import access
from medibook.clinic.events import RulesChanged
from medibook.clinic.rules.booking import problems_of_rules
from medibook.clinic.schemas import BookingRules, RulesSheet
from medibook.kernel.actor import admin, staff
from medibook.kernel.errors import Invalid
from medibook.kernel.use_case import UnitOfWork, query, use_case

_ONE_AT_A_TIME = UUID("0b1d6f0e-6a4c-4d0f-9c86-5a3a51d9f0aa")


@query(allow=admin | staff)
def booking_rules(uow: UnitOfWork) -> RulesSheet:
    """The rules that hold where a visit type has none of its own."""
    return access.rules_of_clinic(uow)


@use_case(allow=admin)
def change_booking_rules(uow: UnitOfWork, *, rules: BookingRules, version: int) -> RulesSheet:
    """Let other rules hold from now on; what is booked stays as it is.

    Raises:
        Invalid: rule by rule.
        Conflict: somebody else has changed them since ``version``.
    """
    if problems := problems_of_rules(rules, may_be_left=False):
        raise Invalid(problems)
    uow.lock(_ONE_AT_A_TIME)
    access.change_rules_of_clinic(uow, rules, version=version)
    uow.audit("policy", None)
    uow.record(RulesChanged(version + 1))
    return access.rules_of_clinic(uow)
