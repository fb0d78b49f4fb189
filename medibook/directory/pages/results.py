"""What a result card and the ways out of a search say, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from medibook.directory.pages.search_form import address_of, when_words
from medibook.directory.rules.meaning import without
from medibook.directory.schemas import (
    Filters,
    PartOfDay,
    ResultCard,
    SearchPage,
    SearchWish,
    Sort,
    When,
)
from medibook.people.pages.picture import picture_href
from medibook.scheduling.pages.board import booking_href, chip
from medibook.scheduling.schemas import FreeTime
from medibook.ui.components import SlotChip
from medibook.ui.i18n import Translator
from medibook.ui.words import initials


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A result card, its words made."""

    key: str
    name: str
    href: str
    initials: str
    picture: str
    specialties: str
    place: str
    languages: str
    fee: str
    distance: str
    video: bool
    full: bool
    next_label: str
    chips: list[SlotChip] = field(default_factory=list)
    more: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A link: to the same results in another order."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class WayOut:
    """A link: to the same search with something changed."""

    label: str
    href: str


def result(_: Translator, card: ResultCard) -> Result:
    return Result(
        key=card.slug,
        name=card.name,
        href=_.href(f"/doctor/?id={card.slug}"),
        initials=initials(card.name),
        picture=picture_href(card.picture_id),
        specialties=_.listed(_(s.name) for s in card.specialties),
        place=" · ".join(f"{place.name}, {place.city}" for place in card.locations),
        languages=_.listed(_.language(code) for code in card.languages),
        fee=_.money(card.service.fee) if card.service.fee.minor else "",
        distance=_("{km} km", km=_.number(round(card.kilometres, 1)))
        if card.kilometres is not None
        else "",
        video=card.has_video,
        full=not card.accepts_new,
        next_label=_next(_, card),
        chips=strip(_, card),
        more=_("More times") if card.more_times else "",
    )


def _next(_: Translator, card: ResultCard) -> str:
    if not card.next_times:
        return _("No free time in the next weeks")
    first = card.next_times[0]
    day = _("Next: {day}", day=_.day(first.starts_at, ZoneInfo(first.zone)))
    return f"{day} · {_(card.service.name)}"


def strip(_: Translator, card: ResultCard) -> list[SlotChip]:
    chips = [chip(_, free, booking_href(_, free)) for free in card.next_times]
    if not card.next_times:
        return chips
    zone = ZoneInfo(card.next_times[0].zone)
    first_day = card.next_times[0].starts_at.astimezone(zone).date()
    return [
        # A time on another day than the label's must say so.
        each
        if free.starts_at.astimezone(ZoneInfo(free.zone)).date() == first_day
        else replace(each, note=_.day(free.starts_at, ZoneInfo(free.zone)))
        for each, free in zip(chips, card.next_times, strict=True)
    ]


def found(_: Translator, page_: SearchPage) -> str:
    if not page_.cards:
        return _("No doctor matches.")
    count = _.plural("{count} doctor", "{count} doctors", page_.found)
    if not page_.is_exact:
        count = _.plural("about {count} doctor", "about {count} doctors", page_.found)
    soonest = min((c.next_times[0] for c in page_.cards if c.next_times), key=_start, default=None)
    if soonest is None or page_.page > 1:
        return count
    when = _.moment(soonest.starts_at, ZoneInfo(soonest.zone))
    return _("{count}, soonest {when}", count=count, when=when)


def _start(free: FreeTime) -> datetime:
    return free.starts_at


def instead(_: Translator, wish: SearchWish, page_: SearchPage) -> str:
    """What was looked for instead of what was typed, or could not be looked for at all."""
    said = []
    if page_.meant:
        said.append(
            _(
                "Nobody is listed as “{typed}”. Showing results for “{meant}”.",
                typed=wish.text,
                meant=_(page_.meant),
            )
        )
    if page_.place_unknown:
        said.append(
            _("We do not know where “{place}” is. Distances are left out.", place=wish.near)
        )
    return " ".join(said)


def wider(_: Translator, wish: SearchWish, names: Sequence[str]) -> list[WayOut]:
    """The filters without which somebody would be found."""
    words = {
        "when": _("any time"),
        "parts": _("any time of day"),
        "near": _("any distance"),
        "city": _("anywhere"),
        "fee": _("any fee"),
        "language": _("any language"),
        "video": _("also without video"),
        "accepts_new": _("also who takes no new patients"),
        "rating": _("any rating"),
        "text": _("without “{word}”", word=wish.text),
        "specialty": _("any specialty"),
    }
    ways = without(wish)
    return [
        WayOut(_("Try {wider}", wider=words[name]), _.href(address_of(ways[name])))
        for name in names
    ]


def chosen(_: Translator, wish: SearchWish, filters: Filters) -> list[WayOut]:
    """The filters in force, each a link that takes it away."""
    names = {s.code: _(s.name) for s in filters.specialties}
    labels = {
        "text": wish.text,
        "specialty": names.get(wish.specialty, wish.specialty),
        "city": wish.city,
        "near": _place(_, wish),
        "when": _days(_, wish),
        "parts": _.listed(parts_words(_)[part] for part in wish.parts),
        "language": _.language(wish.language) if wish.language else "",
        "fee": fee_words(_, wish.fee) if wish.fee is not None else "",
        "video": _("Video"),
        "accepts_new": _("Takes new patients"),
        "rating": "",
    }
    ways = without(wish)
    return [
        WayOut(labels[name], _.href(address_of(way))) for name, way in ways.items() if labels[name]
    ]


def orders(_: Translator, wish: SearchWish) -> list[Order]:
    """The ways to sort, each a link; by distance once there is a place to reckon from."""
    words = {Sort.SOONEST: _("Soonest"), Sort.NEAREST: _("Nearest"), Sort.FEE: _("Lowest fee")}
    anew = wish.model_copy(update={"after": "", "page": 1})
    return [
        Order(
            words[sort],
            _.href(address_of(anew.model_copy(update={"sort": sort}))),
            current=sort is wish.sort,
        )
        for sort in words
        if sort is not Sort.NEAREST or wish.near
    ]


def fee_words(_: Translator, fee: int) -> str:
    return _("up to {fee}", fee=_.number(fee)) if fee else _("No fee")


def parts_words(_: Translator) -> dict[PartOfDay, str]:
    """What each part of the day is called."""
    return {
        PartOfDay.MORNING: _("Morning"),
        PartOfDay.AFTERNOON: _("Afternoon"),
        PartOfDay.EVENING: _("Evening"),
    }


def _place(_: Translator, wish: SearchWish) -> str:
    if not wish.within:
        return _("near {place}", place=wish.near)
    return _("within {km} km of {place}", km=wish.within, place=wish.near)


def _days(_: Translator, wish: SearchWish) -> str:
    if wish.when is not When.DAYS:
        return when_words(_)[wish.when]
    first, last = wish.from_day, wish.to_day or wish.from_day
    if first is None:
        return _("until {day}", day=_.day(last)) if last else ""
    if last == first:
        return _.day(first)
    return f"{_.day(first)} – {_.day(last)}" if last else _.day(first)
