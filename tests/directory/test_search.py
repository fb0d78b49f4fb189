"""What a search finds: words, places, filters, order, pages and counts."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from medibook.directory import service as directory
from medibook.directory.jobs import mend_directory
from medibook.directory.schemas import PartOfDay, SearchWish, Sort, When
from medibook.kernel.actor import system
from medibook.kernel.errors import NotFound
from medibook.people import service as people
from medibook.scheduling.service.hours import owners_named
from tests.support.clinic import new_practitioner
from tests.support.visits import BERLIN, LONDON, OpenClinic


def search(clinic: OpenClinic, **wish):
    return clinic.perform(clinic.stranger, directory.search, wish=SearchWish(**wish))


def names(clinic: OpenClinic, **wish) -> list[str]:
    return [card.name for card in search(clinic, **wish).cards]


def counts(clinic: OpenClinic, **wish):
    return clinic.perform(clinic.stranger, directory.facets, wish=SearchWish(**wish))


def put_on_the_map(clinic: OpenClinic, place: UUID, north: float, east: float) -> None:
    table = sa.table(
        "location", sa.column("id", sa.Uuid), sa.column("latitude"), sa.column("longitude")
    )
    with clinic.medibook.engine.begin() as connection:
        here = sa.update(table).where(table.c.id == place)
        connection.execute(here.values(latitude=north, longitude=east))


def take_in_many(clinic: OpenClinic, number: int) -> None:
    """So many more doctors in London, all alike but for their names, who are free as Dr Cho is."""
    made = []
    for n in range(number):
        new = new_practitioner(f"Dr Many {chr(65 + n)}ngstrom", f"many{n}@example.org")
        _, practitioner_id = clinic.perform(
            system("casting"), people.take_in_practitioner, new=new, approved=True
        )
        made.append(practitioner_id)
    cho = clinic.doctor("Dr Cho")
    with clinic.medibook.engine.begin() as connection:
        for name in ("service_offer", "available_time"):
            table = sa.Table(name, sa.MetaData(), autoload_with=connection)
            own = sa.select(table).where(table.c.practitioner_id == _as_stored(connection, cho))
            for row in connection.execute(own).mappings().all():
                for other in made:
                    copy = {**row, "practitioner_id": _as_stored(connection, other)}
                    if "id" in copy:
                        copy["id"] = _as_stored(connection, uuid4())
                    connection.execute(sa.insert(table).values(copy))
    mend_directory(clinic.medibook)


def _as_stored(connection: sa.Connection, identity: UUID) -> object:
    return identity if connection.dialect.name == "postgresql" else identity.hex


@pytest.mark.parametrize("typed", ["Choo", "cho", "Mina Cho", "Mnia", "Díaz", "diza", "Luís"])
def test_a_name_is_found_without_its_accents_and_with_a_letter_wrong(listed_clinic, typed):
    assert len(names(listed_clinic, text=typed)) == 1


def test_whoever_errs_is_told_what_was_looked_for_instead(listed_clinic):
    assert search(listed_clinic, text="Dr Mnia").meant == "Dr Mina"
    assert search(listed_clinic, text="Mina").meant == ""


def test_a_misspelt_specialty_is_understood(listed_clinic):
    page = search(listed_clinic, text="dermatolgy")
    assert [card.name for card in page.cards] == ["Dr Mina Cho"]
    assert page.meant == "dermatology"


def test_signs_that_no_name_has_find_nobody_and_break_nothing(listed_clinic):
    for typed in ("%%%", "\U0010ffff", "a" * 80, "' -- ;", "ß" * 80):
        assert names(listed_clinic, text=typed) == []


def test_a_postcode_says_how_far_it_is_and_leaves_out_who_is_further(listed_clinic):
    listed_clinic.opens("Dr Diaz", location=BERLIN)
    put_on_the_map(listed_clinic, LONDON, 51.5155, -0.0722)
    put_on_the_map(listed_clinic, BERLIN, 52.52, 13.405)
    page = search(listed_clinic, near="E1 1AA", sort=Sort.NEAREST)
    assert [card.name for card in page.cards] == ["Dr Mina Cho", "Dr Luis Diaz"]
    near, far = (card.kilometres for card in page.cards)
    assert near == pytest.approx(0)
    assert far == pytest.approx(931, abs=5)
    assert names(listed_clinic, near="e11aa", within=50) == ["Dr Mina Cho"]
    assert names(listed_clinic, near="Berlni", within=50) == ["Dr Luis Diaz"]


def test_a_place_that_nobody_knows_is_said_and_hides_nobody(listed_clinic):
    page = search(listed_clinic, near="Atlantis", within=5, sort=Sort.NEAREST)
    assert page.place_unknown
    assert len(page.cards) == 2


def test_fee_language_and_new_patients_can_be_asked_for(listed_clinic):
    assert names(listed_clinic, fee=44) == []
    assert len(names(listed_clinic, fee=45)) == 2
    assert len(names(listed_clinic, language="de")) == 2
    assert names(listed_clinic, language="fr") == []
    listed_clinic.perform(listed_clinic.cho, directory.take_new_patients, takes=False)
    assert names(listed_clinic, accepts_new=True) == ["Dr Luis Diaz"]
    assert search(listed_clinic, text="Cho").cards[0].accepts_new is False
    listed_clinic.perform(system("test"), directory.rebuild_directory)
    assert names(listed_clinic, accepts_new=True) == ["Dr Luis Diaz"]


def test_the_cheapest_comes_first_when_that_is_asked_for(listed_clinic):
    listed_clinic.offers("Dr Diaz", minutes=30, called="Heart check", fee=1000)
    assert names(listed_clinic, sort=Sort.FEE) == ["Dr Luis Diaz", "Dr Mina Cho"]


def test_evenings_find_whoever_works_then_and_their_evening_times(listed_clinic):
    listed_clinic.opens("Dr Diaz", [(day, "16:00", "19:00") for day in range(5)])
    page = search(listed_clinic, parts=(PartOfDay.EVENING,))
    assert [card.name for card in page.cards] == ["Dr Luis Diaz"]
    assert page.cards[0].next_times[0].starts_at == listed_clinic.moment("2026-03-30 17:00")
    assert search(listed_clinic, parts=(PartOfDay.MORNING,)).cards[0].name == "Dr Mina Cho"


def test_chosen_days_find_times_on_those_days_alone(listed_clinic):
    listed_clinic.is_away("Dr Diaz", "2026-04-01")
    wish = {"when": When.DAYS, "from_day": "2026-04-01", "to_day": "2026-04-01"}
    page = search(listed_clinic, **wish)
    assert [card.name for card in page.cards] == ["Dr Mina Cho"]
    first = page.cards[0].next_times[0].starts_at
    assert first == listed_clinic.moment("2026-04-01 09:00")
    assert page.is_exact
    assert page.found == 1


def test_pages_follow_each_other_without_double_or_gap(listed_clinic):
    take_in_many(listed_clinic, 23)
    for sort in (Sort.SOONEST, Sort.FEE):
        seen: list[str] = []
        after = ""
        for _ in range(4):
            page = search(listed_clinic, sort=sort, after=after)
            assert page.found == 25
            assert page.is_proven
            seen += [card.name for card in page.cards]
            after = page.next
            if not after:
                break
        assert len(seen) == len(set(seen)) == 25


def test_the_order_is_proven_also_when_every_stored_bound_is_stale(listed_clinic):
    take_in_many(listed_clinic, 23)
    listed_clinic.opens("Dr Diaz", [(0, "15:00", "17:00")])
    first = listed_clinic.moment("2026-03-30 11:00")
    for minutes in range(0, 60, 20):  # Dr Cho's hour before noon is taken, and no bound knows
        listed_clinic.books("Ada" if minutes else "Ben", "Dr Cho", f"2026-03-30 11:{minutes:02}")
    page = search(listed_clinic)
    starts = [card.next_times[0].starts_at for card in page.cards]
    assert starts == sorted(starts) == [first] * 10
    assert "Dr Mina Cho" not in [card.name for card in page.cards]


def test_counts_say_what_each_choice_would_leave(listed_clinic):
    listed_clinic.opens("Dr Diaz", location=BERLIN)
    everybody = counts(listed_clinic)
    assert everybody.specialties == {"dermatology": 1, "cardiology": 1}
    assert everybody.cities == {"London": 1, "Berlin": 1}
    assert everybody.fees == {0: 0, 50: 2, 100: 2, 200: 2}
    assert everybody.whens[When.ANY] == 2
    # A filter's own choices are counted as if it were open; the others stay as they are.
    here = counts(listed_clinic, city="London")
    assert here.cities == {"London": 1, "Berlin": 1}
    assert here.specialties == {"dermatology": 1}
    assert here.accepts_new == 1


def test_counts_are_what_the_searches_find(listed_clinic):
    take_in_many(listed_clinic, 5)
    mend_directory(listed_clinic.medibook)
    told = counts(listed_clinic)
    assert told.whens[When.THIS_WEEK] == search(listed_clinic, when=When.THIS_WEEK).found
    assert told.cities["London"] == search(listed_clinic, city="London").found
    assert told.specialties["dermatology"] == search(listed_clinic, specialty="dermatology").found


def test_a_search_takes_the_same_few_queries_however_many_there_are(listed_clinic):
    def asked(**wish) -> int:
        heard: list[str] = []
        engine = listed_clinic.medibook.engine

        def hear(_connection, _cursor, statement, *_):
            heard.append(statement)

        event.listen(engine, "before_cursor_execute", hear)
        try:
            search(listed_clinic, **wish)
        finally:
            event.remove(engine, "before_cursor_execute", hear)
        return sum(statement.startswith(("SELECT", "WITH")) for statement in heard)

    wish = {"specialty": "dermatology", "city": "London"}
    few = asked(**wish)
    take_in_many(listed_clinic, 10)  # more than a page of them
    assert asked(**wish) == few <= 8
    assert asked() <= 8


@pytest.mark.parametrize("signs", ["\0", "Cho\0", "%", "'; DROP TABLE patient; --", "\ufdfa" * 20])
def test_whatever_stands_in_an_address_is_an_empty_search_and_no_fault(listed_clinic, signs):
    """PostgreSQL takes no NUL, not even in a question; a stranger's address may hold one."""
    for field in ("text", "city", "near", "specialty", "after"):
        search(listed_clinic, **{field: signs})
    search(listed_clinic, language=signs[:8])
    with pytest.raises(NotFound):
        listed_clinic.perform(listed_clinic.stranger, directory.profile, slug=signs)
    listed_clinic.perform(listed_clinic.gus, owners_named, text=signs)


@pytest.mark.parametrize("first", [date.max, date(9999, 12, 12), date(2027, 6, 1), date.min])
def test_days_beyond_every_calendar_find_nobody_and_are_no_fault(listed_clinic, first):
    page = search(listed_clinic, when=When.DAYS, from_day=first, to_day=first)
    assert bool(page.cards) is (first == date.min)  # a day that is over means today
    assert bool(search(listed_clinic, when=When.DAYS, from_day=first).cards) is (first == date.min)
    assert counts(listed_clinic, when=When.DAYS, from_day=first).whens[When.ANY] == 2


@pytest.mark.parametrize("sort", Sort)
def test_a_page_that_goes_on_from_nowhere_is_no_fault(listed_clinic, sort):
    for number, found in ((2**61, 0), (2**31, 0), (-(2**31) - 1, 2), (-(2**61), 2)):
        goes_on = f"{number}.{UUID(int=7).hex}"
        shown = len(search(listed_clinic, sort=sort, after=goes_on).cards)
        # By time, these numbers are instants: half an hour after 1970, or the end of time.
        is_time = sort in (Sort.SOONEST, Sort.NEAREST)
        assert shown == (2 if is_time and number == 2**31 else found)
