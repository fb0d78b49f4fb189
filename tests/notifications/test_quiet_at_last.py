"""No telephone rings at night because something was held up: it is judged when it would leave."""

from datetime import timedelta

import pytest

from medibook.notifications.schemas import Channel, Topic
from medibook.notifications.schemas.reader import Choices
from medibook.notifications.service import change_my_choices
from tests.notifications.test_push import adds_a_device, deliver, noted, push, tell
from tests.notifications.test_sms_cap import leave, text, texting

__all__ = ["noted", "push", "texting"]


def waiting(clinic):
    rows = clinic.rows("SELECT send_at, problem FROM message WHERE state = 'retry'")
    return [(str(row.send_at)[:16], row.problem) for row in rows]


def at_half_past_eight_and_one(clinic, **said):
    """Promised in London's evening, by day; nobody delivers until half past one."""
    clinic.at("2026-03-31 19:30")
    until = said.pop("lasts", None)
    if until is not None:
        said["useful_until"] = clinic.clock.now() + until
    text(clinic, zone="Europe/London", **said)
    clinic.later(hours=5)
    return leave(clinic)


def test_what_nobody_delivered_by_day_waits_for_the_morning(texting):
    assert at_half_past_eight_and_one(texting, lasts=timedelta(hours=20)) == []
    assert waiting(texting) == [("2026-04-01 07:00", "quiet hours")]
    texting.at("2026-04-01 07:00")
    assert len(leave(texting)) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "phone-code", "lasts": timedelta(hours=20)},
        {"kind": "sms-answer"},
        {"kind": "sms-desk"},
        {"topic": Topic.REMINDERS, "lasts": timedelta(hours=10)},
        {"topic": Topic.WAITLIST, "lasts": timedelta(hours=10)},
    ],
)
def test_what_somebody_waits_for_or_could_not_use_by_the_morning_rings(texting, said):
    assert len(at_half_past_eight_and_one(texting, **said)) == 1


def test_a_device_is_silent_in_its_owners_own_night(noted, push):
    adds_a_device(noted, push)
    hours = {"quiet_from": "14:00", "quiet_until": "16:00", "zone": "Europe/London"}
    visits = frozenset({(Topic.VISITS, Channel.PUSH)})
    own = Choices.model_validate({"wanted": visits, "speaks_of_devices": True, **hours})
    noted.at("2026-04-01 12:30")
    noted.perform(noted.ada, change_my_choices, choices=own)
    tell(noted, zone="Europe/London")
    noted.later(hours=1)
    assert (deliver(noted), push.requests) == (0, [])
    assert waiting(noted) == [("2026-04-01 15:00", "quiet hours")]
    noted.later(hours=2)
    assert deliver(noted) == 1
