"""The page of the people one books for, and the choice of whom a held time is for."""

from medibook.appointments.pages.book import Book
from medibook.appointments.pages.visits import Visits
from medibook.people import service as people
from medibook.people.pages.family import Family
from medibook.people.pages.guardians import Guardians
from tests.appointments.test_dependants import books
from tests.people.test_guardians import adds, books_for, guardianship_of
from tests.support.pages import cookie, visit

PAGES = {
    "/account/family": [Family.load],
    "/de/account/family": [Family.load],
    "/book": [Book.load],
    "/visits": [Visits.load],
}
AMIR = {
    "name": "Amir Abara",
    "birth_day": "2",
    "birth_month": "3",
    "birth_year": "2018",
    "relation": "child",
}


def test_a_parent_adds_a_child_reads_until_when_and_changes_the_name(clinic):
    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "ada@example.org"))
        await tab.opens("/account/family")
        assert await tab.sees(Family, "people") == []
        await tab.fires(Family.add, form_data=AMIR)
        assert await tab.sees(Family, "saved") == "You can now book for Amir Abara."
        (amir,) = await tab.sees(Family, "people")
        assert (amir.letters, amir.age, amir.relation) == ("AA", "8 years old", "Your child")
        assert "2 Mar 2036" in amir.until
        await tab.opens(amir.change.replace("family/?", "family?"))
        await tab.fires(Family.save, form_data={"name": "Amir Lowe", "relation": "other"})
        assert (await tab.sees(Family, "chosen")).name == "Amir Lowe"
        await tab.fires(Family.stop)

    visit(clinic, story, PAGES)
    assert books_for(clinic, clinic.ada) == ["Ada Abara"]


def test_every_mistake_is_told_at_its_field_and_an_adult_is_told_why(clinic):
    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "ada@example.org"))
        await tab.opens("/account/family")
        await tab.fires(Family.add, form_data={})
        assert set(await tab.sees(Family, "problems")) == {"name", "birth_date", "relation"}
        await tab.fires(Family.add, form_data={**AMIR, "birth_year": "1990"})
        problems = await tab.sees(Family, "problems")
        assert "adult" in problems["birth_date"]
        await tab.fires(Family.add, form_data=AMIR)
        await tab.fires(Family.add, form_data=AMIR)
        assert "already book for Amir Abara" in await tab.sees(Family, "problem")
        assert not await tab.sees(Family, "busy")

    visit(clinic, story, PAGES)


def test_somebody_elses_child_in_the_address_is_nobody(clinic):
    bens = adds(clinic, clinic.ben, name="Bo Brandt")

    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "ada@example.org"))
        await tab.opens(f"/account/family?change={bens.hex}")
        assert await tab.sees(Family, "gone")
        assert (await tab.sees(Family, "chosen")).name == ""
        await tab.fires(Family.stop)
        await tab.fires(Family.save, form_data={"name": "Mine", "relation": "child"})

    visit(clinic, story, PAGES)
    assert books_for(clinic, clinic.ben) == ["Ben Brandt", "Bo Brandt"]


def test_the_held_time_is_for_whom_one_chooses_and_the_typed_words_stay(open_clinic):
    clinic = open_clinic
    amir = adds(clinic, clinic.ada)
    wish = clinic.wish("Dr Cho", "2026-04-01 09:00")

    def held_for():
        return [str(r[0]).replace("-", "") for r in clinic.rows(
            "SELECT patient_id FROM hold JOIN busy_time ON source_id = hold.id "
            "AND resource_kind = 'patient'"
        )]  # fmt: skip

    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "ada@example.org"))
        await tab.opens(f"/book?slot={wish.address}")
        assert [o.label for o in await tab.sees(Book, "people")] == ["Me, Ada Abara", "Amir Abara"]
        assert await tab.sees(Book, "for_line") == "For you"
        assert held_for() == [clinic.ada.patient_id.hex]
        await tab.fires(Book.keep_words, words="a cough")
        await tab.fires(Book.change_whom, whom=amir.hex)
        assert await tab.sees(Book, "for_line") == "For Amir Abara"
        assert (await tab.sees(Book, "choice")).who == "Amir Abara"
        assert held_for() == [amir.hex]
        assert await tab.sees(Book, "reason") == "a cough"
        # Whoever is claimed and is none of hers: it is for herself.
        await tab.fires(Book.change_whom, whom=clinic.ben.patient_id.hex)
        assert held_for() == [clinic.ada.patient_id.hex]
        await tab.fires(Book.change_whom, whom=amir.hex)
        await tab.fires(Book.book, form_data={"reason": "a cough"})
        await tab.opens("/visits")
        (row,) = await tab.sees(Visits, "upcoming")
        assert row.for_line == "For Amir Abara"
        await tab.opens(f"/visits?of={clinic.ada.patient_id.hex}")
        assert await tab.sees(Visits, "upcoming") == []
        ending = guardianship_of(clinic, amir, "Ada Abara")
        clinic.perform(
            clinic.gus, people.revoke_guardianship, guardianship_id=ending, reason="A court"
        )
        await tab.opens("/visits")
        assert await tab.sees(Visits, "upcoming") == []
        assert await tab.sees(Visits, "people") == []

    visit(clinic, story, PAGES)


def test_a_time_that_the_child_cannot_have_stays_held_for_the_reader(open_clinic):
    clinic = open_clinic
    amir = adds(clinic, clinic.ada)
    wall = "2026-04-01 09:00"
    wish = clinic.wish("Dr Cho", wall)
    books(clinic, clinic.ada, amir, wall, "Dr Diaz")

    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "ada@example.org"))
        await tab.opens(f"/book?slot={wish.address}")
        await tab.fires(Book.change_whom, whom=amir.hex)
        assert "not free for them" in await tab.sees(Book, "problem")
        assert await tab.sees(Book, "step") == "check"
        assert await tab.sees(Book, "whom") == clinic.ada.patient_id.hex
        await tab.fires(Book.book, form_data={"reason": ""})

    visit(clinic, story, PAGES)
    names = [row[0] for row in clinic.rows(
        "SELECT name FROM appointment JOIN patient ON patient.id = appointment.patient_id")]  # fmt: skip
    assert sorted(names) == ["Ada Abara", "Amir Abara"]


def test_the_front_desk_lets_the_other_parent_book_and_ends_it_with_a_reason(clinic):
    amir = adds(clinic, clinic.ada)
    clinic.later(minutes=1)
    typed = {"email": "ben@example.org", "relation": "child", "reason": "", "records": "on"}

    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "gus@example.org"))
        await tab.opens("/desk/guardians?q=amir")
        (hit,) = await tab.sees(Guardians, "hits")
        assert (hit.name, hit.born) == ("Amir Abara", "born on 2 Mar 2018")
        await tab.opens(f"/desk/guardians?patient={hit.key}")
        await tab.fires(Guardians.grant, form_data=typed)
        assert set(await tab.sees(Guardians, "problems")) == {"reason"}
        await tab.fires(Guardians.grant, form_data={**typed, "reason": "Passports"})
        assert [g.name for g in await tab.sees(Guardians, "guardians")] == [
            "Ada Abara",
            "Ben Brandt",
        ]
        assert books_for(clinic, clinic.ben) == ["Ben Brandt", "Amir Abara"]
        ben = (await tab.sees(Guardians, "guardians"))[1]
        await tab.fires(Guardians.ask, guardian=ben.key)
        assert await tab.sees(Guardians, "ending_name") == "Ben Brandt"
        await tab.fires(Guardians.end, form_data={"why": " "})
        assert books_for(clinic, clinic.ben) == ["Ben Brandt", "Amir Abara"]
        await tab.fires(Guardians.end, form_data={"why": "A court"})
        assert await tab.sees(Guardians, "ending") == ""

    visit(clinic, story, {"/desk/guardians": [Guardians.load]})
    assert books_for(clinic, clinic.ben) == ["Ben Brandt"]
    assert [card.patient_id for card in clinic.perform(
        clinic.ada, people.people_i_book_for)][1:] == [amir]  # fmt: skip
