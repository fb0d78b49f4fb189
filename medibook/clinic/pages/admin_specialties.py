"""The clinic's specialties, and the plain words by which patients look for them."""

from dataclasses import dataclass

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.clinic_tabs import clinic_tabs
from medibook.kernel.actor import admin, staff
from medibook.people.pages.account_fields import typed
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    button,
    card,
    empty_state,
    error_summary,
    field,
    form,
    skeleton,
    status_line,
    tag,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialtyLine:
    """A specialty in the list."""

    key: str
    name: str
    said: str  # as the reader's language says it
    synonyms: str
    version: int
    is_retired: bool


class Specialties(AppState, rx.State):
    """The list, and the one that is being changed."""

    ready: bool = False
    lines: list[SpecialtyLine] = []
    chosen: str = ""
    name: str = ""
    synonyms: str = ""
    said: str = ""
    drawn: int = 0
    _version: int = 0

    @rx.event
    @allow(admin | staff)
    async def load(self) -> None:
        """Show every specialty, also the retired ones."""
        self.said = ""
        self._follow("admin")
        self._choose(None)
        await self._show()
        self.ready = True

    @rx.event
    @allow(admin | staff)
    async def refresh(self) -> None:
        """Somebody has changed something."""
        await self._show()

    async def _show(self) -> None:
        _ = self._words()
        self.lines = [
            SpecialtyLine(
                key=str(one.specialty_id),
                name=one.name,
                said=_(one.name),
                synonyms=", ".join(one.synonyms),
                version=one.version,
                is_retired=one.is_retired,
            )
            for one in await self._perform(clinic.all_specialties)
        ]

    def _choose(self, line: SpecialtyLine | None) -> None:
        self.chosen = line.key if line else ""
        self.name, self.synonyms = (line.name, line.synonyms) if line else ("", "")
        self._version = line.version if line else 0
        self.drawn += 1

    @rx.event
    @allow(admin)
    async def choose(self, key: str) -> None:
        """Change this one, or add one ("")."""
        self.said = ""
        self._choose(next((line for line in self.lines if line.key == key), None))

    @rx.event
    @allow(admin)
    async def save(self, form_data: dict[str, str]) -> None:
        """Add a specialty, or change the chosen one."""
        self.said = ""
        words = {
            "name": typed(form_data, "specialty_name"),
            "synonyms": typed(form_data, "synonyms", longest=1000),
        }
        if self.chosen:
            chosen = claimed_id(self.chosen)
            await self._perform(
                clinic.change_specialty, specialty_id=chosen, version=self._version, **words
            )
        else:
            await self._perform(clinic.add_specialty, **words)
        await self._done(N_("Saved."))

    @rx.event
    @allow(admin)
    async def retire(self, key: str) -> None:
        """Offer it to nobody any more."""
        await self._perform(clinic.retire_specialty, specialty_id=claimed_id(key))
        await self._done(N_("Retired. Who has it keeps it; nobody can choose it any more."))

    @rx.event
    @allow(admin)
    async def bring_back(self, key: str) -> None:
        """Offer it again."""
        await self._perform(clinic.bring_back_specialty, specialty_id=claimed_id(key))
        await self._done(N_("It can be chosen again."))

    @rx.event
    @allow(admin)
    async def remove(self, key: str) -> None:
        """Delete one that nobody has."""
        await self._perform(clinic.remove_specialty, specialty_id=claimed_id(key))
        await self._done(N_("Deleted."))

    async def _done(self, words: str) -> None:
        self._choose(None)
        await self._show()
        self.said = self._words()(words)


@page("/admin/specialties", title=N_("Specialties"), on_load=[Specialties.load])
def admin_specialties(_: Translator) -> rx.Component:
    """The page where admins say what doctors can be trained in."""
    return rx.el.div(
        clinic_tabs(_, "/admin/specialties"),
        rx.el.header(
            rx.el.h1(_("Specialties")),
            rx.el.p(
                _("With the plain words that patients type: skin, heart, children."),
                class_name="lead",
            ),
            class_name="page-head",
        ),
        status_line(Specialties.said),
        error_summary(_, Specialties.problem, Specialties.problems),
        rx.cond(
            Specialties.ready,
            rx.el.div(_list(_), rx.cond(Frame.role == "admin", _form(_)), class_name="columns"),
            skeleton(_, kind="rows", rows=5),
        ),
        class_name="stack",
    )


def _list(_: Translator) -> rx.Component:
    return rx.cond(
        Specialties.lines.length() > 0,
        rx.el.ul(
            rx.foreach(Specialties.lines, lambda line: _line(_, line)), class_name="cards lines"
        ),
        empty_state(_("No specialty yet. Doctors cannot apply before there is one.")),
    )


def _line(_: Translator, line: rx.Var[SpecialtyLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.strong(line.said),
                rx.cond(line.is_retired, tag(_("Retired"))),
                class_name="row",
            ),
            rx.cond(line.synonyms, rx.el.p(line.synonyms, class_name="meta")),
        ),
        rx.cond(Frame.role == "admin", rx.el.div(*_actions(_, line), class_name="row")),
        class_name="line",
        key=line.key,
    )


def _actions(_: Translator, line: rx.Var[SpecialtyLine]) -> list[rx.Component]:
    # Each button says which one it is about, for those who hear it without its row.
    which = rx.el.span(" ", line.said, class_name="unheard")

    def small(words: str, handler: object, **props: object) -> rx.Component:
        return button(rx.fragment(words, which), kind="small plain", on_click=handler, **props)

    return [
        small(_("Change"), Specialties.choose(line.key)),
        rx.cond(
            line.is_retired,
            rx.fragment(
                small(_("Bring back"), Specialties.bring_back(line.key), data_commit="true"),
                small(_("Delete"), Specialties.remove(line.key), data_commit="true"),
            ),
            small(_("Retire"), Specialties.retire(line.key), data_commit="true"),
        ),
    ]


def _form(_: Translator) -> rx.Component:
    changes = Specialties.chosen != ""
    return card(
        rx.el.h2(rx.cond(changes, _("Change a specialty"), _("Add a specialty"))),
        form(
            field(
                _, "specialty_name", _("Name"), max_length=80, default_value=Specialties.name,
                error=Specialties.problems["specialty_name"],
            ),
            field(
                _, "synonyms", _("Plain words"), optional=True, max_length=300,
                hint=_("Separated by commas, such as: skin, rash, mole"),
                default_value=Specialties.synonyms, error=Specialties.problems["synonyms"],
            ),
            rx.el.div(
                button(_("Save"), kind="primary", submit=True, data_commit="true"),
                rx.cond(changes, button(_("Go back"), on_click=Specialties.choose(""))),
                class_name="row",
            ),
            on_submit=Specialties.save,
        ),
        key=Specialties.drawn.to_string(),
    )  # fmt: skip
