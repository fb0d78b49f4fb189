"""The results: who fits, soonest first, with the next free times on each card; live."""

from dataclasses import replace

import reflex as rx

from medibook.directory import service as directory
from medibook.directory.pages import results
from medibook.directory.pages.results import Result, WayOut
from medibook.directory.pages.search_form import address_of, options, search_form, wish_from
from medibook.directory.schemas import SearchPage, SearchWish
from medibook.kernel.actor import anyone
from medibook.scheduling.pages.board import kept_chips
from medibook.ui.app_state import AppState
from medibook.ui.components import (
    Option,
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
        self.chosen = results.chosen(_, wish, filters)
        self._show(await self._perform(directory.search, wish=wish), wish)
        self.ready = True

    def _show(self, page_: SearchPage, wish: SearchWish) -> None:
        _ = self._words()
        self.results = [results.result(_, card) for card in page_.cards]
        self.found = results.found(_, page_)
        self.wider = results.wider(_, wish, page_.wider)
        self.earlier = _.href(address_of(wish)) if wish.after else ""
        self.later = _.href(address_of(wish, after=page_.next)) if page_.next else ""
        self._follow(*[f"practitioner:{card.practitioner_id}" for card in page_.cards])

    @rx.event
    @allow(anyone)
    async def refresh(self) -> None:
        """Say "taken" on chips that are gone; nothing changes its place until the next search."""
        _, wish = self._words(), wish_from(self._query)
        fresh = {c.slug: c for c in (await self._perform(directory.search, wish=wish)).cards}
        self.results = [
            replace(shown, chips=kept_chips(shown.chips, results.strip(_, fresh[shown.key])))
            if shown.key in fresh
            else shown
            for shown in self.results
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
