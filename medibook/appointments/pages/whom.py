"""For whom a visit is: said on every step, and chosen while the time is held."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from medibook.people.schemas import PersonCard
from medibook.ui.components import Option, banner, radios
from medibook.ui.i18n import Translator

Words = str | rx.Var[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """A way to see one person's visits only."""

    key: str
    label: str
    href: str
    current: bool


def whose(_: Translator, people: tuple[PersonCard, ...], chosen: PersonCard | None) -> list[Whose]:
    """Everybody and each of those one books for; nothing when there is nobody but oneself."""
    if len(people) == 1:
        return []
    everybody = Whose(
        key="all", label=_("Everybody"), href=_.href("/visits/"), current=chosen is None
    )
    each = [
        Whose(
            key=one.patient_id.hex,
            label=_("You") if one.is_self else one.name,
            href=_.href(f"/visits/?of={one.patient_id.hex}"),
            current=one == chosen,
        )
        for one in people
    ]
    return [everybody, *each]


def options(_: Translator, people: tuple[PersonCard, ...]) -> list[Option]:
    """Those one books for, to choose from; nothing when there is nobody but oneself."""
    found = [
        Option(
            value=one.patient_id.hex,
            label=_("Me, {name}", name=one.name) if one.is_self else one.name,
        )
        for one in people
        if one.may_book
    ]
    return found if len(found) > 1 else []


def for_whom(_: Translator, name: str, *, is_self: bool) -> str:
    """What stands on every step of a visit that is somebody else's; nothing on one's own."""
    return "" if is_self else _("For {name}", name=name)


def for_banner(line: rx.Var[str]) -> rx.Component:
    """The line that stays in sight while one acts for somebody else."""
    return rx.cond(
        line, banner(rx.el.p(rx.el.strong(rx.el.bdi(line))), tone="sky", icon_name="users")
    )


def choice(
    _: Translator, people: rx.Var[list[Option]], *, value: Words, on_change: Any
) -> rx.Component:
    """Whom the held time is for, when there is somebody to choose."""
    asked = radios(
        _, "whom", _("Who is it for?"), people, value=value, in_row=True, on_change=on_change
    )
    return rx.cond(people.length() > 0, asked)
