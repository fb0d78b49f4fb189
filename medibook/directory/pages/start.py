"""The start page: one sentence, one form, and the specialties as tiles."""

from dataclasses import dataclass

import reflex as rx

from medibook.directory import service as directory
from medibook.directory.pages.search_form import address_of, options, search_form
from medibook.directory.schemas import SearchWish
from medibook.kernel.actor import anyone
from medibook.ui.app_state import AppState
from medibook.ui.components import Option, care_card, link, skeleton
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


@dataclass(frozen=True, slots=True)
class Tile:
    """A specialty to start from."""

    name: str
    href: str
    words: str


class Start(AppState, rx.State):
    """What can be looked for."""

    ready: bool = False
    specialties: list[Option] = []
    cities: list[Option] = []
    languages: list[Option] = []
    tiles: list[Tile] = []
    wish: dict[str, str] = {"text": "", "specialty": "", "city": "", "when": "any", "language": ""}

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Bring what can be chosen from, in the reader's language."""
        _ = self._words()
        found = await self._perform(directory.filters)
        choices = options(_, found)
        self.specialties, self.cities = choices["specialty"], choices["city"]
        self.languages = choices["language"]
        self.tiles = [
            Tile(
                name=_(s.name),
                href=_.href(address_of(SearchWish(specialty=s.code))),
                words=", ".join(_(word) for word in s.synonyms[:3]),
            )
            for s in sorted(found.specialties, key=lambda s: _(s.name))
        ]
        self.ready = True


@page(
    "/",
    title=N_("Book a doctor"),
    description=N_("Find a doctor, see real free times, book in three clicks."),
    on_load=[Start.load],
)
def start(_: Translator) -> rx.Component:
    """Where everybody arrives."""
    return rx.el.div(
        rx.el.header(
            rx.el.h1(_("See a doctor when it suits you")),
            rx.el.p(
                _("Real free times. Booked in three clicks. Move or cancel it yourself."),
                class_name="lead",
            ),
            class_name="page-head",
        ),
        rx.cond(
            Start.ready,
            search_form(
                _, specialties=Start.specialties, cities=Start.cities,
                languages=Start.languages, wish=Start.wish,
            ),
            rx.el.div(skeleton(_, kind="lines", rows=4), class_name="search search--soon"),
        ),
        rx.el.section(
            rx.el.h2(_("What is it about?")),
            rx.cond(Start.ready, _tiles(), skeleton(_, kind="rows", rows=4)),
            class_name="stack",
        ),
        care_card(
            _("Is it an emergency?"),
            rx.el.p(
                _("Do not book here. Call the emergency number, or the clinic: "),
                rx.el.a(Frame.phone, href=Frame.phone_href),
            ),
        ),
        class_name="stack stack--loose",
    )  # fmt: skip


def _tiles() -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            Start.tiles,
            lambda tile: rx.el.li(
                link(
                    rx.el.strong(tile.name),
                    rx.el.span(tile.words, class_name="meta"),
                    href=tile.href,
                    class_name="card card--link",
                )
            ),
        ),
        class_name="tiles",
    )
