"""Check and book: what is said before the click is what is booked."""

from medibook.appointments.pages.book import Book
from medibook.clinic import service as clinic_service
from tests.support.pages import cookie, visit


def test_a_fee_that_rises_under_the_reader_is_said_before_anything_is_booked(open_clinic):
    wish = open_clinic.wish("Dr Cho", "2026-04-01 09:00")

    def fee_becomes(minor):
        open_clinic.perform(
            open_clinic.cho,
            clinic_service.offer_service,
            service_id=wish.service_id,
            fee_minor=minor,
            fee_currency="GBP",
        )

    def booked():
        return [tuple(row) for row in open_clinic.rows("SELECT fee_minor FROM appointment")]

    async def story(stage):
        tab = stage.tab(cookie=cookie(open_clinic, "ada@example.org"))
        await tab.opens(f"/book?slot={wish.address}")
        assert "45.00" in (await tab.sees(Book, "choice")).fee
        fee_becomes(99_900)
        await tab.fires(Book.book, form_data={"reason": "a mole"})
        assert "have just changed" in await tab.sees(Book, "problem")
        assert booked() == []
        assert "999.00" in (await tab.sees(Book, "choice")).fee
        assert await tab.sees(Book, "reason") == "a mole"
        await tab.fires(Book.book, form_data={"reason": "a mole"})
        assert booked() == [(99_900,)]

    visit(open_clinic, story, {"/book": [Book.load]})
