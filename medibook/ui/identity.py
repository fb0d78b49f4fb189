"""Whom a page's state belongs to, and what the guard says to its reader."""

from enum import StrEnum
from urllib.parse import quote

import reflex as rx

from medibook.ui.components.basics import link
from medibook.ui.i18n import Translator, locale_of_path, localised

UNBOUND = "?"  # the state of a client token that nobody has used yet


class Notice(StrEnum):
    """What the frame tells the reader on the guard's behalf."""

    NONE = ""
    SIGNED_OUT = "signed_out"
    SIGN_IN = "sign_in"
    NOT_YOURS = "not_yours"
    REFUSED = "refused"
    TOO_FAST = "too_fast"
    FAILED = "failed"


class Identity(rx.State):
    """Whom this page's state belongs to, and what the guard has to say to them."""

    notice: str = Notice.NONE.value
    reference: str = ""
    sign_in: str = "/sign-in/"
    _bound: str = UNBOUND


def way_back(address: str) -> str:
    """The sign-in page that leads back to ``address``, a page of ours with its query."""
    return localised(f"/sign-in/?next={quote(address, safe='')}", locale_of_path(address))


def guard_notice(_: Translator) -> rx.Component:
    """What the guard has to say; in the frame of every page, so that no refusal is silent."""
    return rx.match(
        Identity.notice,
        (
            Notice.SIGNED_OUT.value,
            _notice(
                _("Your session has ended, so that nobody else can use it. Please sign in again."),
                link(_("Sign in"), href=Identity.sign_in, full=True),
            ),
        ),
        (
            Notice.SIGN_IN.value,
            _notice(
                _("Please sign in to see this."),
                link(_("Sign in"), href=Identity.sign_in, full=True),
            ),
        ),
        (
            Notice.NOT_YOURS.value,
            _notice(_("This is not open to your kind of account. Ask the clinic if it should be.")),
        ),
        (Notice.REFUSED.value, _notice(_("That could not be understood. Please reload the page."))),
        (
            Notice.TOO_FAST.value,
            _notice(_("That was too much at once. Please wait a few seconds and try again.")),
        ),
        (
            Notice.FAILED.value,
            _notice(
                _("Something went wrong on our side. Please try again; our number for it is"),
                rx.el.strong(Identity.reference),
            ),
        ),
        rx.fragment(),
    )


def _notice(*said: rx.Component | str) -> rx.Component:
    words, *rest = said
    return rx.el.div(rx.el.p(words), *rest, class_name="notice", role="alert")
