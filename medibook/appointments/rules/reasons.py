"""The reasons that people give for what they do with a visit."""

from typing import Final

from medibook.kernel.errors import Invalid
from medibook.kernel.words import N_

TOLD_OTHERWISE: Final = "the clinic tells the patient itself"
"""Why no message of ours has told a patient of a move; in the history, for those who come after."""

LONGEST_REASON: Final = 300


def needed_reason(reason: str) -> str:
    """The reason that the clinic owes a patient. Raises Invalid when there is none, or too long a one."""
    said = tidy_reason(reason)
    if not said:
        raise Invalid({"reason": N_("Please give the patient a reason.")})
    return said


def tidy_reason(reason: str) -> str:
    """A reason as it is kept. Raises Invalid when it is too long."""
    said = reason.strip()
    if len(said) > LONGEST_REASON:
        raise Invalid({"reason": N_("Please shorten the reason to 300 characters.")})
    return said
