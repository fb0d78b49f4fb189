"""What a practitioner may offer, and how the clinic says no."""

from collections.abc import Mapping
from typing import Final

from medibook.kernel.errors import Conflict, NotFound
from medibook.kernel.money import EXPONENTS
from medibook.kernel.words import N_
from medibook.people.rules.claims import HIGHEST_FEE

FIRST_SERVICE: Final = N_("Consultation")
FIRST_MINUTES: Final = 20
LONGEST_MINUTES: Final = 240
LONGEST_NAME: Final = 80


class ServiceNotOffered(NotFound):
    """The practitioner does not offer this visit type, or no longer."""

    code = "service_not_offered"
    sentence = N_("This visit type is not offered here any more. Please choose another one.")


class LastService(Conflict):
    """A practitioner without any visit type could not be booked and would not know why."""

    code = "last_service"
    sentence = N_("This is your only visit type. Add another one before you withdraw it.")


def problems_of_offer(
    *, name: str | None, minutes: int | None, fee_minor: int, fee_currency: str
) -> Mapping[str, str]:
    """What is wrong with a visit type as it was typed, field by field; empty when it can be offered.

    ``name`` and ``minutes`` are None when an existing visit type of the clinic is chosen.
    """
    problems = {}
    if name is not None and not 1 <= len(name) <= LONGEST_NAME:
        problems["name"] = N_("Give the visit type a name of up to 80 characters.")
    if minutes is not None and (minutes < 5 or minutes > LONGEST_MINUTES or minutes % 5):
        problems["minutes"] = N_("Choose a length of 5 to 240 minutes, in steps of five.")
    if not 0 <= fee_minor <= HIGHEST_FEE:
        problems["fee"] = N_("The fee cannot be less than nothing or more than 100,000.")
    if fee_currency not in EXPONENTS:
        problems["fee"] = N_("Choose a currency.")
    return problems
