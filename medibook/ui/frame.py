"""The frame round every page: where one can go, who is signed in, what to do in an emergency."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from medibook.kernel.actor import Actor, Role, anyone
from medibook.kernel.actor import signed_in as account_holder
from medibook.kernel.application import current
from medibook.ui.app_state import AppState
from medibook.ui.components import count_badge, icon, link, native_form
from medibook.ui.guard import allow, guard_notice
from medibook.ui.i18n import LANGUAGE_NAMES, LOCALES, Translator, localised
from medibook.ui.mark import mark
from medibook.ui.places import PLACES, Place


@dataclass(frozen=True, slots=True)
class _Count:
    use_case: Callable[..., int]
    topic: Callable[[Actor], str]


_COUNTS: Final[dict[Role, _Count]] = {}


def count_waiting(
    role: Role, use_case: Callable[..., int], *, topic: Callable[[Actor], str]
) -> None:
    """Show in a role's navigation how many things wait for it; ``topic`` says when to count again."""
    _COUNTS[role] = _Count(use_case, topic)


_UNREAD: list[Callable[..., int]] = []


def count_unread(use_case: Callable[..., int]) -> None:
    """Show in the frame how many messages in the app its reader has not seen yet."""
    _UNREAD[:] = [use_case]


class Frame(AppState, rx.State):
    """What the frame knows about the reader."""

    role: str = ""
    name: str = ""
    signed_in: bool = False
    known: bool = False
    demo: bool = False
    clinic: str = "MediBook"
    phone: str = ""
    phone_href: str = ""
    waiting: int = 0
    unread: int = 0

    @rx.event
    @allow(anyone)
    async def load(self) -> None:
        """Learn who reads and which clinic this is."""
        actor, settings = self._actor(), current().settings
        self.role, self.name, self.signed_in = _frame_role(actor), actor.name, not actor.is_stranger
        self.demo, self.clinic = settings.is_demo, settings.clinic_name
        self.phone, self.phone_href = settings.clinic_phone, _tel(settings.clinic_phone)
        self.known = True
        await self._count()

    @rx.event
    @allow(account_holder)
    async def refresh(self) -> None:
        """Count again what waits."""
        await self._count()

    async def _count(self) -> None:
        actor, topics = self._actor(), []
        count = None if actor.role is None else _COUNTS.get(actor.role)
        if count is None or self.role == "applicant":
            self.waiting = 0
        else:
            self.waiting = await self._perform(count.use_case)
            topics.append(count.topic(actor))
        self.unread = 0
        if not actor.is_stranger and _UNREAD:
            self.unread = await self._perform(_UNREAD[0])
            topics.append(f"inbox:{actor.user_id}")
        self._follow(*topics)


def _frame_role(actor: Actor) -> str:
    if actor.role is Role.PRACTITIONER and not actor.approved:
        return "applicant"
    return str(actor.role or "")


def _tel(number: str) -> str:
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


def frame(
    _: Translator, content: rx.Component, *, path: str, for_demo: bool = False
) -> rx.Component:
    """A page inside its frame; ``path`` is the page's own, to mark it in the navigation.

    ``for_demo``: it is built where a demo clinic is served, so the demo's strip is there from the
    start and pushes nothing down when the live connection answers.
    """
    return rx.el.div(
        rx.el.a(_("Skip to the content"), href="#main", class_name="skip"),
        _lost(_),
        _demo_strip(_, for_demo=for_demo),
        _masthead(_, path),
        rx.el.main(
            rx.el.div(guard_notice(_), content, class_name="wrap"),
            id="main",
            tab_index=-1,
            class_name="page__main",
        ),
        _footer(_),
        rx.el.nav(
            _by_role(_, path), class_name="bottom", aria_label=_("Main places, at the bottom")
        ),
        class_name="page",
        data_page_lang=_.locale,
        data_known=rx.cond(Frame.known, "true", "false"),
        lang=_.locale,
        dir="ltr",
    )


def _lost(_: Translator) -> rx.Component:
    """Replaces Reflex's English toast; js/frame.js shows it too when the browser is offline."""
    return rx.el.div(
        rx.el.div(
            icon("wifi-off"),
            _("No connection to the clinic. We will send nothing until it is back."),
            class_name="wrap",
        ),
        class_name=rx.cond(has_connection_errors, "lost lost--socket", "lost"),
        role="alert",
        tab_index=-1,
    )


def _demo_strip(_: Translator, *, for_demo: bool) -> rx.Component:
    strip = rx.el.aside(
        rx.el.div(
            rx.el.span(_("This is a demo clinic: people and visits are invented.")),
            link(_("Read the demo's mail"), href=_.href("/demo/mailbox/")),
            class_name="wrap",
        ),
        class_name="strip",
        aria_label=_("Demo"),
    )
    shown = Frame.demo | ~Frame.known if for_demo else Frame.demo
    return rx.cond(shown, strip, rx.fragment())


def _masthead(_: Translator, path: str) -> rx.Component:
    brand = link(mark(), rx.el.span(Frame.clinic), href=_.href("/"), class_name="brand")
    places = rx.el.nav(_by_role(_, path), class_name="places", aria_label=_("Main places"))
    return rx.el.header(
        rx.el.div(brand, places, _tools(_, path), class_name="wrap masthead__row"),
        class_name="masthead",
    )


def _by_role(_: Translator, path: str) -> rx.Component:
    return rx.match(
        Frame.role,
        *[(role, _places(_, path, places)) for role, places in PLACES.items() if role],
        _places(_, path, PLACES[""]),
    )


def _places(_: Translator, path: str, places: Sequence[Place]) -> rx.Component:
    # Of a place and one inside it, the inner one is where the reader is.
    around = [place.path for place in places if with_slash(path).startswith(place.path)]
    innermost = max(around, key=len, default="")

    def one(place: Place) -> rx.Component:
        here: dict[str, Any] = {"aria_current": "page"} if place.path == innermost else {}
        badge = count_badge(Frame.waiting) if place.counts else rx.fragment()
        return rx.el.li(
            link(icon(place.icon), _(place.label), badge, href=_.href(place.path), **here)
        )

    return rx.el.ul(*[one(place) for place in places])


def _tools(_: Translator, path: str) -> rx.Component:
    told = link(
        icon("mail"),
        rx.el.span(_("Messages"), class_name="unheard"),
        rx.cond(Frame.unread > 0, count_badge(Frame.unread)),
        href=_.href("/messages/"),
        class_name="tool",
    )
    account = link(
        icon("user"),
        rx.el.span(_("Account"), class_name="unheard"),
        rx.el.bdi(Frame.name, class_name="tool__word"),
        href=_.href("/account/"),
        class_name="tool",
    )
    return rx.el.div(
        *[_language(other, path) for other in LOCALES if other != _.locale],
        rx.el.span(_theme_switch(_), class_name="roomy"),
        rx.cond(
            Frame.signed_in,
            rx.fragment(told, account, rx.el.span(_sign_out(_), class_name="roomy")),
            rx.fragment(),
        ),
        class_name="tools",
    )


def _theme_switch(_: Translator) -> rx.Component:
    def look(drawing: str, words: str, shown: str) -> rx.Component:
        return rx.el.span(icon(drawing), rx.el.span(words, class_name="unheard"), class_name=shown)

    return rx.el.button(
        look("moon", _("Dark look"), "only-light"),
        look("sun", _("Light look"), "only-dark"),
        type="button",
        class_name="tool",
        data_theme_switch="true",
    )


def _sign_out(_: Translator) -> rx.Component:
    word = rx.el.span(_("Sign out"), class_name="tool__word")
    return native_form(
        rx.el.button(icon("log-out"), word, type="submit", class_name="tool"),
        action="/auth/sign-out",
        class_name="",
    )


def _language(locale: str, path: str) -> rx.Component:
    # A full load: the document itself, not only its body, changes its language.
    return link(
        LANGUAGE_NAMES[locale],
        href=localised(with_slash(path), locale),
        full=True,
        lang=locale,
        href_lang=locale,
        class_name="tool",
        data_keep_query="true",
    )


def _footer(_: Translator) -> rx.Component:
    call = rx.el.p(
        _("Need help? Call the clinic:"), " ", rx.el.a(Frame.phone, href=Frame.phone_href)
    )
    return rx.el.footer(
        rx.el.div(
            rx.el.p(
                icon("triangle-alert"),
                rx.el.span(
                    _(
                        "If this is an emergency, call 112 or your local emergency number. Do not book here."
                    )
                ),
                class_name="footer__urgent",
            ),
            rx.cond(Frame.phone, call, rx.fragment()),
            # A phone's header has no room for these.
            rx.el.div(
                _theme_switch(_),
                rx.cond(Frame.signed_in, _sign_out(_), rx.fragment()),
                class_name="footer__tools",
            ),
            class_name="wrap",
        ),
        class_name="footer",
    )


def with_slash(path: str) -> str:
    return path if path.endswith("/") else f"{path}/"
