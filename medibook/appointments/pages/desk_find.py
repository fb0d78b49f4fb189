"""Finding the patient at the front desk: three letters of the name or digits of the number, or a new one."""

from dataclasses import dataclass

import reflex as rx
from reflex.event import EventSpec

from medibook.appointments import service as appointments
from medibook.kernel.actor import staff
from medibook.people import service as people
from medibook.people.pages.account_fields import birth_date_fields, birth_date_from
from medibook.people.rules import PatientKnown
from medibook.people.schemas import NewPatientRecord, PatientContact, PatientHit
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import button, card, error_summary, field, form
from medibook.ui.guard import allow
from medibook.ui.i18n import Translator

_LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """A patient in the list: the date of birth keeps two of one name apart."""

    key: str
    name: str
    born: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhomView:
    """For whom it is, said on every step."""

    key: str = ""
    name: str = ""
    born: str = ""
    phone: str = ""
    told: str = ""


class PatientFinder(AppState, mixin=True):
    """Mixin of the page on which a patient is looked for. ``_chosen`` says where it goes on."""

    text: str = ""
    hits: list[HitView] = []
    searched: bool = False
    is_new: bool = False
    typed_name: str = ""
    known: bool = False
    _found_for: str = ""

    @rx.event
    @allow(staff)
    async def look(self, text: str) -> None:
        """Show who is meant so far, while the name or the number is being typed."""
        await self._look(text)

    @rx.event
    @allow(staff)
    async def enter(self, form_data: dict[str, str]) -> EventSpec | None:
        """Enter takes the first of the list; before there is one, it makes the list."""
        text = str(form_data.get("patient") or "")[:_LONGEST]
        shown = bool(self.hits) and self._found_for == text.strip()
        if not shown:
            await self._look(text)
        # The list has not been seen before: only a single person can be meant without a look.
        return self._chosen(self.hits[0].key) if shown or len(self.hits) == 1 else None

    @rx.event
    @allow(staff)
    async def take(self, key: str) -> EventSpec | None:
        """Go on with somebody of the list."""
        return self._chosen(str(claimed_id(key)))

    @rx.event
    @allow(staff)
    async def begin_new(self) -> None:
        """Ask who the new patient is."""
        self.is_new, self.known = True, False
        self.typed_name = "" if any(c.isdigit() for c in self.text) else self.text.strip()

    @rx.event
    @allow(staff)
    async def not_new(self) -> None:
        """Look for a known patient instead."""
        self.is_new, self.known, self.problem = False, False, ""

    @rx.event
    @allow(staff)
    async def add(self, form_data: dict[str, str]) -> EventSpec | None:
        """Write the new patient down and go on with them."""
        new = NewPatientRecord(
            name=str(form_data.get("name") or "")[:200],
            birth_date=birth_date_from(form_data),
            phone=str(form_data.get("phone") or "")[:60],
            email=str(form_data.get("email") or "")[:254],
        )
        another = form_data.get("another") == "on"
        try:
            added = await self._perform(people.add_patient, new=new, is_another=another)
        except PatientKnown as known:
            self.hits, self.known = [self._hit(hit) for hit in known.known], True
            raise
        return self._chosen(str(added))

    async def _look(self, text: str) -> None:
        _, self.text = self._words(), text[:_LONGEST]
        found = await self._perform(people.find_patients, text=self.text)
        self.hits = [self._hit(hit) for hit in found]
        self._found_for = self.text.strip()
        self.searched = len(self._found_for) >= 3

    def _hit(self, hit: PatientHit) -> HitView:
        return HitView(
            key=str(hit.patient_id),
            name=hit.name,
            born=self._words().numeric_date(hit.birth_date),
            phone=hit.phone,
        )

    async def _whom(self, claim: str) -> WhomView:
        """Whom the address names; nobody when it names none. Raises NotFound."""
        if not claim:
            return WhomView()
        contact = await self._perform(appointments.patient_at_desk, patient_id=claimed_id(claim))
        return whom_view(self._words(), contact)

    def _forget_search(self) -> None:
        self.text, self.hits, self.searched, self._found_for = "", [], False, ""
        self.is_new, self.known, self.typed_name = False, False, ""

    def _chosen(self, key: str) -> EventSpec:
        raise NotImplementedError


def whom_view(_: Translator, contact: PatientContact) -> WhomView:
    """A patient in words; and how they will hear of what is booked."""
    told = _("We write to {address}.", address=contact.email)
    if contact.email and contact.reached_through:
        told = _("We write to {name}, {address}.", name=contact.reached_through,
                 address=contact.email)  # fmt: skip
    return WhomView(
        key=str(contact.patient_id),
        name=contact.name,
        born=_("born {day}", day=_.numeric_date(contact.birth_date)),
        phone=contact.phone,
        told=told if contact.email else _("No e-mail address: please tell them the time yourself."),
    )


def finder(_: Translator, state: type[PatientFinder]) -> rx.Component:
    """The field, the list under it, and the way to a new patient."""
    return rx.cond(
        state.is_new,
        _new_patient(_, state),
        rx.el.div(
            form(
                field(
                    _,
                    "patient",
                    _("Patient"),
                    hint=_("Three letters of the name, or four digits of the phone number"),
                    auto_complete="off",
                    auto_focus=True,
                    data_first="true",
                    data_finder_field="true",
                    spell_check=False,
                    max_length=_LONGEST,
                    on_change=state.look.debounce(150),
                ),
                on_submit=state.enter,
            ),
            _found(_, state),
            _hits(_, state),
            button(_("New patient"), icon_name="user-plus", on_click=state.begin_new),
            class_name="stack stack--tight",
            data_finder="true",
        ),
    )


def _found(_: Translator, state: type[PatientFinder]) -> rx.Component:
    """Whether anybody was found, and how to go on."""
    return rx.el.p(
        rx.cond(
            state.searched,
            rx.cond(
                state.hits.length() > 0,
                _("Enter takes the first. Arrow keys go through the list."),
                _("Nobody of this name or number is known here."),
            ),
            "",
        ),
        class_name="hint",
        role="status",
    )


def _hits(_: Translator, state: type[PatientFinder]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            state.hits,
            lambda hit: rx.el.li(
                rx.el.button(
                    rx.el.strong(hit.name),
                    rx.el.span(hit.born, class_name="hit__born"),
                    rx.el.span(hit.phone, class_name="meta"),
                    type="button",
                    class_name="hit",
                    data_hit="true",
                    on_click=state.take(hit.key),
                ),
                key=hit.key,
            ),
        ),
        class_name="hits",
        aria_label=_("Patients found"),
    )


def _new_patient(_: Translator, state: type[PatientFinder]) -> rx.Component:
    wrong = state.problems
    return card(
        rx.el.h2(_("New patient")),
        error_summary(_, state.problem, state.problems),
        rx.cond(state.known, _hits(_, state)),
        form(
            field(
                _, "name", _("Full name"), error=wrong["name"], default_value=state.typed_name,
                auto_complete="off", auto_focus=True, max_length=120,
            ),
            birth_date_fields(_, error=wrong["birth_date"]),
            field(
                _, "phone", _("Phone number"), kind="tel", error=wrong["phone"], optional=True,
                auto_complete="off", max_length=40,
            ),
            field(
                _, "email", _("E-mail address"), kind="email", error=wrong["email"], optional=True,
                auto_complete="off", max_length=254,
            ),
            rx.cond(
                state.known,
                rx.el.label(
                    rx.el.input(type="checkbox", name="another"),
                    rx.el.span(_("This is somebody else of the same name and birthday")),
                    class_name="choice",
                ),
            ),
            rx.el.div(
                button(_("Add and go on"), kind="primary", submit=True),
                button(_("Look for a patient instead"), kind="plain", on_click=state.not_new),
                class_name="row",
            ),
            on_submit=state.add,
        ),
    )  # fmt: skip


def for_whom(_: Translator, whom: rx.Var[WhomView], *, other: rx.Var[str]) -> rx.Component:
    """The line that says on every step for whom it is."""
    return rx.el.p(
        rx.el.span(_("For")),
        rx.el.strong(whom.name),
        rx.el.span(whom.born),
        rx.el.span(whom.phone, class_name="meta"),
        rx.el.a(_("Somebody else"), href=other),
        class_name="for-whom",
    )
