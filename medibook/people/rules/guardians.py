"""Until when somebody may be acted for, and whom one may add oneself."""

from datetime import date

from medibook.people.schemas import PersonCard, Relation

_OF_AGE = 18
MOST_DEPENDANTS = 12


def comes_of_age(birth_date: date) -> date:
    """The eighteenth birthday, on which one decides for oneself; born on 29 February, on 1 March."""
    try:
        return birth_date.replace(year=birth_date.year + _OF_AGE)
    except ValueError:
        return date(birth_date.year + _OF_AGE, 3, 1)


def is_minor(birth_date: date, today: date) -> bool:
    """Tell whether somebody else decides for a person of this age."""
    return today < comes_of_age(birth_date)


def ends_on(birth_date: date, today: date) -> date | None:
    """The day on which a guardianship is over; an adult's has none, the clinic ends it."""
    return comes_of_age(birth_date) if is_minor(birth_date, today) else None


def relation_of(claim: str) -> Relation | None:
    """What a form says somebody is to the reader; None when it is none of ours."""
    return Relation(claim) if claim in set(Relation) else None


def age_on(day: date, birth_date: date) -> int:
    """How many years old somebody is."""
    before = (day.month, day.day) < (birth_date.month, birth_date.day)
    return max(day.year - birth_date.year - before, 0)


def chosen_of(people: tuple[PersonCard, ...], claim: str) -> PersonCard | None:
    """Whom a form or an address names among those one books for; None when it names nobody."""
    return next((p for p in people if p.patient_id.hex == claim.replace("-", "").lower()), None)
