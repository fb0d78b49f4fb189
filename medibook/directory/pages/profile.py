"""A doctor's public page: who they are, and the departure board of their free times."""

from dataclasses import dataclass, field
from uuid import UUID

import reflex as rx

from medibook.clinic.schemas import LocationCard, ServiceCard
from medibook.directory import service as directory
from medibook.directory.schemas import PublicProfile
from medibook.kernel.actor import anyone
from medibook.people.pages.picture import picture_href
from medibook.scheduling.pages.board import booking_href
from medibook.scheduling.pages.board_state import BoardState, board_section
from medibook.scheduling.schemas import BookingMode
from medibook.ui.components import (
    avatar,
    back_link,
    card,
    empty_state,
    icon,
    link,
    link_button,
    skeleton,
    tag,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page
from medibook.ui.words import initials


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The header and the facts of a doctor's page, their words made."""

    name: str = ""
    initials: str = ""
    picture: str = ""
    specialties: str = ""
    languages: str = ""
    experience: str = ""
    qualifications: str = ""
    biography: list[str] = field(default_factory=list)
    checked: str = ""
    rule: str = ""
    by_request: bool = False
    places: list[str] = field(default_factory=list)
    fee: str = ""


@dataclass(frozen=True, slots=True)
class ServiceTab:
    """A visit type to choose."""

    label: str
    href: str
    current: bool


class Profile(BoardState, rx.State):
    """One doctor and the board of one visit type."""

    ready: bool = False
    gone: bool = False
    slug: str = ""
    service: str = ""
    about: About = About()
    services: list[ServiceTab] = []
    join_href: str = ""

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Show the doctor whom the address names."""
        self.ready = self.gone = False
        found = await self._perform(directory.profile, slug=self._query("id")[:80])
        chosen = _service(found, self._query("service"))
        _ = self._words()
        self.slug, self.service = found.slug, str(chosen.service_id)
        self.about = _about(_, found, chosen)
        self.services = [_tab(_, found, s, current=s == chosen) for s in found.services]
        here = f"/doctor/?id={found.slug}&service={chosen.service_id}"
        self.join_href = _.href(f"/waitlist/join/?id={found.slug}&service={chosen.service_id}")
        await self._show_board(
            found.practitioner_id,
            chosen.service_id,
            here=here,
            href=lambda free: booking_href(_, free),
        )
        self.ready = True

    @rx.event
    @allow(anyone)
    async def refresh(self) -> None:
        """A time was taken or came free: say so in its place."""
        _ = self._words()
        await self._renew_board(lambda free: booking_href(_, free))


def _service(found: PublicProfile, claimed: str) -> ServiceCard:
    try:
        wanted = UUID(claimed)
    except ValueError:
        return found.services[0]
    return next((s for s in found.services if s.service_id == wanted), found.services[0])


def _tab(_: Translator, found: PublicProfile, service: ServiceCard, *, current: bool) -> ServiceTab:
    length = _.duration(service.length)
    return ServiceTab(
        label=f"{_(service.name)} · {length}",
        href=_.href(f"/doctor/?id={found.slug}&service={service.service_id}"),
        current=current,
    )


def _about(_: Translator, found: PublicProfile, chosen: ServiceCard) -> About:
    years = found.years_of_experience
    return About(
        name=found.name,
        initials=initials(found.name),
        picture=picture_href(found.picture_id),
        specialties=_.listed(_(s.name) for s in found.specialties),
        languages=_.listed(_.language(code) for code in found.languages),
        experience=_.plural("{count} year in practice", "{count} years in practice", years)
        if years
        else "",
        qualifications=found.qualifications,
        biography=[part for part in found.biography.split("\n") if part.strip()],
        checked=_("Checked by the clinic on {day}", day=_.numeric_date(found.approved_on))
        if found.approved_on
        else "",
        rule=_cancel_rule(_, found.cancel_cutoff_hours),
        by_request=found.booking_mode is BookingMode.REQUEST,
        places=[_place(place) for place in found.locations],
        fee=_.money(chosen.fee) if chosen.fee.minor else "",
    )


def _cancel_rule(_: Translator, hours: int) -> str:
    return _.plural(
        "You can move or cancel a visit yourself until {count} hour before it.",
        "You can move or cancel a visit yourself until {count} hours before it.",
        hours,
    )


def _place(place: LocationCard) -> str:
    return f"{place.name}, {place.street_and_town}"


@page(
    "/doctor",
    title=N_("Choose a time"),
    description=N_("A doctor's free times, and what you may want to know."),
    on_load=[Profile.load],
)
def profile(_: Translator) -> rx.Component:
    """The doctor's page."""
    return rx.el.div(
        back_link(_("All doctors"), href=_.href("/find/")),
        rx.cond(
            Profile.problem,
            rx.fragment(
                rx.el.h1(_("Choose a time")),
                empty_state(
                    Profile.problem, link_button(_("Find a doctor"), href=_.href("/find/")),
                    icon_name="search",
                ),
            ),
            rx.cond(
                Profile.ready,
                rx.fragment(_header(_), _times(_), _facts(_)),
                rx.fragment(
                    # A key: what it becomes is another thing, not the same one moved about.
                    rx.el.div(
                        skeleton(_, kind="cards", rows=1), class_name="profile__bones", key="bones"
                    ),
                    card(skeleton(_, kind="board", rows=6)),
                ),
            ),
        ),
        class_name="stack",
    )  # fmt: skip


def _header(_: Translator) -> rx.Component:
    about = Profile.about
    return card(
        rx.el.div(
            avatar(about.initials, about.picture, size="large"),
            rx.el.div(
                rx.el.h1(about.name),
                rx.el.p(about.specialties, class_name="meta"),
                rx.foreach(about.places, lambda place: rx.el.p(place, class_name="meta")),
                rx.el.p(
                    rx.cond(
                        about.fee,
                        tag(rx.fragment(_("Fee"), " ", about.fee), tone="amber"),
                        tag(_("No fee"), tone="leaf"),
                    ),
                    tag(about.languages, tone="slate"),
                    rx.cond(about.experience, tag(about.experience, tone="slate")),
                    class_name="tags",
                ),
                class_name="person__text",
            ),
            class_name="person",
        ),
    )


def _times(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("Choose a time"), id="times", tab_index=-1),
        rx.cond(
            Profile.services.length() > 1,
            rx.el.nav(
                rx.el.ul(rx.foreach(Profile.services, _service_tab), class_name="tabs"),
                aria_label=_("Visit type"),
            ),
            rx.el.p(rx.foreach(Profile.services, lambda tab: tab.label), class_name="meta"),
        ),
        rx.cond(
            Profile.about.by_request,
            rx.el.p(
                icon("clock"), " ", _("The doctor confirms each visit: you send a request."),
                class_name="meta",
            ),
        ),
        board_section(
            _,
            Profile,
            name=_("Free times"),
            hidden={"id": Profile.slug, "service": Profile.service},
        ),
        rx.el.p(
            _("None of these work?"), " ",
            link(_("Join the waiting list"), href=Profile.join_href), " · ",
            rx.el.a(_("Call us:"), " ", Frame.phone, href=Frame.phone_href),
        ),
    )  # fmt: skip


def _service_tab(tab: rx.Var[ServiceTab]) -> rx.Component:
    here = link(tab.label, href=tab.href, aria_current="page")
    return rx.el.li(rx.cond(tab.current, here, link(tab.label, href=tab.href)), key=tab.href)


def _facts(_: Translator) -> rx.Component:
    about = Profile.about
    return card(
        rx.el.h2(_("About")),
        rx.foreach(about.biography, lambda part: rx.el.p(part)),
        rx.cond(
            about.qualifications,
            rx.fragment(rx.el.h3(_("Qualifications")), rx.el.p(about.qualifications)),
        ),
        rx.cond(
            about.checked, rx.el.p(icon("circle-check"), " ", about.checked, class_name="meta")
        ),
        rx.el.h3(_("If you cannot come")),
        rx.el.p(about.rule),
    )
