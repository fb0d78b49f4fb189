"""One's portrait: sent by the browser itself to our own door, which draws it anew."""

import reflex as rx

from medibook.people.pages.account_fields import hidden
from medibook.ui.components import avatar, button, card, field, native_form
from medibook.ui.i18n import Translator


def picture_section(
    _: Translator,
    picture: rx.Var[str],
    initials: rx.Var[str],
    *,
    who_sees: str,
) -> rx.Component:
    """The portrait with its two doors: another one, none. ``who_sees`` says who will see it."""
    # Until the page is loaded anew its state may still name a portrait that is gone.
    picture = rx.cond(rx.State.is_hydrated, picture, "")
    return card(
        rx.el.h2(_("Picture")),
        rx.el.div(
            avatar(initials, picture, size="large"),
            rx.el.div(
                rx.el.p(who_sees),
                rx.el.p(_("We keep a small copy without place and camera data."), class_name="hint"),
                class_name="person__text",
            ),
            class_name="person",
        ),
        native_form(
            hidden("locale", _.locale),
            field(
                _, "picture", _("Choose a picture"), kind="file",
                accept="image/jpeg,image/png,image/webp",
                hint=_("JPEG, PNG or WebP, at most 5 MB"),
            ),
            rx.el.div(button(_("Save the picture"), submit=True), class_name="row"),
            action="/account/picture",
            enc_type="multipart/form-data",
        ),
        rx.cond(picture, _remove(_)),
    )  # fmt: skip


def _remove(_: Translator) -> rx.Component:
    return native_form(
        hidden("locale", _.locale),
        hidden("remove", "1"),
        button(_("Remove the picture"), kind="plain", submit=True),
        action="/account/picture",
        enc_type="multipart/form-data",
        class_name="",
    )


def picture_href(picture_id: object) -> str:
    """The address of a portrait, "" when there is none."""
    return f"/portraits/{picture_id}" if picture_id else ""
