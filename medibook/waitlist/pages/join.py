"""Joining the list: what is waited for stands at the top, and one says which days and hours suit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from medibook.kernel.actor import patient
from medibook.kernel.errors import NotFound
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_day, claimed_id, claimed_time
from medibook.ui.components import (
    Option,
    button,
    card,
    checkboxes,
    empty_state,
    error_summary,
    form,
    link_button,
    radios,
    skeleton,
)
from medibook.ui.components import field as line
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page
from medibook.waitlist import service as waitlist
from medibook.waitlist.pages.words import weekday
from medibook.waitlist.schemas import JoinPage, NewEntry

_ANY, _ONLY = "any", "only"


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinView:
    """What the form shows before it is filled in."""

    what: str = ""
    whom: str = ""
    instead: str = ""
    for_line: str = ""
    first_day: str = ""
    last_day: str = ""
    people: list[Option] = field(default_factory=list)
    me: str = ""


class Join(AppState, rx.State):
    """The wish that the address names, and the form about it."""

    ready: bool = False
    gone: bool = False
    view: JoinView = JoinView()

    @rx.event
    @allow(patient)
    async def load(self) -> None:
        """Show what one would wait for."""
        self.ready = self.gone = False
        try:
            found = await self._asked()
        except NotFound:
            self.gone = True
            return
        self.view = _view(self._words(), found)
        self.ready = True

    @rx.event
    @allow(patient)
    async def join(self, form_data: dict[str, str]) -> EventSpec:
        """Wait from now on."""
        wish = _wish(await self._asked(), form_data)
        await self._perform(waitlist.join_waitlist, new=wish)
        return rx.redirect(self._words().href("/waitlist/?new=1"))

    async def _asked(self) -> JoinPage:
        """What the address says: a doctor's board, a search, or a visit of the reader's own."""
        if visit := self._query("visit"):
            return await self._perform(waitlist.wish_from_visit, appointment_id=claimed_id(visit))
        if specialty := self._query("specialty"):
            return await self._perform(
                waitlist.wish_from_search, specialty=specialty[:40], city=self._query("city")[:80]
            )
        service = self._query("service")
        return await self._perform(
            waitlist.wish_from_board,
            slug=self._query("id")[:80],
            service_id=claimed_id(service) if service else None,
        )


def _wish(asked: JoinPage, claim: Mapping[str, str]) -> NewEntry:
    """The wish as it was filled in; what it is about stands in the address, not in the form."""
    whom: dict[str, tuple[UUID, ...]] = {}
    if claim.get("whom") == _ANY and asked.wish.replaces_id is None:
        whom = {"practitioner_ids": ()}
    given: dict[str, object] = {
        "weekdays": frozenset(day for day in range(7) if claim.get(f"days.{day}")),
        "not_before": claimed_time(claim.get("not_before")),
        "not_after": claimed_time(claim.get("not_after")),
        "first_day": claimed_day(claim.get("first_day")),
        "last_day": claimed_day(claim.get("last_day")),
    }
    if asked.wish.for_patient is None and claim.get("who"):
        given["for_patient"] = claimed_id(claim.get("who"))
    return asked.wish.model_copy(update={**given, **whom})


def _view(_: Translator, found: JoinPage) -> JoinView:
    instead = ""
    if found.replaces_start is not None:
        when = _.moment(found.replaces_start, ZoneInfo(found.replaces_zone))
        instead = _("Your visit on {when} is kept until you take an earlier time.", when=when)
    people = [
        Option(
            value=one.patient_id.hex,
            label=_("Me, {name}", name=one.name) if one.is_self else one.name,
        )
        for one in found.people
        if one.may_book
    ]
    is_own = next((one.name for one in found.people if one.is_self), "") == found.patient_name
    return JoinView(
        what=_(found.what),
        whom=found.practitioner_name,
        instead=instead,
        for_line=_("For {name}", name=found.patient_name)
        if found.patient_name and not is_own
        else "",
        first_day=str(found.wish.first_day),
        last_day=str(found.wish.last_day),
        people=people if len(people) > 1 and found.replaces_start is None else [],
        me=next((one.patient_id.hex for one in found.people if one.is_self), ""),
    )


@page(
    "/waitlist/join",
    title=N_("Join the waiting list"),
    description=N_("We keep the next free time for you and write to you."),
    on_load=[Join.load],
)
def join(_: Translator) -> rx.Component:
    """The form."""
    return rx.el.div(
        rx.el.h1(_("Join the waiting list")),
        error_summary(_, Join.problem, Join.problems),
        rx.cond(
            Join.gone,
            empty_state(
                _("We do not know what you want to wait for. Please start from a doctor's page."),
                link_button(_("Find a doctor"), href=_.href("/find/")),
                icon_name="search",
            ),
            rx.cond(
                Join.ready,
                rx.fragment(_about(_), _form(_)),
                rx.cond(Join.problem == "", skeleton(_, kind="lines", rows=6)),
            ),
        ),
        class_name="stack narrow",
    )


def _about(_: Translator) -> rx.Component:
    view = Join.view
    return card(
        rx.cond(view.for_line, rx.el.p(rx.el.strong(rx.el.bdi(view.for_line)))),
        rx.el.h2(view.what),
        rx.cond(view.whom, rx.el.p(view.whom, class_name="meta")),
        rx.cond(view.instead, rx.el.p(view.instead)),
        rx.el.p(
            _(
                "When a time becomes free that suits you and it is your turn, we write to you, and until "
                "when you can take it. At night we let you sleep."
            ),
        ),
    )


def _form(_: Translator) -> rx.Component:
    view, days = Join.view, [Option(value=str(n), label=weekday(_, n)) for n in range(7)]
    with_whom = [
        Option(value=_ONLY, label=_("Only this doctor")),
        Option(value=_ANY, label=_("Any doctor who offers this visit")),
    ]
    who = radios(_, "who", _("Who is it for?"), view.people, value=view.me, in_row=True)
    whom = radios(_, "whom", _("With whom?"), with_whom, value=_ONLY, in_row=True)
    return form(
        rx.cond(view.people.length() > 0, who),
        rx.cond((view.whom != "") & (view.instead == ""), whom),
        rx.el.div(
            line(
                _, "first_day", _("From"), kind="date", default_value=view.first_day,
                error=Join.problems["first_day"],
            ),
            line(
                _, "last_day", _("Until"), kind="date", default_value=view.last_day,
                error=Join.problems["last_day"],
            ),
            class_name="fields-row",
        ),
        checkboxes(
            _, "days", _("Days"), days, hint=_("None ticked means any day."), in_row=True,
            error=Join.problems["weekdays"],
        ),
        rx.el.div(
            line(_, "not_before", _("Not before"), kind="time", width="short", optional=True),
            line(
                _, "not_after", _("Over by"), kind="time", width="short", optional=True,
                error=Join.problems["not_after"],
            ),
            class_name="fields-row",
        ),
        button(_("Join the list"), kind="primary", submit=True),
        on_submit=Join.join,
    )  # fmt: skip
