"""The pages on which practitioners apply and admins decide."""

import pytest

from medibook.clinic.pages.admin_practitioners import Applications
from medibook.clinic.pages.claims_form import NO_NUMBER, claims_from, fee_from
from medibook.clinic.pages.profile import OwnProfile
from medibook.clinic.pages.register_practitioner import RegisterPractitioner
from tests.support.clinic import CARDIOLOGY, LONDON, PASSWORD
from tests.support.pages import cookie, visit

PAGES = {
    "/register/doctor": [RegisterPractitioner.load],
    "/profile": [OwnProfile.load],
    "/admin/doctors": [Applications.load],
}
OLGA = {
    "name": "Dr Olga Ort",
    "email": "olga@example.org",
    "phone": "+44 20 7946 0321",
    f"specialty_ids.{CARDIOLOGY}": str(CARDIOLOGY),
    "qualifications": "MB BS, London 2009",
    "licence_number": "GMC 7654321",
    "years_of_experience": "12",
    "languages.en": "en",
    "languages.de": "de",
    "location_id": str(LONDON),
    "fee": "45,50",
    "fee_currency": "GBP",
    "biography": "",
    "password": PASSWORD,
}


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("45", "EUR", 4500),
        (" 45.50 ", "EUR", 4550),
        ("45,50", "EUR", 4550),
        ("0", "GBP", 0),
        ("4500", "JPY", 4500),
        ("4.5", "KWD", 4500),
        ("", "EUR", NO_NUMBER),
        ("free", "EUR", NO_NUMBER),
        ("NaN", "EUR", NO_NUMBER),
        ("1e3", "EUR", 100000),
        ("1e999999999", "EUR", NO_NUMBER),  # to write out such a number takes hours
        ("-9e999999999", "EUR", NO_NUMBER),
        ("1e-999999999", "EUR", NO_NUMBER),
        ("0e999999999", "EUR", NO_NUMBER),
        ("45", "XXX", NO_NUMBER),
    ],
)
def test_a_fee_is_read_as_people_write_it(text, currency, minor):
    assert fee_from(text, currency) == minor


def test_what_was_ticked_is_read_box_by_box():
    claims = claims_from(OLGA)
    assert claims["specialty_ids"] == (CARDIOLOGY,)
    assert claims["languages"] == ("en", "de")
    assert claims["fee_minor"] == 4550


def test_an_application_is_told_every_mistake_at_once_and_then_taken(clinic):
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/register/doctor")
        options = await tab.sees(RegisterPractitioner, "options")
        assert [o.label for o in options.specialties] == ["Cardiology", "Dermatology"]
        await tab.fires(RegisterPractitioner.send, form_data={"fee": "a lot"})
        problems = await tab.sees(RegisterPractitioner, "problems")
        assert {"name", "email", "phone", "specialty_ids", "languages", "fee"} <= set(problems)
        assert {"licence_number", "years_of_experience", "password"} <= set(problems)
        await tab.fires(RegisterPractitioner.send, form_data=OLGA)
        assert await tab.sees(RegisterPractitioner, "sent_to") == "olga@example.org"

    visit(clinic, story, PAGES)


def test_a_question_reaches_the_applicant_and_saving_the_profile_answers_it(clinic):
    async def story(stage):
        admin = stage.tab(cookie=cookie(clinic, "eve@example.org"))
        await admin.opens("/admin/doctors")
        (fay,) = await admin.sees(Applications, "waiting")
        await admin.fires(Applications.ask, application=fay.key, what="ask")
        await admin.fires(Applications.answer, form_data={"reason": ""})
        assert set(await admin.sees(Applications, "problems")) == {"reason"}
        await admin.fires(Applications.answer, form_data={"reason": "Which year?"})
        assert await admin.sees(Applications, "done") == "Dr Fay Fuchs has been asked."

        applicant = stage.tab(cookie=cookie(clinic, "fay@example.org"))
        await applicant.opens("/profile")
        assert await applicant.sees(OwnProfile, "status") == "asked"
        assert await applicant.sees(OwnProfile, "reason") == "Which year?"
        await applicant.fires(OwnProfile.save, form_data={**OLGA, "name": "Dr Fay Fuchs"})
        assert await applicant.sees(OwnProfile, "problem") == ""
        assert await applicant.sees(OwnProfile, "status") == "pending"

    visit(clinic, story, PAGES)


def test_the_slower_of_two_admins_hears_who_was_faster(clinic):
    async def story(stage):
        slow, fast = (stage.tab(cookie=cookie(clinic, "eve@example.org")) for _ in range(2))
        for tab in (slow, fast):
            await tab.opens("/admin/doctors")
        (fay,) = await slow.sees(Applications, "waiting")
        await fast.fires(Applications.approve, application=fay.key, version=fay.version)
        assert await fast.sees(Applications, "done") == "Dr Fay Fuchs has been approved."
        clinic.later(minutes=2)
        await slow.fires(Applications.approve, application=fay.key, version=fay.version)
        assert (
            await slow.sees(Applications, "conflict") == "Eve Ekwueme approved this 2 minutes ago."
        )
        assert await slow.sees(Applications, "waiting") == []

    visit(clinic, story, PAGES)


def test_an_approved_practitioner_changes_the_fee_but_not_what_was_checked(clinic):
    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "cho@example.org"))
        await tab.opens("/profile")
        assert (await tab.sees(OwnProfile, "preview")).startswith("/doctor/?id=")
        typed = {**OLGA, "name": "Dr Mina Cho", "licence_number": "FORGED 1"}
        await tab.fires(OwnProfile.save, form_data=typed)
        assert await tab.sees(OwnProfile, "problem") == ""
        values = await tab.sees(OwnProfile, "values")
        assert (values.fee, values.licence) == ("45.50", "GMC 7654321")

    visit(clinic, story, PAGES)
