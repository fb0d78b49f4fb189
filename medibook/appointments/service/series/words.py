"""A rule in the reader's language: "Every second Tuesday at 10:30, 12 times"."""

from datetime import date, time

from medibook.appointments.rules.series import which_of_month
from medibook.appointments.schemas.series import Rhythm, SeriesRule
from medibook.kernel.words import N_
from medibook.ui.i18n import Translator

_EVERY_MONTH = {
    1: N_("On the first {weekday} of every month at {time}"),
    2: N_("On the second {weekday} of every month at {time}"),
    3: N_("On the third {weekday} of every month at {time}"),
    4: N_("On the fourth {weekday} of every month at {time}"),
    -1: N_("On the last {weekday} of every month at {time}"),
}
_EVERY_SO_MANY_MONTHS = {
    1: N_("Every {count} months on the first {weekday} at {time}"),
    2: N_("Every {count} months on the second {weekday} at {time}"),
    3: N_("Every {count} months on the third {weekday} at {time}"),
    4: N_("Every {count} months on the fourth {weekday} at {time}"),
    -1: N_("Every {count} months on the last {weekday} at {time}"),
}


def rhythm_words(_: Translator, rule: SeriesRule, day: date, reading: time) -> str:
    """How often, and when: "Every Tuesday at 10:30"; ``day`` is one of its dates."""
    said = {"weekday": _.weekday(day), "time": _.time(reading), "count": _.number(rule.interval)}
    if rule.rhythm is Rhythm.WEEKLY:
        match rule.interval:
            case 1:
                return _("Every {weekday} at {time}", **said)
            case 2:
                return _("Every second {weekday} at {time}", **said)
            case _:
                return _("Every {count} weeks on {weekday} at {time}", **said)
    which = -1 if rule.rhythm is Rhythm.MONTHLY_LAST else which_of_month(day)
    sentences = _EVERY_MONTH if rule.interval == 1 else _EVERY_SO_MANY_MONTHS
    return _(sentences[which], **said)


def rule_words(_: Translator, rule: SeriesRule, day: date, reading: time) -> str:
    """The whole rule: "Every Tuesday at 10:30, 12 times"."""
    rhythm = rhythm_words(_, rule, day, reading)
    if rule.until is not None:
        return _("{rhythm}, until {date}", rhythm=rhythm, date=_.date(rule.until))
    return _.plural("{rhythm}, once", "{rhythm}, {count} times", rule.count or 1, rhythm=rhythm)
