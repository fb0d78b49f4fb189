"""The pages of accounts: what they say, what they keep, and to whom they open."""

import pytest

from medibook.people import service as people
from medibook.people.pages.account import Account
from medibook.people.pages.account_fields import birth_date_from
from medibook.people.pages.admin_accounts import Accounts
from medibook.people.pages.register import Register
from medibook.people.pages.reset import Reset
from medibook.people.pages.security import Security
from medibook.people.pages.sign_in import SignIn
from medibook.people.pages.verify import Verify
from tests.support.clinic import PASSWORD, new_patient
from tests.support.pages import cookie, visit

PAGES = {
    "/sign-in": [SignIn.load],
    "/de/sign-in": [SignIn.load],
    "/register": [Register.load],
    "/verify": [Verify.load],
    "/reset": [Reset.load],
    "/account": [Account.load, Security.load],
    "/admin/accounts": [Accounts.load],
}
NIA = {
    "name": "Nia Novak",
    "email": "nia@example.org",
    "phone": "+44 20 7946 0123",
    "address": "3 Elm Row",
    "birth_day": "17",
    "birth_month": "5",
    "birth_year": "1984",
    "password": PASSWORD,
}


@pytest.mark.parametrize("address", ["nia@example.org", "ada@example.org"])
def test_registering_says_the_same_whether_or_not_the_address_is_known(clinic, address):
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/register")
        await tab.fires(Register.send, form_data={**NIA, "email": address})
        assert await tab.sees(Register, "problem") == ""
        assert await tab.sees(Register, "sent_to") == address
        assert not await tab.sees(Register, "busy")

    visit(clinic, story, PAGES)


def test_a_chosen_time_survives_registering_and_the_link_in_the_mail(clinic):
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/register?next=/book/")
        await tab.fires(Register.send, form_data=NIA)

    visit(clinic, story, PAGES)
    link = clinic.link_in_mail_to("nia@example.org")
    assert clinic.proves(link).go_to == "/book/"


def test_every_mistake_is_told_at_once_at_its_field(clinic):
    async def story(stage):
        tab = stage.tab()
        await tab.opens("/register")
        await tab.fires(Register.send, form_data={})
        problems = await tab.sees(Register, "problems")
        assert set(problems) == {"name", "email", "phone", "address", "birth_date", "password"}
        assert await tab.sees(Register, "sent_to") == ""
        assert not await tab.sees(Register, "busy")

    visit(clinic, story, PAGES)


@pytest.mark.parametrize(
    ("day", "month", "year", "written"),
    [
        ("27", "3", "1984", "1984-03-27"),
        ("1", "01", "2001", "2001-01-01"),
        ("31", "2", "1984", "1984-02-31"),  # the rule refuses it: there is no such day
        ("27", "3", "84", ""),
        ("27th", "3", "1984", ""),
        ("", "", "", ""),
    ],
)
def test_three_fields_make_a_date_of_birth(day, month, year, written):
    form = {"birth_day": day, "birth_month": month, "birth_year": year}
    assert birth_date_from(form) == written


def test_sign_in_says_what_went_wrong_and_leads_only_to_our_own_pages(clinic):
    async def story(stage):
        tab = stage.tab(cookie="mb_flash=ada@example.org")
        await tab.opens("/sign-in?problem=wrong_credentials&next=//evil.example/")
        assert "not right" in await tab.sees(SignIn, "problem")
        assert await tab.sees(SignIn, "email") == "ada@example.org"
        assert await tab.sees(SignIn, "go_to") == ""
        await tab.goes("/de/sign-in?problem=made-up&next=/de/visits/")
        assert await tab.sees(SignIn, "problem") == ""
        assert await tab.sees(SignIn, "register") == "/de/register/?next=%2Fde%2Fvisits%2F"

    visit(clinic, story, PAGES)


def test_whoever_has_signed_in_is_offered_to_go_on(clinic):
    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "ada@example.org"))
        await tab.opens("/sign-in")
        assert await tab.sees(SignIn, "signed_in_as") == "Ada Abara"
        assert await tab.sees(SignIn, "go_on") == "/visits/"

    visit(clinic, story, PAGES)


def test_opening_the_link_in_a_message_confirms_nothing(clinic):
    clinic.perform(clinic.stranger, people.register_patient, new=new_patient())
    token = clinic.link_in_mail_to("nia@example.org")

    async def story(stage):
        tab = stage.tab()
        await tab.opens(f"/verify?token={token}")
        assert await tab.sees(Verify, "token") == token

    visit(clinic, story, PAGES)
    # The link still works: only the button's POST uses it up.
    assert clinic.proves(token).role == "patient"


@pytest.mark.parametrize(
    ("address", "state", "code", "words"),
    [
        ("/reset", Reset, "password_short", "15 characters"),
        ("/verify", Verify, "not_the_chosen_password", "not the password that was chosen"),
    ],
)
def test_a_refused_password_keeps_the_link_in_the_form(clinic, address, state, code, words):
    async def story(stage):
        tab = stage.tab(cookie="mb_link=abc")
        await tab.opens(f"{address}?problem={code}")
        assert await tab.sees(state, "token") == "abc"
        assert words in (await tab.sees(state, "problems"))["password"]
        await tab.goes(f"{address}?token=abc&problem=link_spent")
        assert await tab.sees(state, "token") == ""
        assert await tab.sees(state, "problems") == {}

    visit(clinic, story, PAGES)


def test_a_changed_password_signs_the_other_browsers_out(clinic):
    here, there = cookie(clinic, "ada@example.org"), cookie(clinic, "ada@example.org")

    async def story(stage):
        tab = stage.tab(cookie=here)
        await tab.opens("/account")
        assert len(await tab.sees(Security, "browsers")) == 2
        new = "eleven brass spoons nap"
        await tab.fires(Security.change, form_data={"old": "wrong", "new": new})
        assert set(await tab.sees(Security, "problems")) == {"old"}
        await tab.fires(Security.change, form_data={"old": PASSWORD, "new": new})
        assert await tab.sees(Security, "changed")
        assert [one.is_this_one for one in await tab.sees(Security, "browsers")] == [True]

    visit(clinic, story, PAGES)
    assert clinic.actor(there.partition("=")[2]).is_stranger


def test_only_admins_see_and_suspend_accounts(clinic):
    async def story(stage):
        for who in ("ada@example.org", "cho@example.org", "gus@example.org"):
            tab = stage.tab(cookie=cookie(clinic, who))
            await tab.opens("/admin/accounts")
            await tab.fires(Accounts.suspend, form_data={"reason": "because"})
            assert await tab.sees(Accounts, "lines") == []

    visit(clinic, story, PAGES)


def test_an_account_is_suspended_with_a_reason_and_never_the_own(clinic):
    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "eve@example.org"))
        await tab.opens("/admin/accounts?q=ada")
        (ada,) = await tab.sees(Accounts, "lines")
        await tab.fires(Accounts.ask, account=ada.key)
        await tab.fires(Accounts.suspend, form_data={"reason": " "})
        assert set(await tab.sees(Accounts, "problems")) == {"reason"}
        await tab.fires(Accounts.suspend, form_data={"reason": "Asked for it"})
        assert [one.is_suspended for one in await tab.sees(Accounts, "lines")] == [True]
        await tab.goes("/admin/accounts?role=admin")
        (eve,) = await tab.sees(Accounts, "lines")
        await tab.fires(Accounts.ask, account=eve.key)
        await tab.fires(Accounts.suspend, form_data={"reason": "Enough"})
        assert "your own account" in await tab.sees(Accounts, "problem")
        assert [one.is_suspended for one in await tab.sees(Accounts, "lines")] == [False]

    visit(clinic, story, PAGES)
