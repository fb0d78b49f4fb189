"""The clinic's visit types: a list, each with the way to its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.clinic_tabs import clinic_tabs
from medibook.clinic.schemas import BookingRules, VisitKind, VisitTypeSheet
from medibook.kernel.actor import admin, staff
from medibook.ui.app_state import AppState
from medibook.ui.components import (
    card,
    empty_state,
    error_summary,
    link,
    link_button,
    skeleton,
    tag,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

VISIT_KINDS = {
    VisitKind.ANY: N_("For everybody"),
    VisitKind.FIRST: N_("First visit"),
    VisitKind.FOLLOW_UP: N_("Follow-up"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeLine:
    """A visit type in the list."""

    key: str
    name: str
    about: str
    offered: str
    href: str
    is_video: bool
    has_rules: bool
    is_retired: bool


class AllVisitTypes(AppState, rx.State):
    """The list."""

    ready: bool = False
    lines: list[TypeLine] = []

    @rx.event
    @allow(admin | staff)
    async def load(self) -> None:
        """Show every visit type, also the retired ones."""
        self._follow("admin")
        await self._show()
        self.ready = True

    @rx.event
    @allow(admin | staff)
    async def refresh(self) -> None:
        """Somebody has changed something."""
        await self._show()

    async def _show(self) -> None:
        _ = self._words()
        pools = {pool.pool_id: _(pool.name) for pool in await self._perform(clinic.pools)}
        found = await self._perform(clinic.visit_types)
        self.lines = [type_line(_, sheet, pools) for sheet in found]


def type_line(_: Translator, sheet: VisitTypeSheet, pools: Mapping[UUID, str]) -> TypeLine:
    """A visit type, its words made."""
    about = [_.duration(sheet.length)]
    if sheet.buffer_before:
        about.append(_("{length} kept before", length=_.duration(sheet.buffer_before)))
    if sheet.buffer_after:
        about.append(_("{length} kept after", length=_.duration(sheet.buffer_after)))
    if sheet.visit_kind is not VisitKind.ANY:
        about.append(_(VISIT_KINDS[sheet.visit_kind]))
    if sheet.pool_id is not None:
        about.append(_("needs one of: {pool}", pool=pools.get(sheet.pool_id, "")))
    return TypeLine(
        key=str(sheet.service_id),
        name=_(sheet.name),
        about=" · ".join(about),
        offered=_.plural("{count} doctor offers it", "{count} doctors offer it", len(sheet.offers))
        if sheet.offers
        else _("Nobody offers it yet"),
        href=_.href(f"/admin/visit-type/?id={sheet.service_id}"),
        is_video=sheet.is_video,
        has_rules=sheet.rules != BookingRules(),
        is_retired=sheet.is_retired,
    )


@page("/admin/visit-types", title=N_("Visit types"), on_load=[AllVisitTypes.load])
def admin_visit_types(_: Translator) -> rx.Component:
    """The page of all visit types."""
    return rx.el.div(
        clinic_tabs(_, "/admin/visit-types"),
        rx.el.header(
            rx.el.div(
                rx.el.h1(_("Visit types")),
                rx.cond(
                    Frame.role == "admin",
                    link_button(
                        _("Add a visit type"), href=_.href("/admin/visit-type/"), kind="primary",
                        icon_name="plus",
                    ),
                ),
                class_name="row row--between",
            ),
            class_name="page-head",
        ),
        error_summary(_, AllVisitTypes.problem),
        rx.cond(AllVisitTypes.ready, _list(_), skeleton(_, kind="rows", rows=5)),
        class_name="stack",
    )  # fmt: skip


def _list(_: Translator) -> rx.Component:
    return rx.cond(
        AllVisitTypes.lines.length() > 0,
        rx.el.ul(rx.foreach(AllVisitTypes.lines, lambda line: _line(_, line)), class_name="cards"),
        empty_state(_("No visit type yet. A doctor who is approved gets a first one.")),
    )


def _line(_: Translator, line: rx.Var[TypeLine]) -> rx.Component:
    return rx.el.li(
        card(
            rx.el.div(
                rx.el.h2(link(line.name, href=line.href), class_name="name"),
                rx.cond(line.is_video, tag(_("Video"), tone="plum", icon_name="video")),
                rx.cond(line.has_rules, tag(_("Rules of its own"), tone="sky")),
                rx.cond(line.is_retired, tag(_("Retired"))),
                class_name="row",
            ),
            rx.el.p(line.about),
            rx.el.p(line.offered, class_name="meta"),
        ),
        key=line.key,
    )
