"""What is shown when drawing a page fails in the browser: words and a way out, no stack trace."""

import reflex as rx
from reflex_base.vars.function import ArgsFunctionOperation
from reflex_components_core.base.error_boundary import ErrorBoundary

from medibook.ui.components import link
from medibook.ui.i18n import LOCALES, N_, Translator, translator

_SENTENCE = N_("This page could not be shown. Nothing that you had sent is lost.")


def error_boundary(stateful: bool) -> rx.Component:  # noqa: FBT001 - Reflex calls it so
    """The app's outermost wrap; the fault itself goes to the server's log."""
    # It stands outside of every page and therefore knows no language: it speaks all of them.
    said = [_in_words(translator(locale)) for locale in LOCALES]
    fallback = rx.el.main(
        rx.el.h1("MediBook"), *said, class_name="wrap stack stack--loose page__main", role="alert"
    )
    silent = {} if stateful else {"on_error": rx.noop()}
    return ErrorBoundary.create(
        fallback_render=ArgsFunctionOperation.create(("event_args",), rx.Var.create(fallback)),
        **silent,
    )


def _in_words(_: Translator) -> rx.Component:
    # A full load: what cannot be drawn stays undrawn until then.
    way_out = link(_("Start again"), href=_.href("/"), full=True, class_name="button")
    return rx.el.section(rx.el.p(_(_SENTENCE)), way_out, lang=_.locale, class_name="stack")
