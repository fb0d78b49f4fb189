"""What each of the clinic's rules does, by an example of today."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from medibook.clinic.rules.booking import hours_of_reminders
from medibook.clinic.schemas import BookingRules, LateCancel
from medibook.ui.i18n import Translator

_UTC: Final = ZoneInfo("UTC")


def effects(_: Translator, rules: BookingRules, now: datetime) -> dict[str, str]:
    """What each of the clinic's rules does, by an example of today."""
    # An example on no wall in particular: nine o'clock is nine o'clock.
    nine = datetime.combine(now.date(), time(9), tzinfo=UTC)

    def after(**span: int) -> str:
        return _.moment(nine + timedelta(**span), _UTC)

    return {
        "minimum_notice_minutes": _(
            "Who looks today at {time} can book from {moment} on.",
            time=_.time(time(9)),
            moment=after(minutes=rules.minimum_notice_minutes or 0),
        ),
        "horizon_days": _(
            "Today, the last day that can be booked is {day}.",
            day=_.day((nine + timedelta(days=rules.horizon_days or 0)).date()),
        ),
        **_changing(_, rules, nine + timedelta(days=7)),
        "request_lapses_hours": _(
            "A request of today {time} runs out on {moment}.",
            time=_.time(time(9)),
            moment=after(hours=rules.request_lapses_hours or 0),
        ),
        "hold_minutes": _(
            "Who chooses a time at {time} has until {until} to book it.",
            time=_.time(time(9)),
            until=_.time((nine + timedelta(minutes=rules.hold_minutes or 0)).time()),
        ),
        "grid_minutes": _(
            "From {time} on: {times}.",
            time=_.time(time(9)),
            times=_grid(_, rules.grid_minutes or 60),
        ),
        **_limits(_, rules),
        **_messages(_, rules, nine + timedelta(days=7)),
    }


def _messages(_: Translator, rules: BookingRules, visit: datetime) -> dict[str, str]:
    """When patients are told, by the example of a visit."""
    before = hours_of_reminders(rules.reminder_hours or "")
    times = _.listed(_.moment(visit - timedelta(hours=each), _UTC) for each in before or ())
    told = visit + timedelta(minutes=rules.change_grace_minutes or 0)
    return {
        "reminder_hours": _(
            "Of a visit of {visit}, its patient is reminded: {times}.",
            visit=_.moment(visit, _UTC),
            times=times,
        )
        if before
        else _("Nobody is reminded."),
        "waitlist_batch": _(
            "A freed time is offered to the first {count} in line at once. The others are told when "
            "it is taken.",
            count=_.number(rules.waitlist_batch or 1),
        )
        if (rules.waitlist_batch or 1) > 1
        else _("A freed time is offered to one person after the other."),
        "change_grace_minutes": _(
            "What the clinic moves or cancels at {time} leaves at {told}.",
            time=_.time(visit, _UTC),
            told=_.time(told, _UTC),
        ),
    }


def _changing(_: Translator, rules: BookingRules, visit: datetime) -> dict[str, str]:
    """Until when a visit can be changed, and what happens afterwards."""
    cut = visit - timedelta(hours=rules.cancel_cutoff_hours or 0)
    return {
        "cancel_cutoff_hours": _(
            "A visit of {visit} can be changed online until {moment}.",
            visit=_.moment(visit, _UTC),
            moment=_.moment(cut, _UTC),
        ),
        "late_cancel": _("Then the page says how to reach the clinic.")
        if rules.late_cancel is LateCancel.ASK_CLINIC
        else _("Then they can cancel online until the visit begins."),
    }


def _grid(_: Translator, minutes: int) -> str:
    nine = datetime(2000, 1, 1, 9, tzinfo=UTC)
    return ", ".join(_.time((nine + n * timedelta(minutes=minutes)).time()) for n in range(4))


def _limits(_: Translator, rules: BookingRules) -> dict[str, str]:
    return {
        "open_per_patient": _.plural(
            "With {count} visit to come, one can only book again when it is over.",
            "With {count} visits to come, one can only book again when one of them is over.",
            rules.open_per_patient or 0,
        ),
        "patient_daily_limit": _.plural(
            "Who has {count} visit on a day is offered no more times on it.",
            "Who has {count} visits on a day is offered no more times on it.",
            rules.patient_daily_limit,
        )
        if rules.patient_daily_limit
        else _("Patients may come as often as they like on one day."),
        "daily_limit": _.plural(
            "A doctor with {count} visit on a day takes no more.",
            "A doctor with {count} visits on a day takes no more.",
            rules.daily_limit,
        )
        if rules.daily_limit
        else _("A day is full when its opening hours are."),
    }
