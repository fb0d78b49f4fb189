"""Cards, panels, banners, lists: what a reader looks at."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from medibook.ui.components.basics import Child, Words, icon, link
from medibook.ui.i18n import Translator
from medibook.ui.theme import STATUSES, status_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One line of "check your answers"; ``change_href`` leads back to its question."""

    label: Child
    value: Child
    change_href: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One view of the same page."""

    label: Child
    href: Words
    current: bool | rx.Var[bool] = False
    count: Any = None


def card(*children: Child, quiet: bool = False, class_name: str = "", **props: Any) -> rx.Component:
    """Things that belong together."""
    names = f"card {'card--quiet' if quiet else ''} {class_name}"
    return rx.el.div(*children, class_name=" ".join(names.split()), **props)


def status_pill(_: Translator, status: Words, *, staff: bool = False) -> rx.Component:
    """A visit's status as icon and word, never as colour alone; takes a status or a Var of one."""

    def pill(code: str) -> rx.Component:
        look = STATUSES[code]
        word = status_word(_, code, staff=staff)
        return rx.el.span(icon(look.icon), word, class_name=f"pill {look.tone}")

    if isinstance(status, rx.Var):
        return rx.match(status, *[(code, pill(code)) for code in STATUSES], rx.fragment())
    return pill(status)


def tag(words: Child, *, tone: str = "slate", icon_name: str = "") -> rx.Component:
    """A short property: "Taking new patients", "No fee". Tones: teal amber leaf coral sky plum slate."""
    inside = [icon(icon_name), words] if icon_name else [words]
    return rx.el.span(*inside, class_name=f"tag {tone}")


def banner(
    *children: Child, tone: str = "sky", icon_name: str = "info", heard: bool = False, **props: Any
) -> rx.Component:
    """A message that stays; ``heard`` when it appears while the page is being read."""
    if heard:
        props.setdefault("role", "status")
    return rx.el.div(
        icon(icon_name), rx.el.div(*children), class_name=f"banner banner--{tone}", **props
    )


def panel(title: Child, *children: Child, icon_name: str = "circle-check") -> rx.Component:
    """It is done: full width, with the reference. ``title`` is the page's heading."""
    return rx.el.div(
        icon(icon_name, class_name="panel__icon"), rx.el.h1(title), *children, class_name="panel"
    )


def empty_state(sentence: Child, *actions: Child, icon_name: str = "inbox") -> rx.Component:
    """Nothing here: one sentence saying why, one thing to do."""
    return rx.el.div(icon(icon_name), rx.el.p(sentence), *actions, class_name="empty")


def appointment_card(*main: Child, stub: list[Child]) -> rx.Component:
    """The appointment card with its perforated edge; ``stub`` holds the reference and the code."""
    return rx.el.div(
        rx.el.div(*main, class_name="ticket__main"),
        rx.el.div(*stub, class_name="ticket__stub"),
        class_name="ticket",
    )


def check_answers(_: Translator, answers: list[Answer]) -> rx.Component:
    """Everything that was said, each with the way back to change it."""

    def line(answer: Answer) -> rx.Component:
        change = link(
            _("Change"),
            rx.el.span(" ", answer.label, class_name="unheard"),
            href=answer.change_href,
        )
        way: Child = rx.el.dd(change, class_name="answers__change noprint")
        if isinstance(answer.change_href, str) and not answer.change_href:
            way = ""
        return rx.el.div(rx.el.dt(answer.label), rx.el.dd(answer.value), way)

    return rx.el.dl(*[line(answer) for answer in answers], class_name="answers")


def tabs(items: list[Tab], *, name: str) -> rx.Component:
    """Views of one page as links, so that each has an address."""

    def one(tab: Tab) -> rx.Component:
        count = rx.fragment() if tab.count is None else count_badge(tab.count)
        if isinstance(tab.current, rx.Var):
            # aria-current="false" is the same as none; CSS asks for "page" through :is.
            here = link(tab.label, count, href=tab.href, aria_current="page")
            return rx.el.li(rx.cond(tab.current, here, link(tab.label, count, href=tab.href)))
        props: dict[str, Any] = {"aria_current": "page"} if tab.current else {}
        return rx.el.li(link(tab.label, count, href=tab.href, **props))

    return rx.el.nav(rx.el.ul(*[one(tab) for tab in items], class_name="tabs"), aria_label=name)


def count_badge(count: Any) -> rx.Component:
    """How many wait; nothing when none do."""
    return rx.cond(count > 0, rx.el.span(count, class_name="count"), rx.fragment())


def disclosure(
    summary: Child, *children: Child, class_name: str = "", **props: Any
) -> rx.Component:
    """Something more for those who want it."""
    return rx.el.details(
        rx.el.summary(summary), *children, class_name=f"disclosure {class_name}".strip(), **props
    )


def filters(_: Translator, *children: Child) -> rx.Component:
    """Ways to narrow the results: open beside them, folded above them on a phone."""
    return disclosure(_("Filters"), rx.el.div(*children), class_name="disclosure--filters")


def timeline(*moments: Child) -> rx.Component:
    """What happened, in order."""
    return rx.el.ol(*[rx.el.li(moment) for moment in moments], class_name="timeline")


def care_card(title: Child, *children: Child) -> rx.Component:
    """When to call for help instead of booking."""
    return rx.el.aside(rx.el.h2(title), *children, class_name="care")


def progress(value: Any, most: Any, *, label: Child) -> rx.Component:
    """How far a long job is, as a bar and as words."""
    return rx.el.label(
        label,
        rx.el.progress(value=value, max=most, class_name="progress"),
        class_name="stack stack--tight",
    )
