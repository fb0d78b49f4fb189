"""Taken, declined, recorded on the telephone, undone: and two at once."""

from datetime import timedelta

import pytest

from medibook.absences import rules, service
from medibook.absences.schemas import AlternativeKind, CaseState, PlanState
from medibook.appointments import service as appointments
from medibook.kernel.errors import NotFound, Refusal
from tests.absences.support import (
    WEDNESDAY,
    all_is_well,
    beat,
    board,
    case_of,
    decline,
    heard,
    post,
    start,
    take,
    undo,
)
from tests.support.visits import at_once, change_service


@pytest.fixture
def running(booked):
    """The plan has been started, and everybody knows."""
    booked.notes["plan"] = start(booked)
    booked.later(minutes=3)
    post(booked)
    return booked


def ada(clinic):
    return case_of(clinic, clinic.notes["plan"], "Ada Abara")


def place_of(card, kind):
    return [a.kind for a in card.alternatives].index(kind)


def now(clinic, name="ada"):
    visit = clinic.notes[name].appointment_id
    return clinic.perform(clinic.gus, appointments.visit, appointment_id=visit)


def busy(clinic):
    return clinic.rows("SELECT id FROM busy_time WHERE source_kind = 'hold'")


# ── taking ──────────────────────────────────────────────────────────────────────────────────────


def test_a_visit_that_goes_to_a_colleague_stays_itself(running):
    card = ada(running)
    place = place_of(card, AlternativeKind.COLLEAGUE)
    taken = take(running, card, place)
    visit = now(running)
    assert (taken.state, taken.visit_id) == (CaseState.TAKEN, visit.appointment_id)
    assert visit.practitioner_id == running.diaz.practitioner_id
    assert visit.starts_at == card.alternatives[place].starts_at
    assert (visit.status, visit.reference) == ("booked", running.notes["ada"].reference)
    assert visit.fee == running.notes["ada"].fee, "the terms that were agreed stay"
    (change,) = running.rows(
        "SELECT from_practitioner_id FROM appointment_change WHERE version = 2"
    )
    assert str(change[0]).replace("-", "") == running.cho.practitioner_id.hex
    assert all_is_well(running) is True


def test_the_calendar_file_replaces_the_old_entry(running):
    take(running, ada(running), place_of(ada(running), AlternativeKind.COLLEAGUE))
    (said, *_) = [m for m in running.mail_to("ada@example.org") if m.kind == "visit-moved"]
    assert f"UID:{running.notes['ada'].appointment_id}@medibook" in said.attachment
    assert "SEQUENCE:2" in said.attachment
    assert running.mail_to("diaz@example.org")[0].subject == "A colleague's visit is yours"


def test_the_other_times_are_free_again_and_the_old_time_is_given_back(running):
    take(running, ada(running))
    card = case_of(running, board(running, running.notes["plan"].plan_id), "Ada Abara")
    assert [a for a in card.alternatives if a.is_open] == []
    taken = running.rows(
        "SELECT source_id FROM busy_time WHERE resource_kind = 'practitioner' AND source_kind = 'appointment'"
    )
    assert len(taken) == 2
    assert len(busy(running)) > 0, "what is kept for Ben stays kept"


def test_taking_twice_moves_once_and_another_one_afterwards_is_refused(running):
    card = ada(running)
    first = take(running, card)
    assert take(running, card) == first
    with pytest.raises(rules.AlreadyAnswered):
        take(running, card, 1)
    with pytest.raises(rules.AlreadyAnswered):
        decline(running, card)
    assert now(running).version == 2


def test_none_of_them_cancels_the_visit_with_the_reason(running):
    card = decline(running, ada(running))
    assert card.state is CaseState.DECLINED
    assert decline(running, ada(running)).state is CaseState.DECLINED
    visit = running.perform(
        running.ada, appointments.visit, appointment_id=running.notes["ada"].appointment_id
    )
    assert (visit.status, visit.cancel_reason) == ("cancelled", "The doctor is away")
    assert visit.cancelled_by_patient is False
    with pytest.raises(rules.AlreadyAnswered):
        take(running, ada(running))
    assert all_is_well(running) is True


def test_a_time_that_is_kept_can_be_taken_after_the_visit_was_cancelled(booked):
    booked.at("2026-04-01 06:30")
    found = start(booked)
    booked.later(minutes=3)
    post(booked)
    booked.at("2026-04-01 07:05")
    beat(booked)
    assert booked.status(booked.notes["ada"]) == "cancelled"
    card = case_of(booked, board(booked, found.plan_id), "Ada Abara")
    assert (card.state, card.is_cancelled) == (CaseState.WAITING, True)
    last = len(card.alternatives) - 1
    taken = take(booked, card, last)
    assert taken.visit_id != taken.appointment_id, "booked anew"
    visit = booked.perform(booked.ada, appointments.visit, appointment_id=taken.visit_id)
    assert (visit.status, visit.starts_at) == ("booked", card.alternatives[last].starts_at)
    assert visit.reason == "rash"
    assert all_is_well(booked) is True


def test_a_visit_that_becomes_one_by_video_is_booked_anew(house):
    house.notes["ada"] = house.books("Ada", "Dr Cho", f"{WEDNESDAY} 09:00")
    video = house.offers("Dr Diaz", minutes=20, called="Video talk")
    change_service(house, video, is_video=True)
    found = start(house, video_instead={house.service("Dr Cho"): video})
    card = case_of(house, found, "Ada Abara")
    taken = take(house, card, place_of(card, AlternativeKind.VIDEO))
    assert house.status(house.notes["ada"]) == "cancelled"
    visit = house.perform(house.ada, appointments.visit, appointment_id=taken.visit_id)
    assert (visit.is_video, visit.status) == (True, "booked")
    assert all_is_well(house) is True


def test_a_request_that_takes_another_time_is_booked(house):
    house.is_asked("Dr Cho")
    house.notes["ada"] = house.books("Ada", "Dr Cho", f"{WEDNESDAY} 09:00")
    card = case_of(house, start(house), "Ada Abara")
    take(house, card)
    assert house.status(house.notes["ada"]) == "booked"
    assert all_is_well(house) is True


def test_the_front_desk_records_what_is_said_on_the_telephone(running):
    take(running, ada(running), who="Gus")
    line = next(
        ln
        for ln in board(running, running.notes["plan"].plan_id).lines
        if ln.case.state is CaseState.TAKEN
    )
    assert line.by_phone
    running.perform(running.gus, service.note_reached, case_id=line.case.case_id, reached=True)


def test_it_is_nobody_elses_to_see_or_answer(running):
    for who in ("Ben", "Dr Diaz"):
        with pytest.raises(NotFound):
            take(running, ada(running), who=who)
        with pytest.raises(NotFound):
            decline(running, ada(running), who=who)
        with pytest.raises(NotFound):
            running.perform(running.who(who), service.absence_case, case_id=ada(running).case_id)


def test_a_message_that_has_not_left_is_withdrawn_by_the_answer(booked):
    booked.notes["plan"] = start(booked)
    take(booked, ada(booked), who="Gus")
    booked.later(minutes=3)
    post(booked)
    assert "absence-offer" not in {
        m.kind for m in booked.mail_to("ada@example.org") if m.state == "accepted"
    }


# ── undoing ─────────────────────────────────────────────────────────────────────────────────────


def test_undone_before_anybody_was_told_nobody_ever_hears_of_it(booked):
    found = start(booked)
    undo(booked, found)
    undo(booked, found)
    booked.later(minutes=10)
    post(booked)
    assert not {kind for kind in heard(booked) if kind.startswith("absence")}
    assert busy(booked) == []
    assert "10:00" in booked.free("Dr Cho", WEDNESDAY)
    assert booked.status(booked.notes["ada"]) == "booked"
    assert board(booked, found.plan_id).state is PlanState.UNDONE
    assert all_is_well(booked) is True


def test_who_was_told_is_told_that_all_stays(running):
    undo(running, running.notes["plan"])
    post(running)
    (said, *_) = running.mail_to("ada@example.org")
    assert said.kind == "absence-stays"
    assert said.subject == "Your visit stays as it was"
    with pytest.raises(rules.StaysAfterAll):
        take(running, ada(running))
    with pytest.raises(rules.StaysAfterAll):
        decline(running, ada(running))


def test_after_the_first_answer_the_plan_is_not_undone_as_a_whole(running):
    take(running, ada(running))
    with pytest.raises(rules.AnsweredAlready):
        undo(running, running.notes["plan"])
    assert board(running, running.notes["plan"].plan_id).may_undo is False


def test_an_undone_plan_can_be_started_again(running):
    undo(running, running.notes["plan"])
    running.later(minutes=5)
    again = start(running)
    assert again.plan_id != running.notes["plan"].plan_id
    assert all(len(line.case.alternatives) == 3 for line in again.lines)


# ── two at once ─────────────────────────────────────────────────────────────────────────────────


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


def test_the_patient_takes_one_while_the_desk_records_another(running):
    card = ada(running)
    answers = at_once(
        lambda: take(running, card, 0),
        lambda: take(running, card, 1, who="Gus"),
        lambda: decline(running, card, who="Gus"),
    )
    assert kinds(answers).count("CaseCard") == 1, answers
    assert all(isinstance(a, Refusal) or a.state for a in answers), answers
    assert not running.overlaps()
    assert all_is_well(running) is True


def test_undo_and_answer_at_once_one_of_them_holds(running):
    card = ada(running)
    answers = at_once(lambda: undo(running, running.notes["plan"]), lambda: take(running, card, 0))
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1, answers
    undone = board(running, running.notes["plan"].plan_id).state is PlanState.UNDONE
    assert (now(running).version == 1) is undone
    assert all_is_well(running) is True


def test_somebody_books_a_time_while_the_plan_keeps_it(booked):
    answers = at_once(
        lambda: start(booked),
        lambda: booked.perform(
            booked.ben, appointments.cancel_appointment,
            appointment_id=booked.notes["ben"].appointment_id,
        ),
        lambda: booked.books("Ben", "Dr Diaz", "2026-04-01 10:00"),
    )  # fmt: skip
    assert all(not isinstance(a, Exception) or isinstance(a, Refusal) for a in answers), answers
    assert not booked.overlaps()
    beat(booked)
    booked.later(minutes=3)
    post(booked)
    assert all_is_well(booked) is True


def test_two_desks_start_at_once_and_one_plan_stands(booked):
    answers = at_once(lambda: start(booked), lambda: start(booked, by="Dr Cho"))
    assert kinds(answers) == ["AbsenceRuns", "Board"], answers
    assert len(booked.rows("SELECT id FROM time_off")) == 1


def test_an_answer_as_the_time_comes_near_is_either_moved_or_booked_anew(booked):
    booked.at("2026-04-01 06:30")
    found = start(booked)
    booked.later(minutes=3)
    post(booked)
    booked.at("2026-04-01 07:05")
    card = case_of(booked, found, "Ada Abara")
    last = len(card.alternatives) - 1
    answers = at_once(lambda: take(booked, card, last), lambda: beat(booked))
    assert isinstance(answers[1], int), answers
    assert answers[0].state is CaseState.TAKEN, answers
    assert all_is_well(booked) is True
    assert booked.clock.now() + timedelta(hours=1) < answers[0].now_at
