"""The form of a broadcast, and the question before it goes out."""

from typing import Any

import reflex as rx

from medibook.operations.pages.broadcast_words import AUDIENCES, Preview
from medibook.ui.components import Option, button, field, select, textarea
from medibook.ui.i18n import DEFAULT_LOCALE, LANGUAGE_NAMES, LOCALES, Translator


def broadcast_form(_: Translator, state: type[Any]) -> rx.Component:
    """Whom, when, and the words in each language."""
    audiences = [Option(value=one.value, label=_(words)) for one, words in AUDIENCES.items()]
    return rx.el.form(
        select(_, "audience", _("Who gets it"), audiences, error=state.problems["audience"]),
        select(
            _, "place", _("With a visit at"), state.places, optional=True,
            hint=_("Only for patients with a visit in the next 30 days"),
        ),
        *[_words_in(_, locale, state) for locale in LOCALES],
        field(
            _, "when", _("When"), kind="datetime-local", optional=True,
            hint=state.clock,
        ),
        button(_("Count who gets it"), submit=True, icon_name="users"),
        on_submit=state.check,
        no_validate=True,
        class_name="stack",
    )  # fmt: skip


def _words_in(_: Translator, locale: str, state: type[Any]) -> rx.Component:
    is_first = locale == DEFAULT_LOCALE
    subject, body = f"subject_{locale}", f"body_{locale}"
    return rx.el.fieldset(
        rx.el.legend(LANGUAGE_NAMES[locale], lang=locale),
        field(
            _, subject, _("Subject"), max_length=120, optional=not is_first,
            error=state.problems[subject],
        ),
        textarea(
            _, body, _("Text"), max_length=4000, rows=5, optional=not is_first,
            error=state.problems[body],
        ),
        class_name="stack",
    )  # fmt: skip


def confirmation(_: Translator, state: type[Any]) -> rx.Component:
    """How it will read, for how many, a try on oneself, and the number that is typed to confirm."""
    return rx.cond(
        state.counted_words,
        rx.el.section(
            rx.el.h2(state.counted_words),
            rx.foreach(state.previews, _preview),
            rx.el.div(
                button(_("Send it to me first"), on_click=state.try_it, icon_name="mail"),
                class_name="row",
            ),
            rx.el.form(
                field(
                    _, "counted", _("To confirm, type the number of people"), max_length=9,
                    error=state.problems["counted"], input_mode="numeric",
                ),
                button(_("Send it to all of them"), submit=True, kind="primary"),
                on_submit=state.send,
                no_validate=True,
                class_name="search search--short",
            ),
            class_name="stack",
            aria_live="polite",
        ),
    )  # fmt: skip


def _preview(one: rx.Var[Preview]) -> rx.Component:
    return rx.el.article(
        rx.el.p(one.language, class_name="hint"),
        rx.el.h3(one.subject),
        rx.el.div(rx.foreach(one.paragraphs, lambda words: rx.el.p(words)), class_name="letter"),
        class_name="card",
    )
