"""The rules for booking: what each may be set to, for the clinic or for one visit type."""

from dataclasses import dataclass
from typing import Final

from medibook.clinic.schemas import BookingRules, LateCancel, NewVisitType
from medibook.kernel.errors import Invalid
from medibook.kernel.words import N_
from medibook.people.rules.fields import one_line

GRIDS: Final = (5, 10, 15, 20, 30, 60)
LONGEST_BUFFER: Final = 120
NO_REMINDERS: Final = "0"
MOST_REMINDERS, EARLIEST_REMINDER = 3, 336


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number may be, and the sentence for all others."""

    least: int
    most: int
    sentence: str

    def hold(self, value: int) -> bool:
        """Whether this may be chosen."""
        return self.least <= value <= self.most


BOUNDS: Final = {
    "minimum_notice_minutes": Bounds(0, 60 * 24 * 30, N_("Choose 0 to 720 hours.")),
    "horizon_days": Bounds(1, 366, N_("Choose 1 to 366 days.")),
    "cancel_cutoff_hours": Bounds(0, 24 * 30, N_("Choose 0 to 720 hours.")),
    "daily_limit": Bounds(0, 200, N_("Choose 1 to 200 visits, or 0 for no limit.")),
    "patient_daily_limit": Bounds(0, 20, N_("Choose 1 to 20 visits, or 0 for no limit.")),
    "open_per_patient": Bounds(1, 100, N_("Choose 1 to 100 visits.")),
    "request_lapses_hours": Bounds(1, 24 * 30, N_("Choose 1 to 720 hours.")),
    "hold_minutes": Bounds(2, 60, N_("Choose 2 to 60 minutes.")),
    "grid_minutes": Bounds(5, 60, N_("Choose one of the steps.")),
    "change_grace_minutes": Bounds(0, 60, N_("Choose 0 to 60 minutes.")),
    "waitlist_batch": Bounds(1, 5, N_("Choose 1 to 5 people.")),
}
_WHICH_HOURS: Final = N_("Say up to three times in hours, as in “24, 2”, or 0 for no reminders.")
USUAL: Final = BookingRules(
    minimum_notice_minutes=120,
    horizon_days=60,
    cancel_cutoff_hours=24,
    late_cancel=LateCancel.ASK_CLINIC,
    daily_limit=0,
    patient_daily_limit=0,
    open_per_patient=10,
    request_lapses_hours=72,
    hold_minutes=10,
    grid_minutes=10,
    reminder_hours="24,2",
    change_grace_minutes=10,
    waitlist_batch=1,
)


def hours_of_reminders(text: str) -> tuple[int, ...] | None:
    """Read "24, 2": how many hours before a visit, the longest first; "0" is none at all.

    None when it says something else: three reminders at most, each 1 to 336 hours before.
    """
    parts = text.replace(";", ",").replace(",", " ").split()
    if parts == [NO_REMINDERS]:
        return ()
    if not 1 <= len(parts) <= MOST_REMINDERS or not all(p.isascii() and p.isdigit() for p in parts):
        return None
    hours = {int(part) for part in parts if len(part) <= 4}
    if len(hours) != len(parts) or not all(1 <= each <= EARLIEST_REMINDER for each in hours):
        return None
    return tuple(sorted(hours, reverse=True))


def problems_of_rules(rules: BookingRules, *, may_be_left: bool) -> dict[str, str]:
    """What is wrong with rules as they were typed, rule by rule.

    ``may_be_left``: a visit type may leave a rule as it is in the clinic; the clinic says them all.
    """
    problems = {}
    for rule, bounds in BOUNDS.items():
        value = getattr(rules, rule)
        if value is None:
            if not may_be_left:
                problems[rule] = bounds.sentence
        elif not bounds.hold(value) or (rule == "grid_minutes" and value not in GRIDS):
            problems[rule] = bounds.sentence
    if not _are_hours(rules.reminder_hours, may_be_left=may_be_left):
        problems["reminder_hours"] = _WHICH_HOURS
    if rules.late_cancel is None and not may_be_left:
        problems["late_cancel"] = N_("Choose what happens after the cut-off.")
    notice, horizon = rules.minimum_notice_minutes, rules.horizon_days
    if notice is not None and horizon is not None and not problems and notice >= horizon * 24 * 60:
        problems["minimum_notice_minutes"] = N_(
            "The notice reaches past the last day that can be booked: there would be no time at all."
        )
    return problems


def _are_hours(text: str | None, *, may_be_left: bool) -> bool:
    return may_be_left if text is None else hours_of_reminders(text) is not None


def checked_visit_type(new: NewVisitType) -> NewVisitType:
    """The visit type in its written form; raises Invalid with every field's sentence."""
    problems = problems_of_rules(new.rules, may_be_left=True)
    name = one_line(new.name)
    if not 1 <= len(name) <= 80:
        problems["name"] = N_("Give the visit type a name of up to 80 characters.")
    if new.minutes % 5 or not 5 <= new.minutes <= 240:
        problems["minutes"] = N_("Choose a length of 5 to 240 minutes, in steps of five.")
    for side in ("buffer_before_minutes", "buffer_after_minutes"):
        minutes = getattr(new, side)
        if minutes % 5 or not 0 <= minutes <= LONGEST_BUFFER:
            problems[side] = N_("Choose 0 to 120 minutes, in steps of five.")
    if new.is_video and new.pool_id is not None:
        problems["pool_id"] = N_("A video visit needs no room of the clinic's.")
    if problems:
        raise Invalid(problems)
    return new.model_copy(update={"name": name})
