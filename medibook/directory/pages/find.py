"""The results: who fits, soonest first, with the next free times on each card; live."""

from dataclasses import replace
from urllib.parse import urlencode

import reflex as rx

from medibook.directory import service as directory
from medibook.directory.pages import results
from medibook.directory.pages.filters import (
    Choices,
    choices,
    counted,
    filter_form,
    no_choices,
)
from medibook.directory.pages.results import Order, Result, WayOut
from medibook.directory.pages.search_form import address_of, wish_from
from medibook.directory.schemas import Facets, Filters, SearchPage, SearchWish
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
    """One page of results, and the filters that it stands under."""

    ready: bool = False
    choices: Choices = Choices()
    options: dict[str, list[Option]] = no_choices()
    results: list[Result] = []
    found: str = ""
    instead: str = ""
    chosen: list[WayOut] = []
    chosen_count: str = ""
    orders: list[Order] = []
    wider: list[WayOut] = []
    earlier: str = ""
    later: str = ""
    join_href: str = ""

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Search for what the address says."""
        self.ready = False
        wish = wish_from(self._query)
        filters = await self._perform(directory.filters)
        found = await self._perform(directory.search, wish=wish)
        facets = await self._perform(directory.facets, wish=wish)
        self._show_filters(wish, filters, facets)
        self._show(found, wish)
        self.ready = True

    def _show_filters(self, wish: SearchWish, filters: Filters, facets: Facets) -> None:
        _ = self._words()
        self.choices = choices(_, wish)
        self.options = counted(_, filters, facets)
        self.chosen = results.chosen(_, wish, filters)
        self.chosen_count = f"({len(self.chosen)})" if self.chosen else ""
        self.orders = results.orders(_, wish)

    def _show(self, page_: SearchPage, wish: SearchWish) -> None:
        _ = self._words()
        self.results = [results.result(_, card) for card in page_.cards]
        self.found = results.found(_, page_)
        self.instead = results.instead(_, wish, page_)
        self.wider = results.wider(_, wish, page_.wider)
        first = wish.model_copy(update={"after": "", "page": 1})
        self.earlier = _.href(address_of(first)) if wish.after else ""
        self.later = _.href(address_of(wish, after=page_.next)) if page_.next else ""
        asked = urlencode({"specialty": wish.specialty, "city": wish.city})
        self.join_href = _.href(f"/waitlist/join/?{asked}") if wish.specialty else ""
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
    """The results page: filters beside them, above them on a phone."""
    return rx.el.div(
        rx.el.header(
            rx.el.h1(_("Find a doctor")),
            status_line(Find.found),
            class_name="page-head",
        ),
        rx.cond(Find.problem, banner(_sorry(_), tone="coral", heard=True)),
        rx.cond(
            Find.ready,
            rx.el.div(_filters(_), _results(_), class_name="find"),
            rx.el.div(
                rx.el.div(skeleton(_, kind="lines", rows=8), class_name="find__bones"),
                skeleton(_, kind="cards", rows=3),
                class_name="find",
            ),
        ),
        class_name="stack",
    )


def _sorry(_: Translator) -> rx.Component:
    return rx.el.p(
        Find.problem, " ", _("You can also call us:"), " ",
        rx.el.a(Frame.phone, href=Frame.phone_href),
    )  # fmt: skip


def _filters(_: Translator) -> rx.Component:
    return rx.el.div(
        disclosure(
            rx.fragment(_("Filters"), " ", Find.chosen_count),
            filter_form(_, Find.choices, Find.options),
            class_name="disclosure--filters",
        ),
        class_name="find__filters",
    )


def _chosen(_: Translator) -> rx.Component:
    """The filters in force, each a link that takes it away."""
    return rx.cond(
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
    )  # fmt: skip


def _orders(_: Translator) -> rx.Component:
    return rx.el.nav(
        rx.el.span(_("Sort by"), class_name="meta"),
        rx.el.ul(
            rx.foreach(
                Find.orders,
                lambda order: rx.el.li(
                    link(
                        order.label, href=order.href, class_name="order",
                        aria_current=rx.cond(order.current, "true", "false"),
                    )
                ),
            ),
        ),
        class_name="orders",
        aria_label=_("Order of the results"),
    )  # fmt: skip


def _results(_: Translator) -> rx.Component:
    return rx.el.div(
        _chosen(_),
        rx.cond(Find.instead, banner(rx.el.p(Find.instead), tone="sky")),
        rx.cond(
            Find.results.length() > 0,
            rx.fragment(
                _orders(_),
                rx.el.ul(
                    rx.foreach(Find.results, lambda card: _card(_, card)), class_name="cards"
                ),
                earlier_and_later(
                    _, earlier=Find.earlier, later=Find.later,
                    earlier_label=_("Back to the first"), later_label=_("Show the next 10"),
                ),
            ),
            _nobody(_),
        ),
        class_name="find__results stack",
    )  # fmt: skip


def _nobody(_: Translator) -> rx.Component:
    return empty_state(
        _("No doctor matches everything you asked for."),
        rx.foreach(Find.wider, lambda way: link(way.label, href=way.href, class_name="button")),
        rx.cond(
            Find.join_href,
            link(_("Join the waiting list"), href=Find.join_href, class_name="button"),
        ),
        rx.el.p(
            _("Or call us, we will help:"), " ",
            rx.el.a(Frame.phone, href=Frame.phone_href),
        ),
        icon_name="search",
    )  # fmt: skip


def _card(_: Translator, card: rx.Var[Result]) -> rx.Component:
    return rx.el.li(
        rx.el.article(
            rx.el.div(
                avatar(card.initials, card.picture),
                rx.el.div(
                    rx.el.h2(link(card.name, href=card.href, class_name="name")),
                    rx.el.p(card.specialties, class_name="meta"),
                    rx.el.p(
                        card.place,
                        rx.cond(card.distance, rx.fragment(" · ", card.distance)),
                        class_name="meta",
                    ),
                    rx.el.p(
                        rx.cond(
                            card.fee,
                            tag(rx.fragment(_("Fee"), " ", card.fee), tone="amber"),
                            tag(_("No fee"), tone="leaf"),
                        ),
                        tag(card.languages, tone="slate"),
                        rx.cond(card.video, tag(_("Video"), tone="sky")),
                        rx.cond(card.full, tag(_("Takes no new patients"), tone="slate")),
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
