"""What stands on a page behind a link, its words made; the template only lays it out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from medibook.absences.rules import PractitionerAway
from medibook.answers.api.titles import DONE, TITLES
from medibook.answers.schemas import Answer, DayToMoveTo, Stand, TimesToMoveTo, TimeToMoveTo
from medibook.kernel.words import N_
from medibook.notifications.schemas.links import Action
from medibook.ui.i18n import LANGUAGE_NAMES, LOCALES, Translator

_PLAIN, _PRIMARY, _DANGER = "", " button--primary", " button--danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A link: it only shows something."""

    href: str
    label: str
    kind: str = _PLAIN
    locale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A form: sending it acts. ``aloud`` is added for those who hear the page."""

    action: str
    label: str
    kind: str = _PLAIN
    aloud: str = ""
    note: str = ""
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfTimes:
    """A day and the times that can be chosen."""

    label: str
    nothing: str
    forms: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page behind a link."""

    locale: str
    title: str
    call: str
    who: str = ""
    moment: str = ""
    zone: str = ""
    problem: str = ""
    done: str = ""
    lines: tuple[str, ...] = ()
    days: tuple[DayOfTimes, ...] = ()
    forms: tuple[Asked, ...] = ()
    ways: tuple[Way, ...] = ()
    languages: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is drawn: a page, or the same one in several languages, under the clinic's name."""

    pages: tuple[Page, ...]
    clinic: str
    phone: str

    @property
    def locale(self) -> str:
        """The language of the document."""
        return self.pages[0].locale

    @property
    def phone_href(self) -> str:
        """The clinic's number as a telephone dials it."""
        return "tel:" + "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


def page_of(_: Translator, here: str, answer: Answer, *, done: str = "", problem: str = "") -> Page:
    """The first page behind a link; ``here`` is its address, ``done`` what was done a moment ago."""
    asks = Action.CONFIRM in answer.actions
    title = _("Will you come?") if asks else _(TITLES[answer.stand])
    page = _blank(_, here, answer, title)
    said = next((text for (did, at), text in DONE.items() if (did, at) == (done, answer.stand)), "")
    return replace(
        page,
        done=_(said),
        problem=problem,
        lines=_lines(_, answer),
        forms=tuple(_forms(_, here, answer)),
        ways=tuple(_ways(_, here, answer)),
    )


def page_that_asks(_: Translator, here: str, answer: Answer) -> Page:
    """Whether the visit is really to be cancelled."""
    yes = Asked(
        action=f"{here}/{Action.CANCEL}",
        label=_("Yes, cancel it"),
        kind=_DANGER,
        hidden=_seen(_, answer),
    )
    keep = Way(href=_in(_, here), label=_("No, keep it"))
    page = _blank(_, here, answer, _("Cancel this visit?"), at=f"/{Action.CANCEL}")
    line = _("The time will be offered to somebody else.")
    return replace(page, lines=(line,), forms=(yes,), ways=(keep,))


def page_of_times(
    _: Translator, here: str, answer: Answer, board: TimesToMoveTo, *, problem: str = ""
) -> Page:
    """The free times of some days, each a form of its own."""
    page = _blank(_, here, answer, _("Choose a new time"), at=f"/{Action.MOVE}")
    kept = _("This time is kept until the new one is sure.")
    return replace(
        page,
        problem=problem,
        lines=(kept,),
        days=tuple(_day(_, here, answer, row) for row in board.days),
        ways=tuple(_other_days(_, here, board)),
    )


def page_of_nothing(_: Translator) -> Page:
    """What every link shows that opens nothing: which of the reasons it is, it does not say."""
    return Page(
        locale=_.locale,
        title=_("This link does not work any more"),
        lines=(_("It may be too old, or not complete."),),
        call=_("Please call us:"),
    )


def page_of_too_many(_: Translator) -> Page:
    """What somebody reads from whose address too many links were tried."""
    return Page(
        locale=_.locale,
        title=_("Please wait a little"),
        lines=(_("Too many links were tried from where you are. Please try again later."),),
        call=_("Please call us:"),
    )


def _blank(_: Translator, here: str, answer: Answer, title: str, *, at: str = "") -> Page:
    zone, is_open = ZoneInfo(answer.zone), answer.stand is Stand.OFFERED
    return Page(
        locale=_.locale,
        title=title,
        who=answer.first_name,
        # Of a visit for which times are offered, none is its time yet.
        moment="" if is_open else _.long_moment(answer.starts_at, zone),
        zone=_("({city} time)", city=_.zone_city(zone)),
        call=_("Questions? Call us:"),
        languages=tuple(
            Way(href=f"{here}{at}?lang={other}", label=LANGUAGE_NAMES[other], locale=other)
            for other in LOCALES
            if other != _.locale
        ),
    )


_ABOUT: Final = {
    Stand.REQUESTED: N_("The clinic has not answered yet."),
    Stand.TO_BE_CALLED: N_("No other time is kept for you yet."),
    Stand.TAKEN: N_("This time was offered to several people at once, and is taken by now."),
}


def _lines(_: Translator, answer: Answer) -> tuple[str, ...]:
    lines = [_(PractitionerAway.sentence)] if answer.is_away else []
    if answer.stand in _ABOUT:
        lines.append(_(_ABOUT[answer.stand]))
    if answer.is_shared:
        lines.append(_("It is offered to several people at once: whoever takes it first has it."))
    if answer.is_late:
        lines.append(_("It is too late to move or cancel it online. Please call us."))
    if answer.stand in (Stand.DECLINED, Stand.GONE, Stand.TAKEN):
        lines.append(_("You keep your place on the waiting list."))
    if answer.answer_until is not None:
        when = _.long_moment(answer.answer_until, ZoneInfo(answer.zone))
        lines.append(_("Please answer by {when}.", when=when))
    return tuple(lines)


def _forms(_: Translator, here: str, answer: Answer) -> list[Asked]:
    seen = _seen(_, answer)
    forms = []
    if Action.CONFIRM in answer.actions:
        label = _("Yes, I will come")
        forms.append(
            Asked(action=f"{here}/{Action.CONFIRM}", label=label, kind=_PRIMARY, hidden=seen)
        )
    for time in answer.times:
        chosen = (*seen, ("offer", str(time.offer_id)))
        label = _.long_moment(time.starts_at, ZoneInfo(time.zone))
        note = _(time.note) if time.note else ""
        take = f"{here}/{Action.TAKE}"
        forms.append(Asked(action=take, label=label, kind=_PRIMARY, note=note, hidden=chosen))
    if answer.stand is Stand.WAITLIST_OFFERED and Action.TAKE in answer.actions:
        label = _("Yes, I take it")
        forms.append(Asked(action=f"{here}/{Action.TAKE}", label=label, kind=_PRIMARY, hidden=seen))
    if Action.DECLINE in answer.actions:
        label = _("None of these times") if answer.times else _("No, not this time")
        forms.append(Asked(action=f"{here}/{Action.DECLINE}", label=label, hidden=seen))
    if Action.LEAVE in answer.actions:
        label = _("Leave the waiting list")
        forms.append(Asked(action=f"{here}/{Action.LEAVE}", label=label, kind=_DANGER, hidden=seen))
    return forms


def _ways(_: Translator, here: str, answer: Answer) -> list[Way]:
    ways = []
    if Action.MOVE in answer.actions:
        ways.append(Way(href=_in(_, f"{here}/{Action.MOVE}"), label=_("Choose another time")))
    if Action.CANCEL in answer.actions:
        label = _("Cancel the visit…")
        ways.append(Way(href=_in(_, f"{here}/{Action.CANCEL}"), label=label, kind=_DANGER))
    return ways


def _day(_: Translator, here: str, answer: Answer, row: DayToMoveTo) -> DayOfTimes:
    return DayOfTimes(
        label=_.long_day(row.day),
        nothing=_("No free times"),
        forms=tuple(_time(_, here, answer, time) for time in row.times),
    )


def _time(_: Translator, here: str, answer: Answer, time: TimeToMoveTo) -> Asked:
    zone = ZoneInfo(time.zone)
    notes = [time.place] if time.place else []
    if time.comes_twice:
        fold = time.starts_at.astimezone(zone).fold
        notes.append(_("after the clocks change") if fold else _("before the clocks change"))
    return Asked(
        action=f"{here}/{Action.MOVE}",
        label=_.time(time.starts_at, zone),
        aloud=f", {_.long_day(time.starts_at, zone)}",
        note=", ".join(notes),
        hidden=(*_seen(_, answer), ("to", _stamp(time.starts_at))),
    )


def _other_days(_: Translator, here: str, board: TimesToMoveTo) -> list[Way]:
    first, last = board.days[0].day, board.days[-1].day
    ways = []
    if first > board.first_day:
        earlier = max(first - len(board.days) * timedelta(days=1), board.first_day)
        ways.append(Way(href=_in(_, f"{here}/move", on=earlier.isoformat()), label=_("Earlier")))
    if last < board.last_day:
        after = last + timedelta(days=1)
        is_empty = not any(row.times for row in board.days)
        later = board.next_free if is_empty and board.next_free else after
        ways.append(Way(href=_in(_, f"{here}/move", on=later.isoformat()), label=_("Later")))
    return [*ways, Way(href=_in(_, here), label=_("Back"))]


def _in(_: Translator, path: str, **asked: str) -> str:
    """An address behind this link, in the language that is read."""
    query = "&".join(f"{name}={value}" for name, value in {"lang": _.locale, **asked}.items())
    return f"{path}?{query}"


def _seen(_: Translator, answer: Answer) -> tuple[tuple[str, str], ...]:
    """What a form says of what its reader has seen: the time, and the language."""
    return (("seen", _stamp(answer.starts_at)), ("lang", _.locale))


def _stamp(moment: datetime) -> str:
    return str(int(moment.timestamp()))
