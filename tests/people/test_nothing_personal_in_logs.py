"""What people type and what opens accounts stands in no log, whatever goes wrong (I20)."""

import logging

import pytest
import sqlalchemy as sa

from medibook.kernel.errors import Refusal
from medibook.kernel.facts import Fact
from medibook.people import service as people
from tests.support.clinic import PASSWORD, new_patient

CANARIES = ("nia@example.org", "Nia Novak", "Elm Row", "1984-05-17", PASSWORD)


def test_a_whole_account_leaves_no_trace_in_the_log(clinic, caplog):
    caplog.set_level(logging.DEBUG)
    clinic.perform(clinic.stranger, people.register_patient, new=new_patient())
    token = clinic.link_in_mail_to("nia@example.org")
    session = clinic.proves(token)
    with pytest.raises(Refusal):
        clinic.signs_in("nia@example.org", "a wrong guess for Nia Novak")
    clinic.perform(clinic.actor(session.token), people.sign_out)
    assert [c for c in (*CANARIES, token, session.token) if c in caplog.text] == []


def test_a_failing_statement_shows_its_words_but_not_its_values(clinic, caplog):
    def poison(uow, *, fact, fact_id):
        uow.session.execute(sa.text("SELECT :name FROM nowhere"), {"name": new_patient().name})

    poison.__use_case__ = people.verify_link.__use_case__
    clinic.medibook.after_commit = {kind: [poison] for kind in Fact.__subclasses__()}
    clinic.perform(clinic.stranger, people.ask_password_reset, email="ada@example.org")
    clinic.work_off()
    assert "nowhere" in caplog.text
    assert "Nia Novak" not in caplog.text
