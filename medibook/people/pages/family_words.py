"""Those one books for, in the reader's words."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from medibook.people.rules.guardians import age_on
from medibook.people.schemas import PersonCard, Relation
from medibook.ui.components import Option
from medibook.ui.i18n import N_, Translator
from medibook.ui.words import initials

_RELATIONS: Final[dict[Relation, str]] = {
    Relation.CHILD: N_("Your child"),
    Relation.GRANDCHILD: N_("Your grandchild"),
    Relation.FOSTER_CHILD: N_("Your foster child"),
    Relation.LEGAL_CARE: N_("In your legal care"),
    Relation.OTHER: N_("Somebody else in your care"),
}


# The same, as the front desk says it of two other people.
_BETWEEN: Final[dict[Relation, str]] = {
    Relation.CHILD: N_("Their child"),
    Relation.GRANDCHILD: N_("Their grandchild"),
    Relation.FOSTER_CHILD: N_("Their foster child"),
    Relation.LEGAL_CARE: N_("In their legal care"),
    Relation.OTHER: N_("Somebody else in their care"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Somebody one books for, as the page shows them."""

    key: str = ""
    name: str = ""
    letters: str = ""
    age: str = ""
    born: str = ""
    relation: str = ""
    relation_code: str = ""
    until: str = ""
    change: str = ""


def person_view(_: Translator, one: PersonCard, today: date) -> PersonView:
    """Make the words of somebody one books for."""
    until = (
        _("You book for them until {date}, when they come of age.",
          date=_.numeric_date(one.expires_on))
        if one.expires_on
        else _("You book for them until the clinic ends it.")
    )  # fmt: skip
    if not one.may_book:
        until = _("You can see what the clinic shares with you, but not book for them.")
    return PersonView(
        key=str(one.patient_id),
        name=one.name,
        letters=initials(one.name),
        age=_age(_, age_on(today, one.birth_date)),
        born=_("born on {date}", date=_.numeric_date(one.birth_date)),
        relation=_(_RELATIONS[one.relation]) if one.relation else "",
        relation_code=one.relation.value if one.relation else "",
        until=until,
        change=_.href(f"/account/family/?change={one.patient_id.hex}"),
    )


def relations(_: Translator) -> list[Option]:
    """What somebody may be to the reader, to choose from."""
    return [Option(value=one.value, label=_(words)) for one, words in _RELATIONS.items()]


def between(_: Translator, relation: Relation) -> str:
    """What a patient is to somebody else."""
    return _(_BETWEEN[relation])


def between_options(_: Translator) -> list[Option]:
    """What a patient may be to somebody else, to choose from."""
    return [Option(value=one.value, label=_(words)) for one, words in _BETWEEN.items()]


def _age(_: Translator, years: int) -> str:
    if not years:
        return _("under a year old")
    return _.plural("{count} year old", "{count} years old", years)
