"""The results: who fits, soonest first, with the next free times on each card; live."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.directory import service as directory
from medibook.directory.pages.search_form import (
    address_of,
    options,
    search_form,
    when_words,
    wish_from,
)
from medibook.directory.schemas import Filters, ResultCard, SearchPage, SearchWish, When
from medibook.kernel.actor import anyone
from medibook.scheduling.pages.board import booking_href, chip, kept_chips
from medibook.ui.app_state import AppState
from medibook.ui.components import (
    Option,
    SlotChip,
    avatar,
    banner,
    disclosure,
    earlier_and_later,
    empty_state,
    link,
    skeleton,
    slot_strip,
    status_line,
    tag,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page
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
    next_label: str
    chips: list[SlotChip] = field(default_factory=list)
    more: str = ""


@dataclass(frozen=True, slots=True)
class WayOut:
    """A link: to the same search with something changed."""

    label: str
    href: str


class Find(AppState, rx.State):
    """One page of results."""

    ready: bool = False
    specialties: list[Option] = []
    cities: list[Option] = []
    languages: list[Option] = []
    wish: dict[str, str] = {}
    results: list[Result] = []
    found: str = ""
    chosen: list[WayOut] = []
    wider: list[WayOut] = []
    earlier: str = ""
    later: str = ""

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Search for what the address says."""
        self.ready = False
        _, wish = self._words(), wish_from(self._query)
        filters = await self._perform(directory.filters)
        choices = options(_, filters)
        self.specialties, self.cities = choices["specialty"], choices["city"]
        self.languages = choices["language"]
        self.wish = wish.model_dump(mode="json", exclude={"page"})
        self.chosen = _chosen(_, wish, filters)
        self._show(await self._perform(directory.search, wish=wish), wish)
        self.ready = True

    def _show(self, page_: SearchPage, wish: SearchWish) -> None:
        _ = self._words()
        self.results = [_result(_, card) for card in page_.cards]
        self.found = _found(_, page_)
        self.wider = _wider(_, wish, page_.wider)
        self.earlier = _.href(address_of(wish, page=page_.page - 1)) if page_.page > 1 else ""
        later = page_.page < page_.pages
        self.later = _.href(address_of(wish, page=page_.page + 1)) if later else ""
        self._follow(*[f"practitioner:{card.practitioner_id}" for card in page_.cards])

    @rx.event
    @allow(anyone)
    async def refresh(self) -> None:
        """Say "taken" on chips that are gone; nothing changes its place until the next search."""
        _, wish = self._words(), wish_from(self._query)
        fresh = {c.slug: c for c in (await self._perform(directory.search, wish=wish)).cards}
        self.results = [
            replace(shown, chips=kept_chips(shown.chips, _strip(_, fresh[shown.key])))
            if shown.key in fresh
            else shown
            for shown in self.results
        ]


def _result(_: Translator, card: ResultCard) -> Result:
    return Result(
        key=card.slug,
        name=card.name,
        href=_.href(f"/doctor/?id={card.slug}"),
        initials=initials(card.name),
        picture=f"/pictures/{card.picture_id}" if card.picture_id else "",
        specialties=_.listed(_(s.name) for s in card.specialties),
        place=" · ".join(f"{place.name}, {place.city}" for place in card.locations),
        languages=_.listed(_.language(code) for code in card.languages),
        fee=_.money(card.service.fee) if card.service.fee.minor else "",
        next_label=_next(_, card),
        chips=_strip(_, card),
        more=_("More times") if card.more_times else "",
    )


def _next(_: Translator, card: ResultCard) -> str:
    if not card.next_times:
        return _("No free time in the next weeks")
    first = card.next_times[0]
    return _("Next: {day}", day=_.day(first.starts_at, ZoneInfo(first.zone)))


def _strip(_: Translator, card: ResultCard) -> list[SlotChip]:
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


def _found(_: Translator, page_: SearchPage) -> str:
    if not page_.found:
        return _("No doctor matches.")
    count = _.plural("{count} doctor", "{count} doctors", page_.found)
    soonest = next((c.next_times[0] for c in page_.cards if c.next_times), None)
    if soonest is None or page_.page > 1:
        return count
    when = _.moment(soonest.starts_at, ZoneInfo(soonest.zone))
    return _("{count}, soonest {when}", count=count, when=when)


def _wider(_: Translator, wish: SearchWish, names: Sequence[str]) -> list[WayOut]:
    words = {
        "when": _("any time"),
        "city": _("anywhere"),
        "language": _("any language"),
        "text": _("without “{word}”", word=wish.text),
        "specialty": _("any specialty"),
    }
    empty = {"when": When.ANY}
    return [
        WayOut(
            _("Try {wider}", wider=words[name]),
            _.href(address_of(wish.model_copy(update={name: empty.get(name, "")}))),
        )
        for name in names
    ]


def _chosen(_: Translator, wish: SearchWish, filters: Filters) -> list[WayOut]:
    """The filters in force, each a link that takes it away."""
    names = {s.code: _(s.name) for s in filters.specialties}
    labels = {
        "text": wish.text,
        "specialty": names.get(wish.specialty, ""),
        "city": wish.city,
        "language": _.language(wish.language) if wish.language else "",
        "when": "" if wish.when is When.ANY else when_words(_)[wish.when],
    }
    return [
        WayOut(
            label,
            _.href(address_of(wish.model_copy(update={name: When.ANY if name == "when" else ""}))),
        )
        for name, label in labels.items()
        if label
    ]


@page(
    "/find",
    title=N_("Find a doctor"),
    description=N_("Doctors by specialty, place and language, soonest free first."),
    on_load=[Find.load],
)
def find(_: Translator) -> rx.Component:
    """The results page."""
    return rx.el.div(
        rx.el.header(
            rx.el.h1(_("Find a doctor")),
            status_line(Find.found),
            class_name="page-head",
        ),
        rx.cond(Find.problem, banner(_sorry(_), tone="coral", heard=True)),
        rx.cond(
            Find.ready,
            rx.fragment(_filters(_), _results(_)),
            skeleton(_, kind="cards", rows=3),
        ),
        class_name="stack",
    )


def _sorry(_: Translator) -> rx.Component:
    return rx.el.p(
        Find.problem, " ", _("You can also call us:"), " ",
        rx.el.a(Frame.phone, href=Frame.phone_href),
    )  # fmt: skip


def _filters(_: Translator) -> rx.Component:
    form = search_form(
        _,
        specialties=Find.specialties,
        cities=Find.cities,
        languages=Find.languages,
        wish=Find.wish,
    )
    return rx.el.div(
        disclosure(_("Change the search"), form),
        rx.cond(
            Find.chosen.length() > 0,
            rx.el.ul(
                rx.foreach(
                    Find.chosen,
                    lambda way: rx.el.li(
                        link(
                            way.label, rx.el.span(" ×", aria_hidden="true"), href=way.href,
                            class_name="tag teal",
                            aria_label=_("Remove the filter:") + " " + way.label,
                        )
                    ),
                ),
                class_name="tags",
                aria_label=_("Filters in force"),
            ),
        ),
        class_name="stack stack--tight",
    )  # fmt: skip


def _results(_: Translator) -> rx.Component:
    return rx.cond(
        Find.results.length() > 0,
        rx.fragment(
            rx.el.ul(
                rx.foreach(Find.results, lambda card: _card(_, card)), class_name="cards"
            ),
            earlier_and_later(
                _, earlier=Find.earlier, later=Find.later,
                earlier_label=_("Sooner"), later_label=_("Show the next 10"),
            ),
        ),
        empty_state(
            _("No doctor matches everything you asked for."),
            rx.foreach(Find.wider, lambda way: link(way.label, href=way.href, class_name="button")),
            rx.el.p(
                _("Or call us, we will help:"), " ",
                rx.el.a(Frame.phone, href=Frame.phone_href),
            ),
            icon_name="search",
        ),
    )  # fmt: skip


def _card(_: Translator, card: rx.Var[Result]) -> rx.Component:
    return rx.el.li(
        rx.el.article(
            rx.el.div(
                avatar(card.initials, card.picture),
                rx.el.div(
                    rx.el.h2(link(card.name, href=card.href, class_name="name")),
                    rx.el.p(card.specialties, class_name="meta"),
                    rx.el.p(card.place, class_name="meta"),
                    rx.el.p(
                        rx.cond(
                            card.fee,
                            tag(rx.fragment(_("Fee"), " ", card.fee), tone="amber"),
                            tag(_("No fee"), tone="leaf"),
                        ),
                        tag(card.languages, tone="slate"),
                        class_name="tags",
                    ),
                    class_name="person__text",
                ),
                class_name="person",
            ),
            slot_strip(
                _, card.chips, label=card.next_label, more=card.more, more_href=card.href
            ),
            class_name="card",
        ),
        key=card.key,
    )  # fmt: skip
