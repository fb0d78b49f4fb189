"""Series: previewed as a whole, booked in one transaction."""

from medibook.appointments.schemas.series import SeriesMode
from tests.support.series import book, conflicts, preview, walls, wish


def test_a_series_is_previewed_and_booked_over_the_change_of_the_clocks(open_clinic):
    wished = wish(open_clinic, "Dr Cho", "2026-04-07 10:00", 4)
    shown = preview(open_clinic, "Ada", wished)
    assert conflicts(shown) == []
    card = book(open_clinic, "Ada", wished)
    assert walls(card) == [
        "2026-04-07 10:00",
        "2026-04-14 10:00",
        "2026-04-21 10:00",
        "2026-04-28 10:00",
    ]
    assert card.left_out == ()


def test_dates_that_cannot_be_had_say_so_and_offer_three_other_times(open_clinic):
    open_clinic.books("Ben", "Dr Cho", "2026-04-14 10:00")
    open_clinic.is_away("Dr Cho", "2026-04-21")
    wished = wish(open_clinic, "Dr Cho", "2026-04-07 10:00", 4)
    shown = preview(open_clinic, "Ada", wished)
    assert conflicts(shown) == ["2026-04-14", "2026-04-21"]
    assert [len(one.others) for one in shown.dates] == [0, 3, 3, 0]
    card = book(open_clinic, "Ada", wished, SeriesMode.SKIP)
    assert len(card.visits) == 2
