"""The front desk says who may book for a patient: a second parent, or an adult's guardian."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from medibook.kernel.actor import staff
from medibook.people import service as people
from medibook.people.pages.account_fields import email_field, typed
from medibook.people.pages.family_words import between, between_options
from medibook.people.schemas import GuardianCard, NewGuardian, PatientHit, Relation
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    back_link,
    banner,
    button,
    card,
    checkbox,
    dialog,
    empty_state,
    error_summary,
    field,
    form,
    link,
    native_form,
    radios,
    skeleton,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientView:
    """A patient to choose, or the one that was chosen."""

    key: str = ""
    name: str = ""
    born: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardianView:
    """Somebody who books for the patient, as the front desk reads it."""

    key: str
    name: str
    email: str
    relation: str
    until: str
    reason: str


class Guardians(AppState, rx.State):
    """The patient that was looked for, and who books for them."""

    ready: bool = False
    text: str = ""
    hits: list[PatientView] = []
    patient: PatientView = PatientView()
    guardians: list[GuardianView] = []
    saved: str = ""
    ending: str = ""
    ending_name: str = ""
    round: int = 0

    @rx.event
    @allow(staff)
    async def load(self) -> None:
        """Show who is meant, or who books for the one that is chosen."""
        self.ready, self.saved, self.ending = False, "", ""
        self.text = self._query("q")[:80]
        self.patient, self.hits = PatientView(), []
        if chosen := self._query("patient"):
            await self._show(claimed_id(chosen))
        elif self.text:
            found = await self._perform(people.find_patients, text=self.text)
            self.hits = [self._view(hit) for hit in found]
        self.ready = True

    def _view(self, hit: PatientHit) -> PatientView:
        _ = self._words()
        return PatientView(
            key=str(hit.patient_id),
            name=hit.name,
            born=_("born on {date}", date=_.numeric_date(hit.birth_date)),
            href=_.href(f"/desk/guardians/?patient={hit.patient_id}"),
        )

    async def _show(self, patient_id: UUID) -> None:
        hit = await self._perform(people.patient_record, patient_id=patient_id)
        found = await self._perform(people.guardians_of, patient_id=patient_id)
        self.patient = self._view(hit)
        self.guardians = [_guardian(self._words(), one) for one in found]

    @rx.event
    @allow(staff)
    async def grant(self, form_data: dict[str, str]) -> AsyncIterator[None]:
        """Let an account act for the patient."""
        self.busy, self.saved = True, ""
        yield
        try:
            patient_id = claimed_id(self.patient.key)
            new = NewGuardian(
                patient_id=patient_id,
                email=typed(form_data, "email", longest=254),
                relation=typed(form_data, "relation", longest=20),
                reason=typed(form_data, "reason", longest=500),
                may_see_records=bool(form_data.get("records")),
            )
            await self._perform(people.grant_guardianship, new=new)
            await self._show(patient_id)
            self.round += 1
            self.saved = self._words()(N_("Saved. They book for this patient from now on."))
        finally:
            self.busy = False

    @rx.event
    @allow(staff)
    async def ask(self, guardian: str) -> None:
        """Ask why somebody is to book for the patient no more."""
        self.ending_name = next((one.name for one in self.guardians if one.key == guardian), "")
        self.ending = guardian if self.ending_name else ""

    @rx.event
    @allow(staff)
    async def dismiss(self) -> None:
        """End nothing."""
        self.ending = self.ending_name = ""

    @rx.event
    @allow(staff)
    async def end(self, form_data: dict[str, str]) -> None:
        """End it, from this instant."""
        why = typed(form_data, "why", longest=500)
        ending = claimed_id(self.ending)
        await self._perform(people.revoke_guardianship, guardianship_id=ending, reason=why)
        self.ending = self.ending_name = ""
        await self._show(claimed_id(self.patient.key))


def _guardian(_: Translator, one: GuardianCard) -> GuardianView:
    until = (
        _("until {date}", date=_.numeric_date(one.expires_on))
        if one.expires_on
        else _("until the clinic ends it")
    )
    return GuardianView(
        key=str(one.guardianship_id),
        name=one.name,
        email=one.email,
        relation=between(_, one.relation),
        until=until,
        reason=one.reason,
    )


@page("/desk/guardians", title=N_("Who books for whom"), on_load=[Guardians.load])
def guardians(_: Translator) -> rx.Component:
    """The page where the front desk lets people book for each other."""
    return rx.el.div(
        rx.cond(
            Guardians.patient.key,
            back_link(_("Another patient"), href=_.href("/desk/guardians/")),
        ),
        rx.el.h1(_("Who books for whom")),
        rx.cond(
            Guardians.saved,
            banner(Guardians.saved, tone="leaf", icon_name="circle-check", heard=True),
        ),
        rx.cond(Guardians.ending == "", error_summary(_, Guardians.problem, Guardians.problems)),
        rx.cond(
            Guardians.ready,
            rx.cond(Guardians.patient.key, _patient(_), _search(_)),
            rx.cond(Frame.role == "staff", skeleton(_, kind="rows", rows=2)),
        ),
        _question(_),
        class_name="stack stack--loose narrow",
    )


def _search(_: Translator) -> rx.Component:
    found = rx.el.ul(
        rx.foreach(
            Guardians.hits,
            lambda hit: rx.el.li(
                link(rx.el.bdi(hit.name), href=hit.href, class_name="name"),
                rx.el.p(hit.born, class_name="meta"),
                class_name="card",
                key=hit.key,
            ),
        ),
        class_name="cards",
        aria_label=_("Patients"),
    )
    nobody = empty_state(_("Nobody of this name or number is known here."), icon_name="search")
    return rx.fragment(
        native_form(
            field(
                _, "q", _("Patient"), kind="search", default_value=Guardians.text, max_length=80,
                hint=_("Three letters of the name, or four digits of the phone number"),
            ),
            button(_("Search"), submit=True, kind="primary"),
            action="",
            method="get",
        ),
        rx.cond(
            Guardians.hits.length() > 0, found, rx.cond(Guardians.text, nobody, rx.fragment())
        ),
    )  # fmt: skip


def _patient(_: Translator) -> rx.Component:
    reach = _.href("/desk/reach/?patient=") + Guardians.patient.key
    return rx.fragment(
        rx.el.h2(rx.el.bdi(Guardians.patient.name), " · ", Guardians.patient.born),
        link(_("How we reach them…"), href=reach),
        rx.cond(
            Guardians.guardians.length() > 0,
            rx.el.ul(rx.foreach(Guardians.guardians, lambda one: _row(_, one)), class_name="cards"),
            empty_state(_("Nobody else books for this patient."), icon_name="users"),
        ),
        _grant(_),
    )


def _row(_: Translator, one: rx.Var[GuardianView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.h3(rx.el.bdi(one.name), class_name="name"),
                rx.el.p(one.email, class_name="meta"),
                rx.el.p(one.relation, " · ", one.until, class_name="small"),
                rx.cond(one.reason, rx.el.p(one.reason, class_name="small")),
                class_name="person__text",
            ),
            button(
                _("End…"),
                kind="small danger",
                on_click=Guardians.ask(one.key),
                aria_label=rx.Var.create(_("End")) + ": " + one.name,
                aria_haspopup="dialog",
            ),
            class_name="card row row--between",
        ),
        key=one.key,
    )


def _grant(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("Let somebody book for this patient")),
        form(
            email_field(
                _, error=Guardians.problems["email"], auto_complete="off",
                hint=_("Of their own account as a patient"),
            ),
            radios(
                _, "relation", _("What is the patient to them?"),
                between_options(_), value=Relation.CHILD.value,
                error=Guardians.problems["relation"],
            ),
            field(
                _, "reason", _("Why?"), error=Guardians.problems["reason"], max_length=200,
                hint=_("Which papers you have seen. It stands in the log."),
            ),
            checkbox(_, "records", _("They may also see the records")),
            rx.el.div(
                button(_("Let them book"), kind="primary", submit=True, busy=Guardians.busy),
                class_name="row",
            ),
            on_submit=Guardians.grant,
            key=Guardians.round.to_string(),
        ),
    )  # fmt: skip


def _question(_: Translator) -> rx.Component:
    return dialog(
        _, "end", _("End it from this moment?"),
        rx.el.p(rx.el.strong(Guardians.ending_name)),
        error_summary(_, Guardians.problem, Guardians.problems),
        form(
            field(_, "why", _("Why?"), max_length=200, hint=_("It stands in the log.")),
            id="end-form",
            on_submit=Guardians.end,
        ),
        actions=[
            button(_("Yes, end it"), kind="danger-solid", submit=True, form="end-form"),
        ],
        open_when=Guardians.ending != "",
        on_dismiss=Guardians.dismiss,
    )  # fmt: skip
