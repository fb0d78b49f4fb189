"""Finding a doctor, as a patient does: who is found, in which order, and who never is."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from medibook.directory import service as directory
from medibook.directory.schemas import SearchWish, When
from medibook.kernel.errors import NotFound
from medibook.people import service as people


def found(clinic, **wish):
    page = clinic.perform(clinic.stranger, directory.search, wish=SearchWish(**wish))
    return [card.name for card in page.cards]


def test_approved_doctors_with_a_visit_type_are_found_and_applicants_are_not(listed_clinic):
    names = found(listed_clinic)
    assert any("Cho" in name for name in names)
    assert not any("Fay" in name for name in names)


def test_who_has_time_sooner_comes_first(listed_clinic):
    listed_clinic.at("2026-03-30 08:00")
    first = found(listed_clinic)[0]
    page = listed_clinic.perform(listed_clinic.stranger, directory.search, wish=SearchWish())
    starts = [card.next_times[0].starts_at for card in page.cards if card.next_times]
    assert starts == sorted(starts)
    assert first == page.cards[0].name


def test_a_name_is_found_by_any_of_its_words_in_any_case(listed_clinic):
    assert any("Cho" in name for name in found(listed_clinic, text="cHO"))


def test_signs_that_mean_something_to_the_database_mean_nothing_in_a_search(listed_clinic):
    assert found(listed_clinic, text="%") == []
    assert found(listed_clinic, text="_") == []
    assert found(listed_clinic, text="' OR 1=1 --") == []


def test_when_nobody_fits_the_page_says_which_filter_to_drop(listed_clinic):
    wish = SearchWish(text="nobody of that name", city="London")
    page = listed_clinic.perform(listed_clinic.stranger, directory.search, wish=wish)
    assert page.found == 0
    assert page.wider == ("text",)


def test_today_leaves_out_whoever_has_no_time_today(listed_clinic):
    listed_clinic.at("2026-03-28 12:00")  # a Saturday: everybody is closed
    assert found(listed_clinic, when=When.TODAY) == []


def test_a_suspended_doctor_is_neither_found_nor_shown(listed_clinic):
    cho = listed_clinic.cho
    listed = listed_clinic.perform(
        listed_clinic.stranger, directory.search, wish=SearchWish(text="Cho")
    )
    slug = listed.cards[0].slug
    listed_clinic.perform(
        listed_clinic.eve, people.suspend_account, user_id=cho.user_id, reason="on leave"
    )
    assert not any("Cho" in name for name in found(listed_clinic))
    with pytest.raises(NotFound):
        listed_clinic.perform(listed_clinic.stranger, directory.profile, slug=slug)


def test_a_search_asks_the_database_as_often_for_one_doctor_as_for_many(listed_clinic):
    def queries(**wish):
        counted = []
        engine = listed_clinic.medibook.engine

        def count(*_):
            counted.append(1)

        event.listen(engine, "before_cursor_execute", count)
        try:
            found(listed_clinic, **wish)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(counted)

    assert isinstance(listed_clinic.medibook.engine, sa.Engine)
    assert queries() <= queries(text="Cho") + 1
