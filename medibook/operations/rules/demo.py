"""The demo clinic: the same people every time, with dates around the day on which it is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from medibook.kernel.errors import Conflict
from medibook.kernel.words import N_
from medibook.operations.rules.calendar import visits, with_time_off
from medibook.operations.rules.patients import patients
from medibook.operations.rules.places import PLACES, SERVICES, SPECIALTIES
from medibook.operations.rules.seeds import AccountSeed, ClinicSeed, PolicySeed
from medibook.operations.rules.staff import ADMIN, FRONT_DESK, practitioners

# Fit for a clinic in which everybody is invented, and only there; the same for every account.
PASSPHRASE = "lantern-harbour-gentle-orchard"  # noqa: S105 - published on purpose: the demo is open to all
_OPENED_BEFORE = timedelta(days=400)
_APPLIED_BEFORE = timedelta(days=2)


class ClinicInUse(Conflict):
    """There are accounts already, and they are not the demo's."""

    code = "clinic_in_use"
    sentence = N_("This database holds a clinic already. The demo is only laid into an empty one.")


DEMO_IN_PRODUCTION = (
    "The database holds the demo clinic, whose passphrase everybody knows; production does not serve "
    "it. Point MEDIBOOK_DB_URL or MEDIBOOK_DATA_DIR at a database of your own."
)


class NotADemo(Conflict):
    """The demo was asked for where real people are treated."""

    code = "not_a_demo"
    sentence = N_("The demo clinic is only made where MEDIBOOK_ENV is demo or test.")


def demo_clinic(now: datetime) -> ClinicSeed:
    """Make up the whole clinic as it stands at ``now``."""
    policy = PolicySeed(grid_minutes=20)
    *approved, applicant = practitioners()
    staff = (
        *(with_time_off(p, now.astimezone(ZoneInfo(p.place.zone)).date()) for p in approved),
        replace(applicant, applied_at=now - _APPLIED_BEFORE),
    )
    everybody = patients()
    return ClinicSeed(
        opened_at=now - _OPENED_BEFORE,
        places=PLACES,
        specialties=SPECIALTIES,
        services=SERVICES,
        accounts=(FRONT_DESK, ADMIN),
        practitioners=staff,
        patients=everybody,
        visits=visits(staff, everybody, policy, now),
        policy=policy,
    )


def visitors_accounts() -> tuple[AccountSeed, ...]:
    """The accounts that a visitor may sign in as, one per role, and the applicant's."""
    treating = practitioners()
    return (patients()[0].account, treating[0].account, FRONT_DESK, ADMIN, treating[-1].account)
