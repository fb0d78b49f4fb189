"""At the same moment: two taps, an answer and the beat, an exchange and a cancellation, two freed times."""

import sqlalchemy as sa

from medibook.appointments import service as appointments
from medibook.kernel.errors import Refusal
from medibook.waitlist import service
from tests.support.visits import at_once

DAY = "2026-04-01"
NINE, TEN, NEXT = f"{DAY} 09:00", f"{DAY} 10:00", "2026-04-02 09:00"


def act(clinic, who, story, **words):
    return lambda: clinic.perform(clinic.who(who), story, **words)


def test_two_taps_at_once_book_once(waiting):
    (visit,) = waiting.fills("Dr Cho", NINE)
    waiting.waits("Ada")
    waiting.cancels("Zoe", visit)
    tap = act(waiting, "Ada", service.accept_offer, offer_id=waiting.offer_to("Ada"))
    one, other = at_once(tap, tap)
    assert one == other
    assert not isinstance(one, Refusal)
    assert waiting.violations() == []


def test_an_answer_at_the_moment_of_its_end_is_one_or_the_other(waiting):
    (visit,) = waiting.fills("Dr Cho", NINE)
    waiting.waits("Ada")
    waiting.waits("Ben")
    waiting.cancels("Zoe", visit)
    offer = waiting.offer_to("Ada")
    yes = act(waiting, "Ada", service.accept_offer, offer_id=offer)
    no = act(waiting, "Ada", service.decline_offer, offer_id=offer)
    beat = waiting.beat
    answers = at_once(yes, no, beat)
    states = waiting.states("waitlist_offer")
    assert states in (["accepted"], ["declined", "open"]), answers
    assert waiting.overlaps() == []
    assert waiting.violations() == []


def test_an_exchange_and_a_cancellation_of_the_same_visit_do_not_wait_for_each_other(waiting):
    (visit,) = waiting.fills("Dr Cho", NINE)
    later = waiting.books("Ada", "Dr Cho", NEXT)
    waiting.waits("Ada", replaces_id=later.appointment_id)
    waiting.waits("Ben")
    waiting.cancels("Zoe", visit)
    yes = act(waiting, "Ada", service.accept_offer, offer_id=waiting.offer_to("Ada"))
    how = {"appointment_id": later.appointment_id, "reason": ""}
    off = act(waiting, "Ada", appointments.cancel_appointment, **how)
    for answer in at_once(yes, off):
        assert not isinstance(answer, Exception), answer
    assert waiting.status(later) == "cancelled"
    assert waiting.asked() == ["Ben 04-02 09:00"]
    assert waiting.violations() == []


def test_two_times_freed_at_once_ask_two_people(waiting):
    one, two = waiting.fills("Dr Cho", NINE), waiting.fills("Dr Diaz", TEN)
    waiting.waits("Ada")
    waiting.waits("Ben", "Dr Diaz")
    cancel = appointments.cancel_appointment
    answers = at_once(
        *(act(waiting, "Zoe", cancel, appointment_id=v.appointment_id) for v in (*one, *two))
    )
    assert not any(isinstance(answer, Exception) for answer in answers), answers
    assert sorted(waiting.asked()) == ["Ada 04-01 09:00", "Ben 04-01 10:00"]
    assert waiting.violations() == []


def test_a_freed_time_costs_one_look_when_nobody_waits(waiting):
    (visit,) = waiting.fills("Dr Cho", NINE)
    asked = []
    sa.event.listen(
        waiting.medibook.engine,
        "before_cursor_execute",
        lambda _c, _u, statement, *_: asked.append(statement),
    )
    waiting.cancels("Zoe", visit)
    # Withdrawing offers follows from bookings alone, so that cancelling asks for entries, once.
    assert len([each for each in asked if "waitlist" in each.replace("offer_of_waitlist", "")]) == 1
