"""One visit type: what it is, its own rules, who offers it; and taking it out of use."""

import reflex as rx
from reflex.event import EventSpec

from medibook.clinic import service as clinic
from medibook.clinic.pages.admin_visit_types import VISIT_KINDS
from medibook.clinic.pages.rule_fields import (
    rule_fields,
    rules_from,
    rules_in_words,
    typed_rules,
)
from medibook.clinic.pages.visit_type_offers import Offers, offers
from medibook.clinic.schemas import NewVisitType, VisitKind, VisitTypeSheet
from medibook.kernel.actor import admin, staff
from medibook.kernel.errors import NotFound
from medibook.people.pages.account_fields import typed
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_choice, claimed_id
from medibook.ui.components import (
    Option,
    back_link,
    banner,
    button,
    card,
    checkbox,
    disclosure,
    error_summary,
    field,
    form,
    radios,
    select,
    skeleton,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

_NEW = NewVisitType(name="", minutes=20)


class VisitTypePage(AppState, rx.State):
    """The visit type that the address names; without one, a new one."""

    ready: bool = False
    title: str = ""
    is_new: bool = False
    is_retired: bool = False
    is_video: bool = False
    values: dict[str, str] = {}
    usual: dict[str, str] = {}
    pools: list[Option] = []
    said: str = ""
    drawn: int = 0
    _version: int = 0

    @rx.event
    @allow(admin | staff)
    async def load(self) -> None:
        """Show the visit type that the address names."""
        self.ready, self.said = False, ""
        _ = self._words()
        self.pools = [
            Option(value="", label=_("None")),
            *[
                Option(value=str(pool.pool_id), label=_(pool.name))
                for pool in await self._perform(clinic.pools)
            ],
        ]
        self.usual = rules_in_words(_, (await self._perform(clinic.booking_rules)).rules)
        await self._show()
        self.ready = True

    async def _show(self) -> None:
        wanted = self._query("id")
        sheet = _named(wanted, await self._perform(clinic.visit_types)) if wanted else None
        self.is_new, self.is_retired = sheet is None, bool(sheet and sheet.is_retired)
        self.title = self._words()(sheet.name) if sheet else ""
        self._version = sheet.version if sheet else 0
        kept = new_from_sheet(sheet) if sheet else _NEW
        self.is_video, self.values = kept.is_video, typed_visit_type(kept)
        self.drawn += 1

    @rx.event
    @allow(admin)
    async def save(self, form_data: dict[str, str]) -> EventSpec | None:
        """Add the visit type, or change it."""
        self.said = ""
        new = visit_type_from(form_data)
        if self.is_new:
            made = await self._perform(clinic.add_visit_type, new=new)
            return rx.redirect(self._words().href(f"/admin/visit-type/?id={made}"))
        service_id = claimed_id(self._query("id"))
        await self._perform(
            clinic.change_visit_type, service_id=service_id, new=new, version=self._version
        )
        await self._done(N_("Saved. What is booked stays as long as it was booked."))
        return None

    @rx.event
    @allow(admin)
    async def retire(self) -> None:
        """Let nobody book it any more."""
        await self._perform(clinic.retire_visit_type, service_id=claimed_id(self._query("id")))
        await self._done(N_("Retired. Nobody can book it any more; booked visits stay."))

    @rx.event
    @allow(admin)
    async def bring_back(self) -> None:
        """Let it be booked again."""
        service_id = claimed_id(self._query("id"))
        await self._perform(clinic.bring_back_visit_type, service_id=service_id)
        await self._done(N_("It can be booked again."))

    @rx.event
    @allow(admin)
    async def remove(self) -> EventSpec:
        """Delete one that nobody used."""
        await self._perform(clinic.remove_visit_type, service_id=claimed_id(self._query("id")))
        return rx.redirect(self._words().href("/admin/visit-types/"))

    async def _done(self, words: str) -> None:
        await self._show()
        self.said = self._words()(words)


def _named(claim: str, sheets: tuple[VisitTypeSheet, ...]) -> VisitTypeSheet:
    wanted = claimed_id(claim)
    for sheet in sheets:
        if sheet.service_id == wanted:
            return sheet
    raise NotFound


def new_from_sheet(sheet: VisitTypeSheet) -> NewVisitType:
    """A visit type as one would type it."""

    def minutes(of: str) -> int:
        return int(getattr(sheet, of).total_seconds() // 60)

    return NewVisitType(
        name=sheet.name,
        minutes=minutes("length"),
        buffer_before_minutes=minutes("buffer_before"),
        buffer_after_minutes=minutes("buffer_after"),
        is_video=sheet.is_video,
        pool_id=sheet.pool_id,
        visit_kind=sheet.visit_kind,
        rules=sheet.rules,
    )


def typed_visit_type(new: NewVisitType) -> dict[str, str]:
    """A visit type as it stands in the form."""
    kept = {name: str(value) for name, value in new if name not in {"rules", "pool_id"}}
    return kept | {"pool_id": str(new.pool_id or "")} | typed_rules(new.rules)


def visit_type_from(form_data: dict[str, str]) -> NewVisitType:
    """Read a visit type from the form; what is no number is one that no rule allows."""

    def minutes(name: str) -> int:
        text = typed(form_data, name, longest=6).strip()
        return int(text) if text.isdecimal() and text.isascii() else -1

    pool = typed(form_data, "pool_id", longest=40)
    return NewVisitType(
        name=typed(form_data, "name", longest=200),
        minutes=minutes("minutes"),
        buffer_before_minutes=minutes("buffer_before_minutes"),
        buffer_after_minutes=minutes("buffer_after_minutes"),
        is_video="is_video" in form_data,
        pool_id=claimed_id(pool) if pool else None,
        visit_kind=claimed_choice(VisitKind, form_data.get("visit_kind")),
        rules=rules_from(form_data),
    )


@page(
    "/admin/visit-type",
    title=N_("Visit type"),
    on_load=[VisitTypePage.load, Offers.load],
)
def admin_visit_type(_: Translator) -> rx.Component:
    """The page of one visit type."""
    return rx.el.div(
        back_link(_("All visit types"), href=_.href("/admin/visit-types/")),
        rx.el.h1(rx.cond(VisitTypePage.title, VisitTypePage.title, _("Add a visit type"))),
        status_line(VisitTypePage.said),
        error_summary(_, VisitTypePage.problem, VisitTypePage.problems),
        rx.cond(
            VisitTypePage.ready,
            rx.el.div(
                rx.cond(
                    VisitTypePage.is_retired,
                    banner(
                        rx.el.p(_("This visit type is retired: nobody can book it.")), tone="amber"
                    ),
                ),
                _details(_),
                rx.cond(~VisitTypePage.is_new, offers(_)),
                rx.cond((Frame.role == "admin") & ~VisitTypePage.is_new, _end(_)),
                class_name="stack stack--loose",
            ),
            rx.cond(VisitTypePage.problem == "", skeleton(_, kind="rows", rows=5)),
        ),
        class_name="stack",
    )


def _details(_: Translator) -> rx.Component:
    values, wrong = VisitTypePage.values, VisitTypePage.problems
    own = rule_fields(_, values, wrong, beside=VisitTypePage.usual, may_be_left=True)
    return card(
        rx.el.h2(_("What it is")),
        form(
            *_questions(_),
            disclosure(
                _("Rules of its own"),
                rx.el.p(
                    _("Leave a rule empty to follow the clinic's, which stands beside it."),
                    class_name="hint",
                ),
                rx.el.div(*own, class_name="rules"),
            ),
            rx.cond(
                Frame.role == "admin",
                button(
                    rx.cond(
                        VisitTypePage.is_new, _("Add the visit type"), _("Save the visit type")
                    ),
                    kind="primary",
                    submit=True,
                    data_commit="true",
                ),
                rx.el.p(_("Only admins can change this."), class_name="hint"),
            ),
            on_submit=VisitTypePage.save,
        ),
        key=VisitTypePage.drawn.to_string(),
    )


def _questions(_: Translator) -> list[rx.Component]:
    values, wrong = VisitTypePage.values, VisitTypePage.problems

    def minutes(name: str, label: str, hint: str = "") -> rx.Component:
        return field(
            _, name, label, width="tiny", input_mode="numeric", max_length=3, hint=hint,
            default_value=values[name], error=wrong[name],
        )  # fmt: skip

    kinds = [Option(value=str(kind), label=_(word)) for kind, word in VISIT_KINDS.items()]
    return [
        field(
            _, "name", _("Name"), max_length=80, default_value=values["name"], error=wrong["name"],
            hint=_("As patients shall read it"),
        ),
        rx.el.div(
            minutes("minutes", _("Length, in minutes")),
            minutes("buffer_before_minutes", _("Kept before, in minutes")),
            minutes("buffer_after_minutes", _("Kept after, in minutes")),
            class_name="fields-row",
        ),
        radios(_, "visit_kind", _("For whom"), kinds, value=values["visit_kind"], in_row=True),
        checkbox(
            _, "is_video", _("By video"), default_checked=VisitTypePage.is_video,
            hint=_("Patient and doctor see each other on a screen."),
        ),
        select(
            _, "pool_id", _("Needs one of"), VisitTypePage.pools, required=False,
            default_value=values["pool_id"], error=wrong["pool_id"],
            hint=_("A free one at the location is taken by itself."),
        ),
    ]  # fmt: skip


def _end(_: Translator) -> rx.Component:
    retired = [
        button(_("Bring it back"), on_click=VisitTypePage.bring_back, data_commit="true"),
        button(_("Delete it"), kind="danger", on_click=VisitTypePage.remove, data_commit="true"),
    ]
    return card(
        rx.el.h2(_("Take it out of use")),
        rx.el.p(_("A visit type that was used is retired, never deleted. Booked visits stay.")),
        rx.el.div(
            rx.cond(
                VisitTypePage.is_retired,
                rx.fragment(*retired),
                button(
                    _("Retire this visit type"), kind="danger", on_click=VisitTypePage.retire,
                    data_commit="true",
                ),
            ),
            class_name="row",
        ),
        quiet=True,
    )  # fmt: skip
