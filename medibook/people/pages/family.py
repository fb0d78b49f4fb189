"""The people one books for: who they are, until when; add, change, give up."""

from collections.abc import AsyncIterator
from datetime import date

import reflex as rx
from reflex.event import EventSpec

from medibook.kernel.actor import patient
from medibook.kernel.application import current
from medibook.people import service as people
from medibook.people.pages.account_fields import birth_date_fields, birth_date_from, typed
from medibook.people.pages.family_words import PersonView, person_view, relations
from medibook.people.rules import own_path
from medibook.people.rules.guardians import chosen_of
from medibook.people.schemas import NewDependant, PersonCard
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    avatar,
    back_link,
    banner,
    button,
    card,
    dialog,
    dialog_button,
    empty_state,
    error_summary,
    field,
    form,
    link_button,
    radios,
    skeleton,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page


class Family(AppState, rx.State):
    """Those one books for, and the one that the address names to be changed."""

    ready: bool = False
    gone: bool = False
    people: list[PersonView] = []
    chosen: PersonView = PersonView()
    saved: str = ""
    back: str = ""
    round: int = 0  # a form that has done its work is drawn anew, empty

    @rx.event
    @allow(patient)
    async def load(self) -> None:
        """Show whom one books for."""
        self.ready, self.saved = False, ""
        self.back = own_path(self._query("next"))
        await self._show()
        self.ready = True

    @rx.event
    @allow(patient)
    async def refresh(self) -> None:
        """The clinic, or another guardian, has changed something."""
        await self._show()

    async def _show(self) -> None:
        found = await self._perform(people.people_i_book_for)
        _, today = self._words(), current().clock.now().date()
        self.people = [person_view(_, one, today) for one in found if not one.is_self]
        self._choose(found, today)
        topics = [f"patient:{one.patient_id}" for one in found]
        self._follow(f"user:{self._actor().user_id}", *topics)

    def _choose(self, found: tuple[PersonCard, ...], today: date) -> None:
        asked = self._query("change")
        chosen = chosen_of(found, asked)
        self.gone = bool(asked) and (chosen is None or chosen.is_self)
        named = chosen is not None and not chosen.is_self
        view = person_view(self._words(), chosen, today) if chosen and named else PersonView()
        self.chosen = view

    @rx.event
    @allow(patient)
    async def add(self, form_data: dict[str, str]) -> AsyncIterator[None]:
        """Add somebody who is a minor."""
        self.busy, self.saved = True, ""
        yield
        try:
            name = typed(form_data, "name", longest=200)
            new = NewDependant(
                name=name,
                birth_date=birth_date_from(form_data),
                relation=typed(form_data, "relation", longest=20),
            )
            await self._perform(people.add_dependant, new=new)
            await self._show()
            self.round += 1
            self.saved = self._words()(N_("You can now book for {name}."), name=name.strip())
        finally:
            self.busy = False

    @rx.event
    @allow(patient)
    async def save(self, form_data: dict[str, str]) -> AsyncIterator[None]:
        """Save the name and what they are to the reader."""
        self.busy, self.saved = True, ""
        yield
        try:
            await self._perform(
                people.change_dependant,
                patient_id=claimed_id(self.chosen.key),
                name=typed(form_data, "name", longest=200),
                relation=typed(form_data, "relation", longest=20),
            )
            await self._show()
            self.saved = self._words()(N_("Saved."))
        finally:
            self.busy = False

    @rx.event
    @allow(patient)
    async def stop(self) -> EventSpec:
        """Give up booking for this person."""
        await self._perform(people.stop_acting_for, patient_id=claimed_id(self.chosen.key))
        return rx.redirect(self._words().href("/account/family/"), replace=True)


@page(
    "/account/family",
    title=N_("People you book for"),
    description=N_("Your children, and others in your care."),
    on_load=[Family.load],
)
def family(_: Translator) -> rx.Component:
    """The page of one's family."""
    return rx.el.div(
        rx.cond(
            (Family.chosen.key != "") | Family.gone,
            back_link(_("People you book for"), href=_.href("/account/family/")),
            back_link(_("Your account"), href=_.href("/account/")),
        ),
        rx.el.h1(rx.cond(Family.chosen.key, Family.chosen.name, _("People you book for"))),
        _saved(_),
        error_summary(_, Family.problem, Family.problems),
        rx.cond(
            Family.ready,
            rx.cond(
                Family.gone,
                empty_state(
                    _("You do not book for this person, or no longer."),
                    link_button(_("People you book for"), href=_.href("/account/family/")),
                    icon_name="users",
                ),
                rx.cond(Family.chosen.key, _change(_), rx.fragment(_list(_), _add(_))),
            ),
            rx.cond(Frame.signed_in & (Family.problem == ""), skeleton(_, kind="rows", rows=2)),
        ),
        class_name="stack stack--loose narrow",
    )


def _saved(_: Translator) -> rx.Component:
    return rx.cond(
        Family.saved,
        banner(
            rx.el.p(Family.saved),
            rx.cond(
                Family.back,
                rx.el.p(link_button(_("Back to the time you chose"), href=Family.back)),
            ),
            tone="leaf",
            icon_name="circle-check",
            heard=True,
        ),
    )


def _list(_: Translator) -> rx.Component:
    return rx.cond(
        Family.people.length() > 0,
        rx.el.ul(
            rx.foreach(Family.people, lambda one: _row(_, one)),
            class_name="cards",
            aria_label=_("People you book for"),
        ),
        empty_state(_("You book for yourself only. Add someone you care for."), icon_name="users"),
    )


def _row(_: Translator, one: rx.Var[PersonView]) -> rx.Component:
    return rx.el.li(
        rx.el.article(
            rx.el.div(
                avatar(one.letters, size="small"),
                rx.el.div(
                    rx.el.h2(rx.el.bdi(one.name), class_name="name"),
                    rx.el.p(one.relation, " · ", one.age, class_name="meta"),
                    rx.el.p(one.until, class_name="small"),
                    class_name="person__text",
                ),
                class_name="person",
            ),
            link_button(
                _("Change"),
                href=one.change,
                kind="small",
                aria_label=rx.Var.create(_("Change")) + ": " + one.name,
            ),
            class_name="card row row--between",
        ),
        key=one.key,
    )


def _add(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("Add someone you care for")),
        rx.el.p(
            _(
                "You book for them until they are 18. Does somebody else book for this child "
                "already, or is the person an adult? Then please ask us: we add you."
            ),
            " ",
            rx.el.a(Frame.phone, href=Frame.phone_href),
            class_name="meta",
        ),
        form(
            _name(_, ""),
            birth_date_fields(_, error=Family.problems["birth_date"], own=False),
            radios(
                _, "relation", _("What are they to you?"), relations(_), value="child",
                error=Family.problems["relation"],
            ),
            rx.el.div(
                button(_("Add"), kind="primary", submit=True, busy=Family.busy), class_name="row"
            ),
            on_submit=Family.add,
            key=Family.round.to_string(),
        ),
    )  # fmt: skip


def _name(_: Translator, value: str | rx.Var[str]) -> rx.Component:
    return field(
        _, "name", _("Full name"), error=Family.problems["name"], auto_complete="off",
        max_length=120, default_value=value,
    )  # fmt: skip


def _change(_: Translator) -> rx.Component:
    one = Family.chosen
    return rx.fragment(
        card(
            rx.el.p(one.age, " · ", one.born),
            rx.el.p(one.until),
            rx.el.p(_("To correct the date of birth, please call us."), class_name="hint"),
            form(
                _name(_, one.name),
                radios(
                    _, "relation", _("What are they to you?"), relations(_),
                    value=one.relation_code, error=Family.problems["relation"],
                ),
                rx.el.div(
                    button(_("Save"), kind="primary", submit=True, busy=Family.busy),
                    dialog_button(_("Stop booking for them"), opens="stop", kind="danger"),
                    class_name="row",
                ),
                on_submit=Family.save,
            ),
        ),
        dialog(
            _, "stop", _("Stop booking for them?"),
            rx.el.p(rx.el.strong(one.name)),
            rx.el.p(
                _(
                    "You will see their visits no more. What is booked stays booked: cancel it "
                    "first, or call us. Only the clinic can let you see them again."
                )
            ),
            actions=[
                button(
                    _("Yes, stop"), kind="danger-solid", on_click=Family.stop,
                    data_dialog_close="true",
                ),
            ],
            dismiss_label=_("Keep it"),
        ),
    )  # fmt: skip
