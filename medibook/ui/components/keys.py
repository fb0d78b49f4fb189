"""Single keys: which ones a page knows, and how to switch them off. js/keys.js presses them."""

from collections.abc import Sequence
from dataclasses import dataclass

import reflex as rx

from medibook.ui.components.basics import Child, button
from medibook.ui.components.feedback import dialog
from medibook.ui.i18n import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of a page: how it is written, and what it does."""

    sign: str
    words: str


def keys_button(_: Translator, keys: Sequence[Key]) -> rx.Component:
    """The button "Keys", and the list that it opens; "?" opens it, too.

    What a key presses says so by itself: ``link(…, data_shortcut="ArrowLeft")``.
    """
    lines = [
        rx.el.div(rx.el.dt(rx.el.kbd(key.sign)), rx.el.dd(key.words)) for key in _with_help(_, keys)
    ]
    switch = rx.el.label(
        rx.el.input(
            type="checkbox",
            id="shortcuts",
            default_checked=True,
            custom_attrs={"data-shortcuts": ""},
        ),
        rx.el.span(_("Use single keys on this device")),
        class_name="choice",
        html_for="shortcuts",
    )
    children: list[Child] = [rx.el.dl(*lines, class_name="keys"), switch]
    return rx.fragment(
        button(
            _("Keys"),
            kind="small plain",
            data_dialog="keys",
            data_shortcut="?",
            aria_haspopup="dialog",
        ),
        dialog(_, "keys", _("Keys"), *children, actions=[], dismiss_label=_("Close")),
    )


def _with_help(_: Translator, keys: Sequence[Key]) -> list[Key]:
    return [*keys, Key(sign="?", words=_("This list"))]
