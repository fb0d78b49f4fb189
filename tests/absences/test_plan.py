"""The preview writes nothing; the start keeps other times for each, and nothing is cancelled untold."""

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa

from medibook.absences import rules, service
from medibook.absences.schemas import AlternativeKind, CaseState, NewAbsence, Told
from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentStatus
from medibook.kernel.errors import Forbidden, Invalid, NotFound
from tests.absences.support import (
    THURSDAY,
    WEDNESDAY,
    absence,
    all_is_well,
    beat,
    board,
    case_of,
    heard,
    post,
    start,
)
from tests.support.visits import change_service


def preview(clinic, *args, by="Gus", **kwargs):
    new = absence(clinic, *args, **kwargs)
    return clinic.perform(clinic.who(by), service.preview_absence, new=new)


def holds(clinic):
    return clinic.rows("SELECT id FROM hold WHERE offer_of_absence_id IS NOT NULL")


def test_the_preview_says_who_is_affected_and_writes_nothing(booked):
    before = {t: booked.rows(f"SELECT count(*) FROM {t}") for t in ("hold", "message", "time_off")}
    seen = preview(booked)
    assert [p.patient_name for p in seen.proposals] == ["Ada Abara", "Ben Brandt"]
    assert all(p.is_reachable and len(p.alternatives) == 3 for p in seen.proposals)
    assert {t: booked.rows(f"SELECT count(*) FROM {t}") for t in before} == before


def test_what_is_started_is_what_was_shown(booked):
    seen = {
        p.patient_name: [c.time.start for c in p.alternatives] for p in preview(booked).proposals
    }
    started = start(booked)
    told = {
        line.case.patient_name: [a.starts_at for a in line.case.alternatives]
        for line in started.lines
    }
    assert told == seen


def test_each_has_three_times_that_are_kept_and_no_two_have_one(booked):
    started = start(booked)
    every = [(a.practitioner_id, a.starts_at) for ln in started.lines for a in ln.case.alternatives]
    assert len(every) == len(set(every)) == 6
    assert {a.kind for ln in started.lines for a in ln.case.alternatives} == {
        AlternativeKind.COLLEAGUE, AlternativeKind.SAME_PRACTITIONER,
    }  # fmt: skip
    wednesday = booked.free("Dr Cho", WEDNESDAY)
    assert wednesday == [], "the time off is written"
    assert len(holds(booked)) == 6
    assert booked.status(booked.notes["ada"]) == "booked", "nothing is cancelled"
    assert not booked.overlaps()
    assert all_is_well(booked) is True


def test_a_colleague_may_have_the_very_same_hour(booked):
    started = start(booked)
    card = case_of(booked, started, "Ada Abara")
    assert booked.notes["ada"].starts_at in {a.starts_at for a in card.alternatives}


def test_each_patient_gets_one_message_with_the_times_and_a_link(booked):
    start(booked)
    booked.later(minutes=3)
    post(booked)
    said = [m for m in booked.mail_to("ada@example.org") if m.kind == "absence-offer"]
    assert len(said) == 1
    assert "/a/" in said[0].body
    assert said[0].body.count("•") == 3
    assert "Mina" not in said[0].body, "who treats whom is nobody's to read over a shoulder"


def test_for_two_minutes_nobody_is_told(booked):
    start(booked)
    post(booked)
    assert not {kind for kind in heard(booked) if kind.startswith("absence")}


def test_a_second_click_starts_one_plan_and_another_plan_is_refused(booked):
    first = start(booked)
    assert start(booked).plan_id == first.plan_id
    with pytest.raises(rules.AbsenceRuns):
        start(booked, by="Dr Cho")
    with pytest.raises(rules.AbsenceRuns):
        start(booked, WEDNESDAY, THURSDAY)
    assert len(holds(booked)) == 6


def test_from_until_takes_only_what_reaches_into_it(booked):
    later = booked.books("Ada", "Dr Cho", f"{WEDNESDAY} 14:00")
    found = start(booked, starts=time(13, 30), ends=time(15))
    assert [line.case.appointment_id for line in found.lines] == [later.appointment_id]


def test_requests_are_affected_as_well(house):
    house.is_asked("Dr Cho")
    visit = house.books("Ada", "Dr Cho", f"{WEDNESDAY} 09:00")
    assert visit.status == "pending"
    assert [line.case.patient_name for line in start(house).lines] == ["Ada Abara"]


def test_who_has_arrived_is_spoken_to_not_written_to(booked):
    booked.at("2026-04-01 07:40")
    booked.perform(
        booked.gus, appointments.advance, appointment_id=booked.notes["ada"].appointment_id,
        to=AppointmentStatus.ARRIVED, version=1,
    )  # fmt: skip
    found = {line.case.patient_name: line for line in start(booked).lines}
    assert found["Ada Abara"].is_here
    assert found["Ada Abara"].must_call
    booked.later(minutes=3)
    post(booked)
    assert not {kind for kind in heard(booked) if kind.startswith("absence")}


def test_a_practitioner_sees_to_their_own_absence_only(booked):
    with pytest.raises(NotFound):
        preview(booked, by="Dr Diaz")
    with pytest.raises(NotFound):
        start(booked, by="Dr Diaz")
    found = start(booked, by="Dr Cho")
    with pytest.raises(NotFound):
        booked.perform(booked.diaz, service.absence_board, plan_id=found.plan_id)
    assert booked.perform(booked.eve, service.absence_board, plan_id=found.plan_id)
    for nobody in (booked.ada, booked.eve, booked.stranger):
        with pytest.raises(Forbidden):
            booked.perform(nobody, service.undo_absence, plan_id=found.plan_id)


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-04-02", "2026-04-01"), ("2026-03-01", "2026-03-02"), ("2026-04-01", "2026-12-01")],
)
def test_days_that_cannot_be_meant_are_refused_at_their_field(house, first, last):
    with pytest.raises(Invalid) as said:
        preview(house, first, last)
    assert "last_day" in said.value.problems


def test_nobody_is_offered_a_time_nearer_than_two_hours(booked):
    booked.at("2026-04-01 06:00")
    found = start(booked)
    soonest = min(a.starts_at for line in found.lines for a in line.case.alternatives)
    assert soonest >= booked.clock.now() + rules.NOTICE


def test_by_video_only_where_the_clinic_says_so(house):
    house.books("Ada", "Dr Cho", f"{WEDNESDAY} 09:00")
    video = house.offers("Dr Diaz", minutes=20, called="Video talk")
    change_service(house, video, is_video=True)
    skin = house.service("Dr Cho")
    seen = preview(house)
    assert seen.videos == {video: "Video talk"}
    assert AlternativeKind.VIDEO not in {c.kind for c in seen.proposals[0].alternatives}
    found = start(house, video_instead={skin: video})
    (line,) = found.lines
    by_video = [a for a in line.case.alternatives if a.kind is AlternativeKind.VIDEO]
    assert [a.is_video for a in by_video] == [True]


def test_times_that_the_absence_takes_are_offered_no_longer_by_another_plan(booked):
    first = start(booked, WEDNESDAY)
    booked.later(minutes=3)
    with_diaz = {
        a.alternative_id for ln in first.lines for a in ln.case.alternatives
        if a.practitioner_id == booked.diaz.practitioner_id
    }  # fmt: skip
    assert with_diaz
    start(booked, WEDNESDAY, "2026-04-30", who="Dr Diaz")
    still = {
        a.alternative_id
        for ln in board(booked, first.plan_id).lines
        for a in ln.case.alternatives
        if a.is_open
    }
    assert not with_diaz & still
    assert all_is_well(booked) is True


# ── what becomes of it by itself ────────────────────────────────────────────────────────────────


def test_a_visit_is_cancelled_an_hour_before_when_its_patient_was_told(booked):
    found = start(booked)
    booked.later(minutes=3)
    post(booked)
    booked.at("2026-04-01 06:59")
    assert beat(booked) == 2, "the times have run out: to be called"
    assert booked.status(booked.notes["ada"]) == "booked"
    booked.at("2026-04-01 07:00")
    beat(booked)
    assert booked.status(booked.notes["ada"]) == "cancelled"
    assert booked.status(booked.notes["ben"]) == "booked", "his is twenty minutes later"
    assert beat(booked) == 0
    assert board(booked, found.plan_id).may_undo is False
    post(booked)
    assert booked.mail_to("ada@example.org")[0].kind == "visit-cancelled"
    assert [m for m in booked.mail_to("cho@example.org") if m.kind == "visit-cancelled"] == []
    assert all_is_well(booked) is True


def test_nothing_is_cancelled_before_its_patient_was_told(booked):
    found = start(booked)
    booked.at("2026-04-01 07:30")  # nobody has carried the post
    beat(booked)
    assert booked.status(booked.notes["ada"]) == "booked"
    line = next(
        ln for ln in board(booked, found.plan_id).lines if ln.case.patient_name == "Ada Abara"
    )
    assert line.is_urgent
    booked.perform(booked.gus, service.note_reached, case_id=line.case.case_id, reached=True)
    beat(booked)
    assert booked.status(booked.notes["ada"]) == "cancelled", "told on the telephone"


def test_what_stands_in_the_app_unread_has_told_nobody(booked):
    found = start(booked)
    booked.later(minutes=3)
    post(booked)
    with booked.medibook.engine.begin() as connection:
        connection.execute(sa.text("UPDATE message SET state = 'dead' WHERE channel = 'email'"))
    line = board(booked, found.plan_id).lines[0]
    assert (line.told, line.must_call) == (Told.FAILED, True)
    booked.at("2026-04-01 07:30")
    beat(booked)
    assert booked.status(booked.notes["ada"]) == "booked"


def test_times_run_out_are_free_again_and_their_patients_on_the_list_of_calls(booked):
    found = start(booked)
    kept = [a for ln in found.lines for a in ln.case.alternatives]
    booked.later(hours=24, minutes=1)
    assert beat(booked) == 2
    lines = board(booked, found.plan_id).lines
    assert {ln.case.state for ln in lines} == {CaseState.CALL}
    assert all(ln.must_call for ln in lines)
    assert booked.rows("SELECT id FROM busy_time WHERE source_kind = 'hold'") == []
    assert kept
    assert all_is_well(booked) is True


def test_a_visit_that_is_cancelled_in_another_way_settles_its_case(booked):
    found = start(booked)
    booked.cancels("Ada", booked.notes["ada"])
    card = case_of(booked, board(booked, found.plan_id), "Ada Abara")
    assert (card.state, [a for a in card.alternatives if a.is_open]) == (CaseState.SETTLED, [])
    booked.later(minutes=3)
    post(booked)
    assert "absence-offer" not in heard(booked)
    assert all_is_well(booked) is True


def test_days_of_absence_are_meant_on_the_wall(house):
    seen = house.perform(
        house.gus,
        service.preview_absence,
        new=NewAbsence(
            practitioner_id=house.doctor("Dr Cho"),
            first_day=date(2026, 4, 1),
            last_day=date(2026, 4, 1),
        ),
    )
    assert seen.zone == "Europe/London"
    assert seen.period.start == house.moment(f"{WEDNESDAY} 00:00")
    assert seen.period.length == timedelta(days=1)
