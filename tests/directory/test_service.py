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


def test_approved_doctors_with_a_visit_type_are_found_and_applicants_are_not(open_clinic):
    names = found(open_clinic)
    assert any("Cho" in name for name in names)
    assert not any("Fay" in name for name in names)


def test_who_has_time_sooner_comes_first(open_clinic):
    open_clinic.at("2026-03-30 08:00")
    first = found(open_clinic)[0]
    page = open_clinic.perform(open_clinic.stranger, directory.search, wish=SearchWish())
    starts = [card.next_times[0].starts_at for card in page.cards if card.next_times]
    assert starts == sorted(starts)
    assert first == page.cards[0].name


def test_a_name_is_found_by_any_of_its_words_in_any_case(open_clinic):
    assert any("Cho" in name for name in found(open_clinic, text="cHO"))


def test_signs_that_mean_something_to_the_database_mean_nothing_in_a_search(open_clinic):
    assert found(open_clinic, text="%") == []
    assert found(open_clinic, text="_") == []
    assert found(open_clinic, text="' OR 1=1 --") == []


def test_when_nobody_fits_the_page_says_which_filter_to_drop(open_clinic):
    wish = SearchWish(text="nobody of that name", city="London")
    page = open_clinic.perform(open_clinic.stranger, directory.search, wish=wish)
    assert page.found == 0
    assert page.wider == ("text",)


def test_today_leaves_out_whoever_has_no_time_today(open_clinic):
    open_clinic.at("2026-03-28 12:00")  # a Saturday: everybody is closed
    assert found(open_clinic, when=When.TODAY) == []


def test_a_suspended_doctor_is_neither_found_nor_shown(open_clinic):
    cho = open_clinic.cho
    listed = open_clinic.perform(
        open_clinic.stranger, directory.search, wish=SearchWish(text="Cho")
    )
    slug = listed.cards[0].slug
    open_clinic.perform(
        open_clinic.eve, people.suspend_account, user_id=cho.user_id, reason="on leave"
    )
    assert not any("Cho" in name for name in found(open_clinic))
    with pytest.raises(NotFound):
        open_clinic.perform(open_clinic.stranger, directory.profile, slug=slug)


def test_a_search_asks_the_database_as_often_for_one_doctor_as_for_many(open_clinic):
    def queries(**wish):
        counted = []
        engine = open_clinic.medibook.engine

        def count(*_):
            counted.append(1)

        event.listen(engine, "before_cursor_execute", count)
        try:
            found(open_clinic, **wish)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(counted)

    assert isinstance(open_clinic.medibook.engine, sa.Engine)
    assert queries() <= queries(text="Cho") + 1
