"""The list of pages that the app is made of, and the look it gets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from medibook.ui.boundary import error_boundary
from medibook.ui.components import link_button
from medibook.ui.frame import Frame, count_waiting, frame, with_slash
from medibook.ui.i18n import DEFAULT_LOCALE, LOCALES, N_, Translator, localised, translator
from medibook.ui.theme import PRELOADED_FONTS, SCRIPTS, STYLESHEETS

__all__ = ["LOOK", "PAGES", "Frame", "add_pages", "count_waiting", "frame", "page"]

Build = Callable[[Translator], rx.Component]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the app in every language."""

    path: str
    build: Build
    title: str
    description: str
    on_load: Sequence[Any]


PAGES: Final[list[Page]] = []


def page(
    path: str, *, title: str, description: str = "", on_load: Sequence[Any] = ()
) -> Callable[[Build], Build]:
    """Make a function a page at ``path`` ("/find") and, per language, at "/de/find".

    ``title`` and ``description`` are marked with ``N_``; ``Frame.load`` runs before ``on_load``, which
    is read when the app is put together: a room above may have added to it by then.
    """

    def registered(build: Build) -> Build:
        PAGES.append(
            Page(
                path=path,
                build=build,
                title=title,
                description=description,
                on_load=on_load,
            )
        )
        return build

    return registered


def add_pages(app: rx.App, *, for_demo: bool = False) -> None:
    """Give the app every registered page in every language; the modules must be imported before."""
    for each in PAGES:
        for locale in LOCALES:
            _add(app, each, translator(locale), for_demo=for_demo)
    app.add_page(
        _not_found(translator(DEFAULT_LOCALE)), route="404", title="MediBook", on_load=Frame.load
    )


def _add(app: rx.App, each: Page, _: Translator, *, for_demo: bool) -> None:
    def framed() -> rx.Component:
        return frame(_, each.build(_), path=each.path, for_demo=for_demo)

    # Reflex puts the live parts of all pages of one module into one file: with this module's name
    # every patient's phone would load the practitioner's calendar.
    framed.__module__ = each.build.__module__
    app.add_page(
        framed,
        route=localised(each.path, _.locale).rstrip("/") or "/",
        title=f"{_(each.title)} · MediBook",
        description=_(each.description),
        on_load=[Frame.load, *each.on_load],
        meta=[
            rx.el.link(
                rel="alternate", href_lang=other, href=localised(with_slash(each.path), other)
            )
            for other in LOCALES
        ],
    )


def _not_found(_: Translator) -> rx.Component:
    # A wrong address has no language, so the page speaks all of them.
    said = [
        rx.el.section(
            rx.el.p(words(_GONE), class_name="lead"),
            link_button(words(N_("Find a doctor")), href=words.href("/find/")),
            lang=words.locale,
            class_name="stack",
        )
        for words in map(translator, LOCALES)
    ]
    return frame(_, rx.el.div(rx.el.h1("404"), *said, class_name="stack stack--loose"), path="/404")


_GONE = N_("There is no page at this address. It may have moved, or the link may be wrong.")


HEAD: Final[list[rx.Component]] = [
    *[
        rx.el.link(
            rel="preload",
            href=font,
            type="font/woff2",
            custom_attrs={"as": "font", "crossOrigin": "anonymous"},
        )
        for font in PRELOADED_FONTS
    ],
    rx.el.link(rel="icon", href="/favicon.ico", sizes="32x32"),
    rx.el.link(rel="icon", href="/pictures/mark.svg", type="image/svg+xml"),
    # A telephone can keep the clinic on its home screen; iPhones bring notes only there.
    rx.el.link(rel="manifest", href="/manifest.webmanifest"),
    rx.el.link(rel="apple-touch-icon", href="/pictures/touch-icon.png"),
    *[rx.el.script(src=script, defer=True) for script in SCRIPTS],
]

# For rx.App(**LOOK): our look and words, none of Reflex's own overlays.
LOOK: Final[dict[str, Any]] = {
    "stylesheets": STYLESHEETS,
    "head_components": HEAD,
    "html_lang": DEFAULT_LOCALE,
    "reset_style": False,
    "toaster": None,
    "app_wraps": {(55, "ErrorBoundary"): error_boundary},
}
