"""What one person's device gets back is theirs alone, and what a reader has refused rings nowhere."""

from datetime import timedelta
from uuid import uuid4

import pytest

from medibook.notifications import service
from medibook.notifications.channels import choosing, webpush
from medibook.notifications.jobs import warn_of_overdue
from medibook.notifications.schemas import About, Channel, Topic
from medibook.notifications.schemas.push import Subscription
from medibook.notifications.schemas.reach import Reach
from medibook.people import service as people
from medibook.people.schemas import NewPatientRecord
from tests.notifications.test_delivery import WORKER
from tests.notifications.test_push import adds_a_device, deliver, noted, push, rows, tell
from tests.support.providers import busy

__all__ = ["noted", "push"]


@pytest.fixture
def engine_name():
    """What a push service answers is the same on every engine."""
    return "sqlite"


@pytest.fixture(autouse=True)
def nobody_is_given_a_pause():
    choosing._circuits.clear()
    yield
    choosing._circuits.clear()


def test_a_device_that_allowed_somebody_else_silences_itself_alone(noted, push):
    foreign = push.subscribes("the key of somebody else").subscription
    added = noted.perform(noted.ben, service.add_device, subscription=Subscription(**foreign))
    for _ in range(5):
        noted.perform(noted.ben, service.test_device, device_id=added.devices[0].device_id)
    assert deliver(noted) == 0
    assert rows(noted) == [("expired", 1, "answer 403: add this device again")] * 5
    (device,) = noted.perform(noted.ben, service.my_devices).devices
    assert device.problem == "answer 403: add this device again"
    noted.later(minutes=20)
    assert not warn_of_overdue(noted.medibook), "nobody of the clinic can help"
    adds_a_device(noted, push)
    tell(noted)
    assert deliver(noted) == 1


def test_a_device_that_is_told_too_much_delays_its_own_notes_alone(noted, push):
    adds_a_device(noted, push)
    push.then(*[busy(retry_after=3600)] * 5)
    for _ in range(5):
        tell(noted)
    assert deliver(noted) == 0
    adds_a_device(noted, push, noted.ben)
    tell(noted, noted.ben)
    assert deliver(noted) == 1


def test_what_breaks_after_it_was_sent_may_have_arrived(noted, push, monkeypatch):
    def breaks(*_args, **_limits):
        raise MemoryError

    adds_a_device(noted, push)
    tell(noted)
    monkeypatch.setattr(webpush, "exchange", breaks)
    deliver(noted)
    assert [state for state, *_ in rows(noted)] == ["unknown"]


def test_what_the_desk_notes_of_a_child_does_not_silence_the_device_of_an_adult(noted, push):
    adds_a_device(noted, push)
    new = NewPatientRecord(name="Kid Abara", birth_date="2018-02-03")
    kid = noted.perform(noted.gus, people.add_patient, new=new)
    nothing = Reach(by_email=False, by_sms=False, wants_reminders=False)
    noted.perform(noted.gus, service.change_reach, patient_id=kid, reach=nothing, locale="en")
    tell(noted, about=About(kind="appointment", about_id=uuid4(), patient_id=kid))
    assert deliver(noted) == 1


def test_a_note_of_the_desk_ends_when_there_is_an_account(noted):
    about = About(kind="appointment", about_id=uuid4(), patient_id=noted.ada.patient_id)
    soon = noted.clock.now() + timedelta(minutes=1)
    tell(noted, recipient_id=None, about=about, send_at=soon)
    with noted.medibook.engine.begin() as raw:
        raw.exec_driver_sql(
            "INSERT INTO patient_reach (patient_id, changed_at, by_email, by_sms, wants_reminders) "
            f"VALUES ('{noted.ada.patient_id.hex}', '2026-01-01 00:00:00', 0, 0, 0)"
        )
    noted.later(minutes=2)
    claim = noted.perform(WORKER, service.claim_due, channels=[Channel.EMAIL])
    assert noted.perform(WORKER, service.begin_attempts, claim=claim, judges={})


def test_news_that_was_refused_after_it_was_written_rings_on_no_device(noted, push):
    adds_a_device(noted, push)
    chosen = noted.perform(noted.ada, service.my_choices)
    news = {"wanted": chosen.wanted | {(Topic.NEWS, Channel.PUSH)}}
    noted.perform(noted.ada, service.change_my_choices, choices=chosen.model_copy(update=news))
    tell(noted, topic=Topic.NEWS)
    noted.perform(noted.ada, service.change_my_choices, choices=chosen)
    assert (deliver(noted), push.requests) == (0, [])
    assert rows(noted) == [("expired", 0, "wants no more news")]
