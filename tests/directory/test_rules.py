"""How a search is understood: plain words, "today" and "this week", and the ways out of nothing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from medibook.clinic.schemas import SpecialtyCard
from medibook.directory.rules.meaning import (
    specialties_hinted,
    specialties_meant,
    window,
    without,
)
from medibook.directory.schemas import SearchWish, When

SKIN = SpecialtyCard(
    specialty_id=UUID(int=1), code="dermatology", name="Dermatology", synonyms=("skin", "rash")
)
HEART = SpecialtyCard(
    specialty_id=UUID(int=2), code="cardiology", name="Cardiology", synonyms=("heart",)
)
BERLIN = ZoneInfo("Europe/Berlin")
HORIZON = timedelta(days=60)


@pytest.mark.parametrize("said", ["skin", "SKIN", "Dermatology", "dermatology", "Haut"])
def test_a_plain_word_in_any_of_our_languages_means_its_specialty(said):
    assert specialties_meant(SearchWish(text=said), [SKIN, HEART]) == [SKIN.specialty_id]


@pytest.mark.parametrize("said", ["skin doctor", "itchy  Skin", "my rash", "Facharzt Haut"])
def test_a_word_among_others_hints_at_its_specialty(said):
    assert specialties_hinted(SearchWish(text=said), [SKIN, HEART]) == [SKIN.specialty_id]


def test_a_part_of_a_word_hints_at_nothing():
    assert specialties_hinted(SearchWish(text="Skinner"), [SKIN, HEART]) == []


def test_a_name_means_no_specialty():
    assert specialties_meant(SearchWish(text="Rahman"), [SKIN, HEART]) is None


def test_an_unknown_specialty_finds_nobody_rather_than_everybody():
    assert specialties_meant(SearchWish(specialty="alchemy"), [SKIN, HEART]) == []


def test_today_ends_at_midnight_on_the_wall_also_when_the_clocks_change():
    now = datetime(2025, 10, 26, 0, 30, tzinfo=UTC)  # 02:30 in Berlin, for the first time
    asked = window(SearchWish(when=When.TODAY), now=now, horizon=HORIZON, zone=BERLIN)
    assert (asked.start, asked.end) == (now, datetime(2025, 10, 26, 23, 0, tzinfo=UTC))


def test_this_week_ends_on_sunday_night():
    now = datetime(2026, 3, 25, 9, 0, tzinfo=UTC)  # a Wednesday; the clocks change on Sunday
    asked = window(SearchWish(when=When.THIS_WEEK), now=now, horizon=HORIZON, zone=BERLIN)
    assert asked.end == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


def test_each_filter_is_a_way_out_and_what_is_not_set_is_none():
    wish = SearchWish(text="Rahman", city="Berlin", when=When.TODAY)
    ways = without(wish)
    assert set(ways) == {"when", "city", "text"}
    assert ways["city"] == SearchWish(text="Rahman", when=When.TODAY)
