"""A number is proven by a code before anything else is sent there."""

import re
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import pytest

from medibook.kernel.actor import system
from medibook.kernel.errors import TooManyAttempts
from medibook.kernel.settings import Env, Settings
from medibook.kernel.throttle import Throttle
from medibook.notifications import service
from medibook.notifications.pages.choices import MessageChoices
from medibook.notifications.rules import NumberStopped
from medibook.notifications.schemas import Channel
from medibook.notifications.schemas.reach import Reach
from medibook.notifications.service import proving
from medibook.people import service as people
from medibook.people.schemas import NewPatientRecord
from medibook.people.service import profiles
from tests.notifications.test_sms_cap import leave, text
from tests.support.pages import cookie, visit
from tests.support.visits import at_once

THEIRS = "+447700900555"


@contextmanager
def writing(clinic):
    with clinic.medibook._writers, clinic.medibook._transaction(system("test"), writes=True) as uow:
        yield uow
        uow.session.commit()


def types_number(clinic, number=THEIRS):
    """Ada types a number that may be anybody's."""
    who = {"name": "Ada Abara", "address": "3 Elm Row"}
    clinic.perform(clinic.ada, people.change_patient_profile, phone=number, **who)


def texted(clinic, patient_id=None):
    """To which numbers an SMS about Ada would go."""
    with writing(clinic) as uow:
        return [each.phone for each in people.recipients(uow, patient_id or clinic.ada.patient_id)]


def code_in(clinic):
    rows = clinic.rows(
        "SELECT body FROM message WHERE kind = 'phone-code' ORDER BY created_at DESC"
    )
    return re.search(r"\b\d{6}\b", rows[0].body)[0]


def test_a_number_that_was_only_typed_is_sent_nothing_until_its_code_is_shown(clinic):
    assert texted(clinic) == ["+442079460123"]
    types_number(clinic)
    assert texted(clinic) == [""]
    assert clinic.perform(clinic.ada, service.my_number).is_proven is False
    clinic.perform(clinic.ada, service.send_phone_code)
    code = code_in(clinic)
    (kept,) = clinic.rows("SELECT code_hash FROM phone_code")
    assert code not in kept.code_hash
    assert not clinic.perform(
        clinic.ada, service.prove_my_number, code="000000" if code != "000000" else "1"
    )
    assert clinic.perform(clinic.ada, service.prove_my_number, code=code)
    assert texted(clinic) == [THEIRS]
    assert not clinic.perform(clinic.ada, service.prove_my_number, code=code), "a code is good once"
    types_number(clinic)
    assert texted(clinic) == [THEIRS], "nothing has changed"


def test_what_the_front_desk_writes_down_in_person_counts(clinic):
    new = NewPatientRecord(name="Cyd Clark", birth_date="1950-01-01", phone="+44 7700 900556")
    patient_id = clinic.perform(clinic.gus, people.add_patient, new=new)
    assert texted(clinic, patient_id) == ["+447700900556"]


def test_who_texts_acts_only_for_those_whose_number_it_is_proven_to_be(clinic):
    types_number(clinic)
    with writing(clinic) as uow:
        assert people.behind_number(uow, THEIRS) == ()
        assert people.patients_of_number(uow, THEIRS) == {clinic.ada.patient_id}, "people may guess"


def test_a_code_runs_out_in_time_and_in_tries_and_is_of_one_number(clinic):
    types_number(clinic)

    def fresh():
        clinic.later(hours=25)  # past every limit
        clinic.perform(clinic.ada, service.send_phone_code)
        return code_in(clinic)

    def shows(code):
        return clinic.perform(clinic.ada, service.prove_my_number, code=code)

    late = fresh()
    clinic.later(minutes=10)
    assert not shows(late)
    guessed = fresh()
    assert not any(shows("nothing") for _ in range(5))
    assert not shows(guessed)
    other = fresh()
    types_number(clinic, "+447700900557")
    assert not shows(other)
    assert texted(clinic) == [""]


def has_code(clinic, actor, **passed):
    """Whether somebody is sent a code after this time; the limiter's memory is lost each time."""
    clinic.later(**passed)
    clinic.medibook.throttle = Throttle()
    try:
        clinic.perform(actor, service.send_phone_code)
    except TooManyAttempts:
        return False
    return True


def test_codes_ring_a_number_once_an_hour_and_twice_a_day_whoever_asks(clinic):
    """Also after a restart, and in each of many processes: the rows are counted."""
    types_number(clinic)
    whose = {"name": "Ben Brandt", "address": "3 Elm Row", "phone": THEIRS}
    clinic.perform(clinic.ben, people.change_patient_profile, **whose)
    assert has_code(clinic, clinic.ada)
    assert not has_code(clinic, clinic.ben, minutes=59)
    assert has_code(clinic, clinic.ben, minutes=2)
    assert not has_code(clinic, clinic.ada, hours=22)
    assert has_code(clinic, clinic.ada, hours=2)


def test_one_person_has_five_codes_a_day_for_whatever_numbers(clinic):
    for number in range(5):
        types_number(clinic, f"+44770090060{number}")
        assert has_code(clinic, clinic.ada, minutes=5)
    types_number(clinic, "+447700900605")
    assert not has_code(clinic, clinic.ada, minutes=5)
    assert has_code(clinic, clinic.ada, hours=24)


def test_the_whole_clinic_sends_so_many_codes_a_day(clinic, monkeypatch):
    """Numbers are sold that earn by each SMS: many accounts must not make the clinic pay for them."""
    monkeypatch.setattr(proving, "_MOST_CODES", ((1, timedelta(days=1)),))
    types_number(clinic)
    assert has_code(clinic, clinic.ada)
    assert not has_code(clinic, clinic.ben, hours=23)
    assert has_code(clinic, clinic.ben, hours=1)


def test_codes_to_a_typed_number_use_up_nothing_of_what_its_owner_is_sent(clinic):
    types_number(clinic)
    clinic.medibook.settings = Settings(env=Env.TEST, sms_gateway_url="https://sms.invalid/")
    assert has_code(clinic, clinic.ada)
    assert len(leave(clinic)) == 1
    text(clinic, 3, THEIRS)
    assert len(leave(clinic)) == 3


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.parametrize("is_changed_meanwhile", [True, False])
def test_no_other_number_is_proven_by_a_code_at_the_same_moment(
    clinic, monkeypatch, is_changed_meanwhile
):
    """Whichever story looks at the number first, the other one waits for its end."""
    types_number(clinic)
    clinic.perform(clinic.ada, service.send_phone_code)
    code, victims = code_in(clinic), "+447700900888"

    def proves():
        clinic.perform(clinic.ada, service.prove_my_number, code=code)

    def changes():
        types_number(clinic, victims)

    first, second = (proves, changes) if is_changed_meanwhile else (changes, proves)
    real, others, looked = profiles.patients.my_patient_alone, [], []
    last = 2 if is_changed_meanwhile else 1  # at which look right before it writes

    def looks(uow):
        row = real(uow)
        looked.append(row)
        if len(looked) == last:
            others.append(Thread(target=second))
            others[0].start()
            others[0].join(1)
        return row

    monkeypatch.setattr(profiles.patients, "my_patient_alone", looks)
    first()
    others[0].join(20)
    (row,) = clinic.rows("SELECT phone, phone_proven_at FROM patient WHERE name = 'Ada Abara'")
    assert tuple(row) == (victims, None)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_double_click_writes_once_and_fails_nowhere(clinic):
    types_number(clinic)
    new = NewPatientRecord(name="Cyd Clark", birth_date="1950-01-01")
    of_cyd = {
        "patient_id": clinic.perform(clinic.gus, people.add_patient, new=new),
        "reach": Reach(),
        "locale": "en",
    }
    choices = clinic.perform(clinic.ada, service.my_choices)

    def stops():
        with clinic.medibook._transaction(system("test"), writes=True) as uow:
            service.opt_out(uow, channel=Channel.SMS, address=THEIRS)
            uow.session.commit()

    for act in (
        lambda: clinic.perform(clinic.ada, service.send_phone_code),
        lambda: clinic.perform(clinic.ada, service.change_my_choices, choices=choices),
        lambda: clinic.perform(clinic.gus, service.change_reach, **of_cyd),
        stops,
    ):
        answers = at_once(*[act] * 6)
        assert not [said for said in answers if isinstance(said, Exception)]
    assert clinic.rows("SELECT count(*) FROM message WHERE kind = 'phone-code'") == [(1,)]


def test_nobody_has_codes_sent_to_more_than_five_numbers_a_day(clinic):
    for last in range(6):
        types_number(clinic, f"+44770090057{last}")
        if last < 5:
            clinic.perform(clinic.ada, service.send_phone_code)
    with pytest.raises(TooManyAttempts):
        clinic.perform(clinic.ada, service.send_phone_code)


def test_a_number_of_ones_own_that_has_said_stop_is_sent_one_code_a_day(clinic):
    types_number(clinic)
    clinic.perform(clinic.ada, service.send_phone_code)
    assert clinic.perform(clinic.ada, service.prove_my_number, code=code_in(clinic))
    with writing(clinic) as uow:
        service.opt_out(uow, channel=Channel.SMS, address=THEIRS)
    assert has_code(clinic, clinic.ada, hours=24)
    assert not has_code(clinic, clinic.ada, hours=23)
    assert has_code(clinic, clinic.ada, hours=1)


def test_the_rows_count_what_was_sent_to_a_number_whoever_asked(clinic):
    """Also after a restart, when nothing is in the limiter's memory."""
    types_number(clinic)
    clinic.medibook.settings = Settings(env=Env.TEST, sms_gateway_url="https://sms.invalid/")
    text(clinic, 3, THEIRS)
    assert len(leave(clinic)) == 3
    with pytest.raises(TooManyAttempts):
        clinic.perform(clinic.ada, service.send_phone_code)
    clinic.later(minutes=61)
    clinic.perform(clinic.ada, service.send_phone_code)


def test_a_code_does_not_ring_who_has_said_stop_to_a_stranger(clinic):
    types_number(clinic)
    with writing(clinic) as uow:
        service.opt_out(uow, channel=Channel.SMS, address=THEIRS)
    with pytest.raises(NumberStopped):
        clinic.perform(clinic.ada, service.send_phone_code)


def test_the_page_sends_a_code_and_takes_it(clinic):
    types_number(clinic)

    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "ada@example.org"))
        await tab.opens("/account/messages")
        assert await tab.sees(MessageChoices, "can_prove")
        await tab.fires(MessageChoices.send_code)
        assert await tab.sees(MessageChoices, "awaits_code")
        await tab.fires(MessageChoices.prove, form_data={"code": "no"})
        assert "code" in await tab.sees(MessageChoices, "problems")
        await tab.fires(MessageChoices.prove, form_data={"code": code_in(clinic)})
        assert not await tab.sees(MessageChoices, "can_prove")

    visit(clinic, story, {"/account/messages": [MessageChoices.load]})
