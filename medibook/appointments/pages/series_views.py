"""The dates of a series in the reader's words, before and after they are booked."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.appointments.pages.visit_words import cancel_rule
from medibook.appointments.rules.series import which_of_month
from medibook.appointments.schemas.series import (
    OtherTime,
    Rhythm,
    SeriesDate,
    SeriesPlace,
    SeriesPreview,
)
from medibook.appointments.service.series.words import rhythm_words, rule_words
from medibook.appointments.service.where import where
from medibook.kernel.actor import Role
from medibook.scheduling.schemas import Obstacle, SlotWish
from medibook.ui.components import Option, banner, disclosure, link, link_button
from medibook.ui.i18n import N_, Translator

LEAVE_OUT = "out"
_ON_THE = {
    1: N_("months, on the first {weekday}"),
    2: N_("months, on the second {weekday}"),
    3: N_("months, on the third {weekday}"),
    4: N_("months, on the fourth {weekday}"),
    -1: N_("months, on the last {weekday}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """One date of the preview; ``name`` is that of the radios of a date that cannot be had."""

    key: str = ""
    number: str = ""
    when: str = ""
    place: str = ""
    ok: bool = True
    why_not: str = ""
    name: str = ""
    legend: str = ""
    others: list[Option] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the series is, beside its dates."""

    who: str = ""
    practitioner: str = ""
    service: str = ""
    place: str = ""
    address: str = ""
    zone: str = ""
    fee: str = ""
    cancel: str = ""
    rule: str = ""
    counted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """Where a visit stands in its series; empty when it repeats nothing."""

    line: str = ""
    href: str = ""
    alone: str = ""
    cancel_href: str = ""
    change_href: str = ""


def series_view(_: Translator, place: SeriesPlace | None, visit_id: str) -> SeriesView:
    """Make the words of a visit's place in its series: "Visit 3 of 12. Every Tuesday at 10:30"."""
    if place is None:
        return SeriesView()
    rhythm = rhythm_words(_, place.rule, place.day, place.wall_time)
    number, total = _.number(place.number), _.number(place.total)
    change = _.href(f"/series/change/?id={visit_id}") if place.to_come > 1 else ""
    return SeriesView(
        line=_("Visit {number} of {total}. {rhythm}", number=number, total=total, rhythm=rhythm),
        href=_.href(f"/series/?id={place.series_id}"),
        alone=_("It has a time of its own, and keeps it when the others move.")
        if place.moved_alone
        else "",
        cancel_href=f"{change}&do=cancel&scope=following" if change else "",
        change_href=change,
    )


def series_line(_: Translator, view: SeriesView | Any) -> rx.Component:
    """The series on the page of one of its visits, and the way to all of them."""
    return rx.cond(
        view.href,
        banner(
            rx.el.p(view.line, " ", link(_("See the whole series"), href=view.href)),
            rx.cond(view.alone, rx.el.p(view.alone, class_name="small")),
            tone="sky", icon_name="calendar-days",
        ),
    )  # fmt: skip


def summary_of(_: Translator, shown: SeriesPreview, now: datetime, *, for_clinic: bool) -> Summary:
    """Make the words of a preview."""
    zone, first = ZoneInfo(shown.zone), shown.dates[0]
    had = sum(one.obstacle is None for one in shown.dates)
    starts_at, at = first.starts_at or now, where(_, shown, for_clinic=for_clinic)
    return Summary(
        who=shown.patient_name,
        practitioner=shown.practitioner_name,
        service=_("{service}, {length}", service=_(shown.service_name),
                  length=_.duration(shown.length)),
        place=at.name,
        address=at.more,
        zone=_("{city} time", city=_.zone_city(zone)),
        fee=_("{fee} for each visit", fee=_.money(shown.fee)) if shown.fee.minor else _("No fee"),
        cancel=_cancel(_, shown, now),
        rule=rule_words(_, shown.rule, first.day, starts_at.astimezone(zone).time()),
        counted=_.plural("{had} of {count} date can be had.", "{had} of {count} dates can be had.",
                         len(shown.dates), had=_.number(had)),
    )  # fmt: skip


def date_rows(_: Translator, shown: SeriesPreview, *, in_full: bool) -> list[DateRow]:
    """Every date of a preview, line by line."""
    usual = shown.location_name
    return [_row(_, shown, one, usual, in_full=in_full) for one in shown.dates]


def obstacle_words(_: Translator, obstacle: Obstacle, *, in_full: bool) -> str:
    """What stands against a date: in full for the clinic, for a patient nothing of others."""
    zone = ZoneInfo(obstacle.zone)
    facts = {
        key: _.moment(value, zone) if isinstance(value, datetime) else value
        for key, value in obstacle.facts.items()
    }
    sentence = obstacle.for_staff if in_full and obstacle.for_staff else obstacle.for_patient
    return _(sentence, **facts)


def rhythm_options(_: Translator, day: date) -> list[Option]:
    """The ways to repeat a visit of that day: by weeks, or by its weekday in the month."""
    weekday, which = _.weekday(day), which_of_month(day)
    options = [Option(value=Rhythm.WEEKLY, label=_("weeks, on {weekday}", weekday=weekday))]
    if which > 0:
        label = _(_ON_THE[which], weekday=weekday)
        options.append(Option(value=Rhythm.MONTHLY, label=label))
    if day.month != date.fromordinal(day.toordinal() + 7).month:
        label = _(_ON_THE[-1], weekday=weekday)
        options.append(Option(value=Rhythm.MONTHLY_LAST, label=label))
    return options


def sees_all(role: Role | None) -> bool:
    """Whether this reader is told in the clinic's own words."""
    return role in (Role.STAFF, Role.PRACTITIONER)


def repeat_this(_: Translator, href: rx.Var[str]) -> rx.Component:
    """The way from one visit to a series of them."""
    return rx.cond(
        href,
        disclosure(
            _("Do you need this visit more than once?"),
            rx.el.div(
                rx.el.p(_("See every date of a series before anything is booked.")),
                link_button(_("Repeat this visit"), href=href, icon_name="calendar-days"),
                class_name="stack stack--tight",
            ),
        ),
    )


def _row(
    _: Translator, shown: SeriesPreview, one: SeriesDate, usual: str, *, in_full: bool
) -> DateRow:
    zone = ZoneInfo(shown.zone)
    when = _.moment(one.starts_at, zone) if one.starts_at else _.day(one.day)
    why = obstacle_words(_, one.obstacle, in_full=in_full) if one.obstacle else ""
    return DateRow(
        key=str(one.place),
        number=_.number(one.place),
        when=when,
        place="" if shown.is_video or one.location_name == usual else one.location_name,
        ok=one.obstacle is None,
        why_not=why,
        name=f"date-{one.place}",
        legend=_("Instead of {when}", when=when),
        others=[
            *(_option(_, other) for other in one.others),
            Option(value=LEAVE_OUT, label=_("Leave this date out")),
        ],
    )


def _option(_: Translator, other: OtherTime) -> Option:
    time = other.time
    wish = SlotWish(
        practitioner_id=time.practitioner_id, service_id=time.service_id, starts_at=time.starts_at
    )
    hint = ""
    if not other.same_practitioner:
        fee = _.money(other.fee) if other.fee.minor else _("No fee")
        hint = _("with {name}, {fee}", name=other.practitioner_name, fee=fee)
    return Option(
        value=wish.address, label=_.moment(time.starts_at, ZoneInfo(time.zone)), hint=hint
    )


def _cancel(_: Translator, shown: SeriesPreview, now: datetime) -> str:
    if shown.late_cancel_allowed:
        return cancel_rule(_, now, ZoneInfo(shown.zone), now, late_allowed=True)
    return _.plural(
        "Each visit can be moved or cancelled online until {count} hour before it begins.",
        "Each visit can be moved or cancelled online until {count} hours before it begins.",
        round(shown.cancel_cutoff.total_seconds() / 3600),
    )
