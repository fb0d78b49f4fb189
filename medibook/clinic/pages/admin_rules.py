"""The clinic's rules for booking, each in words and with what it does."""

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.clinic_tabs import clinic_tabs
from medibook.clinic.pages.rule_effects import effects
from medibook.clinic.pages.rule_fields import rule_fields, rules_from, typed_rules
from medibook.clinic.schemas import RulesSheet
from medibook.kernel.actor import admin, staff
from medibook.kernel.application import current
from medibook.ui.app_state import AppState
from medibook.ui.components import (
    banner,
    button,
    card,
    error_summary,
    form,
    skeleton,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


class Rules(AppState, rx.State):
    """The rules as they are, and as somebody changes them."""

    ready: bool = False
    values: dict[str, str] = {}
    does: dict[str, str] = {}
    said: str = ""
    drawn: int = 0
    _version: int = 0

    @rx.event
    @allow(admin | staff)
    async def load(self) -> None:
        """Show the rules that hold."""
        self.said = ""
        self._show(await self._perform(clinic.booking_rules))
        self.ready = True

    def _show(self, sheet: RulesSheet) -> None:
        _, now = self._words(), current().clock.now()
        self.values, self.does = typed_rules(sheet.rules), effects(_, sheet.rules, now)
        self._version = sheet.version
        self.drawn += 1

    @rx.event
    @allow(admin)
    async def save(self, form_data: dict[str, str]) -> None:
        """Let other rules hold from now on."""
        self.said = ""
        saved = await self._perform(
            clinic.change_booking_rules, rules=rules_from(form_data), version=self._version
        )
        self._show(saved)
        self.said = self._words()(N_("Saved. The rules hold for every booking from now on."))


@page("/admin/rules", title=N_("Booking rules"), on_load=[Rules.load])
def admin_rules(_: Translator) -> rx.Component:
    """The page where admins say how one can book."""
    return rx.el.div(
        clinic_tabs(_, "/admin/rules"),
        rx.el.header(
            rx.el.h1(_("Booking rules")),
            rx.el.p(
                _("They hold where a visit type has no rule of its own."),
                class_name="lead",
            ),
            class_name="page-head",
        ),
        status_line(Rules.said),
        error_summary(_, Rules.problem, Rules.problems),
        rx.cond(Rules.ready, _form(_), skeleton(_, kind="rows", rows=6)),
        class_name="stack",
    )  # fmt: skip


def _form(_: Translator) -> rx.Component:
    fields = rule_fields(_, Rules.values, Rules.problems, beside=Rules.does)
    return rx.el.div(
        rx.cond(Frame.role == "staff", banner(rx.el.p(_("Only admins can change this.")))),
        card(
            form(
                rx.el.div(*fields, class_name="rules"),
                rx.cond(
                    Frame.role == "admin",
                    button(_("Save the rules"), kind="primary", submit=True, data_commit="true"),
                ),
                on_submit=Rules.save,
            ),
            key=Rules.drawn.to_string(),
        ),
        class_name="stack",
    )
