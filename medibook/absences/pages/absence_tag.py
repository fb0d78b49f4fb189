"""A property whose tone is known at run time only."""

import reflex as rx

from medibook.ui.components import tag

_TONES = ("amber", "coral", "leaf", "slate", "teal")


def toned(words: rx.Var[str], tone: rx.Var[str]) -> rx.Component:
    """A tag in one of the tones of this page."""
    return rx.match(tone, *[(each, tag(words, tone=each)) for each in _TONES], tag(words))
