"""Other times instead of the one that was asked for: offered, kept, taken, declined, lapsed."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from medibook.appointments import rules, service
from medibook.appointments.jobs import lapse_due_requests
from medibook.appointments.schemas import AppointmentCard
from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from medibook.operations.service.check import check_invariants
from medibook.scheduling.jobs import release_ended_holds
from medibook.scheduling.rules import HoldGone, SlotTaken
from medibook.scheduling.service import keep_hold, release_hold
from tests.support.visits import add_room, at_once, change_service

DAY = "2026-04-01"
NINE, TEN, TWO = f"{DAY} 09:00", f"{DAY} 10:00", "2026-04-02 14:00"
THREE = (TEN, f"{DAY} 11:20", TWO)


@pytest.fixture
def asked(open_clinic):
    """Dr Cho wants to be asked, and Ada has asked for Wednesday at nine."""
    open_clinic.is_asked("Dr Cho")
    open_clinic.notes["visit"] = open_clinic.books("Ada", "Dr Cho", NINE)
    return open_clinic


@pytest.fixture
def offered(asked):
    """Dr Cho has offered three other times."""
    asked.notes["visit"] = offer(asked)
    return asked


def offer(clinic, times=THREE, *, who="Dr Cho", note="", version=None):
    visit = clinic.notes["visit"]
    return clinic.perform(
        clinic.who(who),
        service.offer_other_times,
        appointment_id=visit.appointment_id,
        times=[clinic.moment(wall) for wall in times],
        version=version or visit.version,
        note=note,
    )


def the_offer(clinic, wall):
    start = clinic.moment(wall)
    return next(o for o in clinic.notes["visit"].offers if o.starts_at == start)


def take(clinic, wall=TEN, *, who="Ada"):
    return clinic.perform(
        clinic.who(who),
        service.take_offered_time,
        appointment_id=clinic.notes["visit"].appointment_id,
        offer_id=the_offer(clinic, wall).offer_id,
    )


def decline(clinic, reason="", *, who="Ada"):
    return clinic.perform(
        clinic.who(who),
        service.decline_offers,
        appointment_id=clinic.notes["visit"].appointment_id,
        reason=reason,
    )


def walls(clinic, moments):
    return [next(w for w in (NINE, *THREE) if clinic.moment(w) == m) for m in moments]


def facts(clinic):
    return [kind for (kind,) in clinic.rows("SELECT kind FROM outbox_event ORDER BY created_at")]


def all_is_well(clinic):
    """Every invariant that exists, asked of the database itself."""
    with Session(clinic.medibook.engine) as session:
        found = check_invariants(session, clinic.clock.now())
    return found == () or found


# ── offering ──────────────────────────────────────────────────────────────────────────────────


def test_an_offer_is_read_with_its_times_its_words_and_what_was_asked_for(asked):
    visit = offer(asked, note="I am in theatre that morning.")
    assert (visit.status, visit.version) == (Status.PROPOSED, 2)
    assert walls(asked, [o.starts_at for o in visit.offers]) == list(THREE)
    assert {o.location_name for o in visit.offers} == {"Elm Row"}
    assert visit.asked_for == asked.moment(NINE)
    (seen,) = asked.perform(asked.ada, service.my_visits).upcoming
    assert (seen.offers, seen.offer_note) == (visit.offers, "I am in theatre that morning.")
    assert all_is_well(asked) is True


def test_the_time_that_was_asked_for_is_free_again_and_the_offered_ones_are_nobodys(offered):
    free = offered.free("Dr Cho", DAY)
    assert "09:00" in free
    assert not {"10:00", "11:20"} & set(free)
    assert "14:00" not in offered.free("Dr Cho", "2026-04-02")
    for wall in THREE:
        with pytest.raises(SlotTaken) as refused:
            offered.holds("Ben", "Dr Cho", wall)
        assert len(refused.value.alternatives) == 3


def test_the_time_that_was_asked_for_may_be_among_the_offered_ones(asked):
    visit = offer(asked, (NINE, TEN))
    assert walls(asked, [o.starts_at for o in visit.offers]) == [NINE, TEN]
    assert "SlotFreed" not in facts(asked)
    with pytest.raises(SlotTaken):
        asked.holds("Ben", "Dr Cho", NINE)


def test_an_offered_time_is_taken_in_its_rooms_and_for_its_patient_too(asked):
    room = add_room(asked, "Room 1")
    change_service(asked, asked.service("Dr Cho"), needs_room=True)
    offer(asked, (TEN, TWO))
    busy = asked.rows("SELECT resource_kind FROM busy_time")
    assert sorted(kind for (kind,) in busy) == ["patient"] * 2 + ["practitioner"] * 2 + ["room"] * 2
    assert room
    with pytest.raises(SlotTaken):  # Ada cannot be at Dr Diaz's at ten: that time is kept for her
        asked.books("Ada", "Dr Diaz", TEN)
    assert all_is_well(asked) is True


def test_the_patients_own_holds_do_not_push_an_offer_away_and_are_not_pushed(offered):
    held = [offered.holds("Ada", "Dr Diaz", f"2026-04-03 {h}:00") for h in ("09", "10", "11")]
    offered.holds("Ada", "Dr Diaz", "2026-04-03 14:00")
    live = [offered.perform(offered.ada, keep_hold, hold_id=h.hold_id) for h in held[1:]]
    assert len(live) == 2
    with pytest.raises(SlotTaken):
        offered.holds("Ada", "Dr Cho", TEN)
    assert len(offered.perform(offered.ada, service.my_visits).upcoming[0].offers) == 3


def test_an_offer_is_no_hold_of_the_patients_own(offered):
    kept = the_offer(offered, TEN).offer_id
    for act in (keep_hold, release_hold):
        with pytest.raises(HoldGone):
            offered.perform(offered.ada, act, hold_id=kept)


def test_a_time_that_somebody_has_cannot_be_offered_and_the_request_stays_as_it_was(asked):
    asked.perform(
        asked.cho, service.accept_request,
        appointment_id=asked.books("Ben", "Dr Cho", TEN).appointment_id,
    )  # fmt: skip
    with pytest.raises(rules.TimeNotFree):
        offer(asked)
    assert asked.status(asked.notes["visit"]) == "pending"
    assert "09:00" not in asked.free("Dr Cho", DAY)
    assert all_is_well(asked) is True


@pytest.mark.parametrize(
    "times",
    [(), (*THREE, "2026-04-02 15:00"), (TEN, f"{DAY} 10:10")],
    ids=["none", "four", "overlapping"],
)
def test_an_offer_is_of_one_to_three_times_that_do_not_overlap(asked, times):
    with pytest.raises(Invalid) as refused:
        offer(asked, times)
    assert "times" in refused.value.problems


@pytest.mark.parametrize("wall", [f"{DAY} 12:30", "2026-03-30 08:30", "2026-04-04 10:00"])
def test_only_open_times_to_come_are_offered(asked, wall):
    with pytest.raises(rules.TimeNotFree):
        offer(asked, (TEN, wall))


def test_a_time_sooner_than_the_clinics_notice_may_be_offered_and_lapses_half_way(asked):
    asked.notes["visit"] = asked.books("Ada", "Dr Cho", TWO)
    asked.at(f"{DAY} 06:30")  # 07:30 on the wall; the notice is two hours
    visit = offer(asked, (f"{DAY} 09:20",))
    assert visit.lapses_at == asked.clock.now() + timedelta(minutes=55)


def test_the_same_offer_sent_twice_is_made_once(asked):
    first = offer(asked)
    assert offer(asked, version=1) == first
    assert facts(asked).count("TimesOffered") == 1
    with pytest.raises(rules.AnsweredBefore):
        offer(asked, (TEN,), version=1)


def test_a_request_that_has_changed_is_not_answered_from_an_old_page(asked):
    asked.moves("Ada", asked.notes["visit"], "Dr Cho", TWO)
    with pytest.raises(Conflict):
        offer(asked, (TEN,))


def test_who_may_offer_take_and_decline(asked):
    with pytest.raises(NotFound):
        offer(asked, who="Dr Diaz")
    for who in ("Ada", "Ben"):
        with pytest.raises(Forbidden):
            offer(asked, who=who)
    asked.notes["visit"] = offer(asked, who="Gus")
    with pytest.raises(Forbidden):
        take(asked, who="Dr Cho")
    for act in (take, decline):
        with pytest.raises(NotFound):
            act(asked, who="Ben")
    assert take(asked, who="Gus").status is Status.BOOKED  # Ada has called


def test_the_front_desk_does_not_read_what_the_doctor_wrote(asked):
    offer(asked, note="About the biopsy")
    seen = asked.perform(
        asked.gus, service.visit, appointment_id=asked.notes["visit"].appointment_id
    )
    assert (seen.offer_note, len(seen.offers)) == ("", 3)


def test_what_can_be_offered_is_what_is_free_and_the_time_that_was_asked_for(asked):
    asked.books("Ben", "Dr Cho", TEN)
    window = {"start": asked.moment(f"{DAY} 00:00"), "end": asked.moment("2026-04-02 00:00")}
    visit = asked.notes["visit"].appointment_id
    free = asked.perform(asked.cho, service.offerable_times, appointment_id=visit, **window)
    starts = [one.starts_at for one in free]
    assert asked.moment(NINE) in starts
    assert asked.moment(f"{DAY} 10:10") not in starts
    with pytest.raises(NotFound):
        asked.perform(asked.diaz, service.offerable_times, appointment_id=visit, **window)


# ── taking ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("wall", THREE)
def test_one_tap_books_that_time_and_frees_the_others(offered, wall):
    visit = take(offered, wall)
    assert (visit.status, visit.starts_at) == (Status.BOOKED, offered.moment(wall))
    assert (visit.lapses_at, visit.offers) == (None, ())
    assert visit.cancel_until == visit.starts_at - timedelta(hours=24)
    assert len(offered.rows("SELECT id FROM busy_time")) == 2
    for other in set(THREE) - {wall}:
        assert other[-5:] in offered.free("Dr Cho", other[:10])
    assert facts(offered).count("SlotFreed") == 3  # the one that was asked for, and two offers
    assert all_is_well(offered) is True


@pytest.mark.parametrize("wall", THREE)
def test_taking_a_time_twice_books_once(offered, wall):
    first = take(offered, wall)
    assert take(offered, wall) == first
    assert facts(offered).count("OfferTaken") == 1


def test_after_one_is_taken_the_others_cannot_be(offered):
    take(offered, TWO)
    for wall in (TEN, THREE[1]):
        with pytest.raises(rules.AlreadyChosen):
            take(offered, wall)
    with pytest.raises(rules.AlreadyChosen):
        decline(offered)


def test_an_offer_of_another_visit_is_none_of_this_one(offered):
    visit = offered.notes["visit"]
    offered.notes["visit"] = offered.books("Ben", "Dr Cho", "2026-04-03 09:00")
    bens = offer(offered, ("2026-04-03 10:00", "2026-04-03 11:00"))
    (foreign,) = [o.offer_id for o in bens.offers if o.offer_id != bens.appointment_id]
    for offer_id in (foreign, bens.appointment_id):
        with pytest.raises(rules.OfferGone):
            offered.perform(
                offered.ada, service.take_offered_time,
                appointment_id=visit.appointment_id, offer_id=offer_id,
            )  # fmt: skip
    assert offered.status(visit) == "proposed"
    assert all_is_well(offered) is True


def test_a_proposed_visit_is_not_moved_before_the_offer_is_answered(offered):
    with pytest.raises(rules.OffersOpen):
        offered.moves("Ada", offered.notes["visit"], "Dr Cho", "2026-04-03 09:00")


def test_none_of_these_frees_all_of_them(offered):
    visit = decline(offered, "I am away that week")
    assert (visit.status, visit.cancelled_by_patient) == (Status.CANCELLED, True)
    assert visit.asked_for == offered.moment(NINE)
    assert decline(offered) == visit
    assert offered.rows("SELECT id FROM busy_time") == []
    with pytest.raises(rules.NotOpen):
        take(offered)
    assert all_is_well(offered) is True


@pytest.mark.parametrize(("who", "reason"), [("Ada", ""), ("Dr Cho", "I am ill"), ("Gus", "ill")])
def test_cancelling_a_proposed_visit_frees_all_of_its_times(offered, who, reason):
    offered.cancels(who, offered.notes["visit"], reason)
    assert offered.rows("SELECT id FROM busy_time") == []
    assert all_is_well(offered) is True


# ── lapsing ───────────────────────────────────────────────────────────────────────────────────


def test_an_offer_that_nobody_answers_lapses_and_everything_is_free_again(offered):
    offered.clock.time = offered.notes["visit"].lapses_at
    for act in (take, lambda clinic: take(clinic, TWO)):
        with pytest.raises(rules.OfferGone):
            act(offered)
    assert [lapse_due_requests(offered.medibook) for _ in range(2)] == [1, 0]
    assert offered.status(offered.notes["visit"]) == "cancelled"
    assert offered.rows("SELECT id FROM busy_time") == []
    assert facts(offered).count("OffersLapsed") == 1
    assert "AppointmentLapsed" not in facts(offered)
    offered.books("Ada", "Dr Cho", "2026-04-02 15:00")  # what lapses comes back: she asks again
    assert all_is_well(offered) is True


def test_a_time_that_comes_near_lapses_alone_and_the_others_stay(offered):
    offered.clock.time = the_offer(offered, TEN).expires_at
    assert release_ended_holds(offered.medibook) == 1
    with pytest.raises(rules.OfferGone):
        take(offered, TEN)
    (seen,) = offered.perform(offered.ada, service.my_visits).upcoming
    assert walls(offered, [o.starts_at for o in seen.offers]) == list(THREE[1:])
    assert take(offered, TWO).status is Status.BOOKED
    assert all_is_well(offered) is True


def test_a_lapsed_offer_is_free_before_the_sweep_comes_round(offered):
    offered.clock.time = the_offer(offered, TEN).expires_at
    offered.policy(minimum_notice_minutes=0)
    assert offered.books("Ben", "Dr Cho", TEN)
    with pytest.raises(rules.OfferGone):
        take(offered, TEN)
    assert all_is_well(offered) is True


# ── races ─────────────────────────────────────────────────────────────────────────────────────


def test_twenty_who_take_two_of_the_times_at_once_have_exactly_one(offered):
    answers = at_once(*[lambda w=wall: take(offered, w) for wall in (TEN, TWO) * 10])
    booked = [a for a in answers if isinstance(a, AppointmentCard)]
    assert len(booked) == 10, answers  # the others of the winner's ten get the same visit
    assert len({a.starts_at for a in booked}) == 1
    assert all(isinstance(a, AppointmentCard | rules.AlreadyChosen) for a in answers), answers
    assert len(offered.rows("SELECT id FROM busy_time")) == 2
    assert all_is_well(offered) is True


def test_an_offer_is_taken_declined_cancelled_or_lapsed_but_only_one_of_these(offered):
    offered.clock.time = offered.notes["visit"].lapses_at - timedelta(seconds=1)
    visit = offered.notes["visit"]
    answers = at_once(
        lambda: take(offered, TWO),
        lambda: decline(offered),
        lambda: offered.cancels("Dr Cho", visit, "ill"),
        lambda: lapse_due_requests(offered.medibook),
    )
    assert all(isinstance(a, AppointmentCard | Refusal | int) for a in answers), answers
    assert all_is_well(offered) is True
    busy = len(offered.rows("SELECT id FROM busy_time"))
    assert busy == (0 if offered.status(visit) == "cancelled" else 2)


def test_a_time_is_offered_to_one_or_held_by_another_but_never_both(asked):
    answers = at_once(
        lambda: offer(asked, (TEN,)),
        *[lambda: asked.books("Ben", "Dr Cho", TEN) for _ in range(3)],
    )
    won = [a for a in answers if isinstance(a, AppointmentCard)]
    assert len(won) == 1, answers
    assert all(isinstance(a, AppointmentCard | Refusal) for a in answers), answers
    assert all_is_well(asked) is True


def test_of_two_answers_at_once_one_counts_and_the_other_hears_who_was_faster(asked):
    visit = asked.notes["visit"].appointment_id
    answers = at_once(
        lambda: offer(asked, who="Gus"),
        lambda: asked.perform(
            asked.cho, service.decline_request, appointment_id=visit, reason="full"
        ),
    )
    (refused,) = [a for a in answers if isinstance(a, Refusal)]
    assert isinstance(refused, rules.AnsweredBy), answers
    assert refused.facts["name"] in ("Gus Grau", "Dr Mina Cho")
    assert all_is_well(asked) is True


# ── messages ──────────────────────────────────────────────────────────────────────────────────


def kinds(clinic, address):
    return {m.kind for m in clinic.mail_to(address)}


def test_both_hear_of_an_offer_and_of_what_became_of_it(offered):
    (told, *_) = offered.mail_to("ada@example.org")
    for part in (
        "Wednesday 1 April 2026, 10:00 (London time)",
        "Wednesday 1 April 2026, 11:20 (London time)",
        "Thursday 2 April 2026, 14:00 (London time)",
        "Please answer by Thursday 2 April 2026, 09:00",
        f"/visit/?id={offered.notes['visit'].appointment_id}",
    ):
        assert part in told.body
    take(offered, TWO)
    assert kinds(offered, "ada@example.org") == {"times-offered", "visit-booked"}
    assert kinds(offered, "cho@example.org") == {"new-visit"}
    files = {m.kind: m.attachment_name for m in offered.mail_to("ada@example.org")}
    assert files == {"times-offered": "", "visit-booked": "visit.ics"}


def test_both_hear_that_an_offer_has_run_out(offered):
    offered.clock.time = offered.notes["visit"].lapses_at
    lapse_due_requests(offered.medibook)
    assert "offers-lapsed" in kinds(offered, "ada@example.org")
    assert "offers-lapsed" in kinds(offered, "cho@example.org")
    assert "Wednesday 1 April 2026, 09:00" in offered.mail_to("ada@example.org")[0].body


def test_the_practitioner_hears_that_none_was_wanted(offered):
    decline(offered, "I am away")
    (told, *_) = offered.mail_to("cho@example.org")
    assert told.kind == "offers-declined"
    assert "/requests/" in told.body
    assert "away" not in told.body


def test_what_stands_against_a_typed_time_is_said_in_full_and_notice_and_grid_do_not(asked):
    asked.books("Ben", "Dr Cho", TEN)

    def against(wall):
        start, visit = asked.moment(wall), asked.notes["visit"].appointment_id
        found = asked.perform(asked.cho, service.against_offer, appointment_id=visit, start=start)
        return [one.for_staff for one in found]

    assert against(NINE) == []  # it is this very request that has it
    assert against(f"{DAY} 11:03") == []
    assert against("2026-03-30 10:00") == []  # within the notice
    assert against("2026-07-01 10:00") == []  # beyond the horizon
    assert against(f"{DAY} 03:00") == ["Outside the opening hours."]
    assert len(against(TEN)) == 1
    with pytest.raises(NotFound):
        asked.perform(
            asked.diaz, service.against_offer,
            appointment_id=asked.notes["visit"].appointment_id, start=asked.moment(TEN),
        )  # fmt: skip
