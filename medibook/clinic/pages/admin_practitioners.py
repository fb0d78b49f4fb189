"""The admin's queue of applications: what was claimed; approve, ask back, decline."""

from collections.abc import Callable

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.application_words import Application, application_of
from medibook.kernel.actor import Role, admin
from medibook.kernel.application import current
from medibook.people import service as people
from medibook.people.pages.account_fields import typed
from medibook.people.rules import AlreadyDecided, ProfileChanged
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    Answer,
    banner,
    button,
    card,
    check_answers,
    dialog,
    empty_state,
    error_summary,
    skeleton,
    status_line,
    tag,
    textarea,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, count_waiting, page

count_waiting(Role.ADMIN, people.count_applications, topic=lambda _actor: "admin")


class Applications(AppState, rx.State):
    """The queue."""

    ready: bool = False
    waiting: list[Application] = []
    done: str = ""
    conflict: str = ""
    asking: str = ""  # ask | decline
    asked_name: str = ""
    _asked: str = ""

    @rx.event
    @allow(admin)
    async def load(self) -> None:
        """Show who waits, the longest first."""
        self.done = self.conflict = self.asking = ""
        self._follow("admin")
        await self._show()
        self.ready = True

    @rx.event
    @allow(admin)
    async def refresh(self) -> None:
        """Somebody has applied, answered or been decided about."""
        await self._show()

    async def _show(self) -> None:
        _, now = self._words(), current().clock.now()
        found = await self._perform(people.applications)
        known = await self._perform(clinic.all_specialties)
        kinds = {specialty.specialty_id: _(specialty.name) for specialty in known}
        where = [each.location_id for each in found if each.location_id]
        locations = await self._perform(clinic.locations, also=where)
        places = {place.location_id: f"{place.name}, {place.city}" for place in locations}
        self.waiting = [application_of(_, each, kinds, places, now) for each in found]

    @rx.event
    @allow(admin)
    async def approve(self, application: str, version: int) -> None:
        """Let a practitioner set hours and be booked; ``version`` is what the admin has read."""
        _, name = self._words(), self._name(application)
        if await self._decide(people.approve_practitioner, application, version=int(version)):
            self.done = _("{name} has been approved.", name=name)

    @rx.event
    @allow(admin)
    async def ask(self, application: str, what: str) -> None:
        """Ask the admin for the words that go with a decision: "ask" or "decline"."""
        self._asked, self.asked_name = application, self._name(application)
        self.asking = what if what in ("ask", "decline") else ""

    @rx.event
    @allow(admin)
    async def dismiss(self) -> None:
        """Decide nothing."""
        self.asking = ""

    @rx.event
    @allow(admin)
    async def answer(self, form_data: dict[str, str]) -> None:
        """Ask back or decline, in the admin's words."""
        _, reason = self._words(), typed(form_data, "reason", longest=1000)
        declines = self.asking == "decline"
        decision = people.decline_practitioner if declines else people.ask_practitioner_back
        said = _("{name} has been declined.") if declines else _("{name} has been asked.")
        if await self._decide(decision, self._asked, reason=reason):
            self.done = said.format(name=self.asked_name)
        self.asking = ""

    async def _decide(
        self, decision: Callable[..., None], application: str, **words: object
    ) -> bool:
        """Decide; when somebody else was faster, say so and show the queue as it is."""
        self.done = self.conflict = ""
        try:
            await self._perform(decision, practitioner_id=claimed_id(application), **words)
        except ProfileChanged as changed:
            self.conflict, self.asking = self._faster(changed), ""
            await self._show()
            return False
        await self._show()
        return True

    def _faster(self, changed: ProfileChanged) -> str:
        _, now = self._words(), current().clock.now()
        if not isinstance(changed, AlreadyDecided):
            return changed.message(_)
        name, when = changed.name, _.relative(changed.at, now)
        if changed.outcome == "approved":
            return _("{name} approved this {when}.", name=name, when=when)
        return _("{name} declined this {when}.", name=name, when=when)

    def _name(self, application: str) -> str:
        return next((one.name for one in self.waiting if one.key == application), "")


@page("/admin/doctors", title=N_("Applications"), on_load=[Applications.load])
def admin_practitioners(_: Translator) -> rx.Component:
    """The page where admins judge applications."""
    return rx.el.div(
        rx.el.h1(_("Applications")),
        status_line(Applications.done),
        rx.cond(
            Applications.conflict,
            banner(rx.el.p(Applications.conflict), tone="amber", icon_name="info", heard=True),
        ),
        rx.cond(Applications.asking == "", error_summary(_, Applications.problem)),
        rx.cond(
            Applications.ready,
            rx.cond(
                Applications.waiting.length() > 0,
                rx.el.ul(
                    rx.foreach(Applications.waiting, lambda one: _application(_, one)),
                    class_name="cards",
                ),
                empty_state(_("All clear. Nobody waits for a decision.")),
            ),
            rx.cond(Frame.role == "admin", skeleton(_, kind="rows", rows=2)),
        ),
        _question(_),
        class_name="stack",
    )


def _application(_: Translator, one: rx.Var[Application]) -> rx.Component:
    facts = [
        Answer(label=_("Licence number"), value=rx.el.span(one.licence, class_name="reference")),
        Answer(label=_("Qualifications"), value=one.qualifications),
        Answer(label=_("Specialties"), value=one.specialties),
        Answer(label=_("Years of experience"), value=one.experience),
        Answer(label=_("Languages"), value=one.languages),
        Answer(label=_("Location"), value=one.location),
        Answer(label=_("Fee"), value=one.fee),
        Answer(label=_("E-mail address"), value=one.email),
        Answer(label=_("Phone number"), value=one.phone),
    ]
    return rx.el.li(
        card(
            rx.el.div(
                rx.el.h2(rx.el.bdi(one.name)),
                rx.cond(
                    one.is_asked,
                    tag(one.status, tone="slate", icon_name="hourglass"),
                    tag(one.status, tone="amber", icon_name="clock"),
                ),
                class_name="row row--between",
            ),
            rx.el.p(one.since, class_name="meta"),
            rx.cond(
                one.is_asked,
                rx.el.div(
                    rx.el.p(_("You have asked:"), class_name="meta"),
                    rx.el.blockquote(one.question, class_name="said"),
                ),
            ),
            check_answers(_, facts),
            rx.cond(one.biography, rx.el.p(one.biography, class_name="said")),
            _decisions(_, one),
        ),
        key=one.key,
    )


def _decisions(_: Translator, one: rx.Var[Application]) -> rx.Component:
    # Each button says whom it is about, for those who hear it without its card.
    whom = rx.el.span(" ", one.name, class_name="unheard")
    return rx.el.div(
        button(
            rx.fragment(_("Approve"), whom),
            kind="primary",
            icon_name="check",
            on_click=Applications.approve(one.key, one.version),
        ),
        button(
            rx.fragment(_("Ask back…"), whom),
            on_click=Applications.ask(one.key, "ask"),
            aria_haspopup="dialog",
        ),
        button(
            rx.fragment(_("Decline…"), whom),
            kind="danger",
            on_click=Applications.ask(one.key, "decline"),
            aria_haspopup="dialog",
        ),
        class_name="row",
    )


def _question(_: Translator) -> rx.Component:
    declines = Applications.asking == "decline"
    return dialog(
        _,
        "decision",
        rx.fragment(
            rx.cond(declines, _("Decline:"), _("Ask back:")), " ", rx.el.bdi(Applications.asked_name)
        ),
        rx.cond(Applications.asking != "", error_summary(_, Applications.problem)),
        rx.el.form(
            textarea(
                _, "reason", rx.cond(declines, _("Reason"), _("Question")), max_length=500, rows=4,
                error=Applications.problems["reason"],
                hint=_("They read these words. Up to 500 characters."),
            ),
            id="decision-form",
            on_submit=Applications.answer,
            no_validate=True,
            key=Applications.asking + Applications.asked_name,
        ),
        actions=[
            rx.cond(
                declines,
                button(_("Decline"), kind="danger-solid", submit=True, form="decision-form"),
                button(_("Send the question"), kind="primary", submit=True, form="decision-form"),
            )
        ],
        open_when=Applications.asking != "",
        on_dismiss=Applications.dismiss,
    )  # fmt: skip
