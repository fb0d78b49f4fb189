"""The smallest pieces: icons, links, buttons."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A
from reflex_components_core.react_router.dom import ReactRouterLink

from medibook.ui.theme import ICONS

Words = str | rx.Var[str]
Child = rx.Component | rx.Var[Any] | str

# Addresses that the server answers itself; the router in the page must not swallow them.
_SERVED = ("/auth/", "/portraits/", "/account/picture", "/visits/", "http", "mailto:", "tel:", "#")


def icon(name: Words, *, class_name: str = "") -> rx.Component:
    """A drawing beside a word, never instead of it; ``name`` is an id in pictures/icons.svg."""
    # A literal Var, so that a name picked at run time is joined in the browser.
    drawing: Any = f"{ICONS}#{name}"
    return rx.el.svg(
        rx.el.svg.use(href=drawing),
        class_name=f"icon {class_name}".strip(),
        aria_hidden="true",
        focusable="false",
        view_box="0 0 24 24",
    )


def link(*words: Child, href: Words, full: bool = False, **props: Any) -> rx.Component:
    """A link; pages of ours open without reloading. ``full`` asks the server for the page anew."""
    if full or (isinstance(href, str) and href.startswith(_SERVED)):
        # rx.el.a is the router's link, too.
        return A.create(*words, href=href, **props)
    return ReactRouterLink.create(*words, to=href, **props)


def button(
    label: Child,
    *,
    kind: str = "",
    icon_name: str = "",
    busy: rx.Var[bool] | None = None,
    submit: bool = False,
    **props: Any,
) -> rx.Component:
    """One press, one outcome; the label says which.

    ``kind``: "" | "primary" (one per view) | "danger" | "danger-solid" | "plain", "small" and
    "wide" may be added ("primary wide"). While ``busy`` it keeps the focus but takes no press.
    """
    kinds = kind.split()
    if submit or "primary" in kinds or "danger-solid" in kinds:
        props.setdefault("data_commit", "true")
    if busy is not None:
        props["aria_disabled"] = rx.cond(busy, "true", "false")
    return rx.el.button(
        *_labelled(label, icon_name),
        type="submit" if submit else "button",
        class_name=_button_class(kinds),
        **props,
    )


def link_button(
    label: Child,
    *,
    href: Words,
    kind: str = "",
    icon_name: str = "",
    full: bool = False,
    **props: Any,
) -> rx.Component:
    """A link that leads on, drawn as a button; ``kind`` as in ``button``."""
    return link(
        *_labelled(label, icon_name),
        href=href,
        full=full,
        class_name=_button_class(kind.split()),
        **props,
    )


def back_link(label: Child, *, href: Words) -> rx.Component:
    """The way back, above the heading."""
    turned = icon("chevron-left", class_name="icon--turns")
    return link(turned, label, href=href, class_name="back noprint")


def avatar(initials: Words, picture: Words = "", *, size: str = "") -> rx.Component:
    """A face or its initials; ``size``: "" | "small" | "large". The name must stand beside it."""
    face = rx.el.img(src=picture, alt="", width="64", height="64", loading="lazy")
    inside: Child = initials
    if isinstance(picture, rx.Var):
        inside = rx.cond(picture, face, rx.el.span(initials))
    elif picture:
        inside = face
    extra = f" avatar--{size}" if size else ""
    return rx.el.span(inside, class_name=f"avatar{extra}", aria_hidden="true")


def _labelled(label: Child, icon_name: str) -> Sequence[Child]:
    return [icon(icon_name), label] if icon_name else [label]


def _button_class(kinds: Sequence[str]) -> str:
    return " ".join(["button", *(f"button--{kind}" for kind in kinds)])
