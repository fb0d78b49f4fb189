"""Who is offered which times: fair, and never one time to two."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from medibook.absences.rules import spread
from medibook.absences.schemas import AlternativeKind, Candidate, Wanting
from medibook.kernel.intervals import Interval

START = datetime(2026, 4, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATER, COLLEAGUE = AlternativeKind.SAME_PRACTITIONER, AlternativeKind.COLLEAGUE


def at(minutes, *, who=1, kind=COLLEAGUE, length=20, buffer=0):
    time = Interval(START + minutes * MINUTE, START + (minutes + length) * MINUTE)
    around = Interval(time.start - buffer * MINUTE, time.end + buffer * MINUTE)
    return Candidate(
        kind=kind, practitioner_id=UUID(int=who), service_id=UUID(int=9), location_id=UUID(int=8),
        zone="UTC", time=time, around=around, day=time.start.date(),
    )  # fmt: skip


def want(number, *candidates, patient=None):
    return Wanting(UUID(int=number), UUID(int=100 + (patient or number)), START, candidates)


def given_to(found, number):
    return found[UUID(int=number)]


def test_two_patients_are_never_offered_one_time():
    times = [at(0), at(20)]
    found = spread([want(1, *times), want(2, *times)])
    assert sorted(len(own) for own in found.values()) == [1, 1]
    assert given_to(found, 1) != given_to(found, 2)


def test_nobody_has_two_before_everybody_had_a_chance_of_one():
    """The first has three to choose from, the second only one of these: it goes to the second."""
    found = spread([want(1, at(0), at(20), at(40)), want(2, at(0))])
    assert given_to(found, 2) == (at(0),)
    assert given_to(found, 1) == (at(20), at(40))


def test_times_that_overlap_with_their_buffers_count_as_one():
    found = spread([want(1, at(0, buffer=10)), want(2, at(20, buffer=10))])
    assert sorted(len(own) for own in found.values()) == [0, 1]


def test_one_patient_with_two_visits_is_not_offered_two_times_at_once():
    found = spread([want(1, at(0, who=1), patient=1), want(2, at(10, who=2), patient=1)])
    assert sorted(len(own) for own in found.values()) == [0, 1]


def test_of_three_times_one_is_with_a_colleague_and_one_with_the_same_practitioner():
    near = [at(n * 20) for n in range(5)]
    found = spread([want(1, *near, at(24 * 60, who=2, kind=LATER))])
    assert {c.kind for c in given_to(found, 1)} == {COLLEAGUE, LATER}
    assert len(given_to(found, 1)) == 3


def test_what_cannot_be_kept_after_all_is_replaced_by_the_next():
    found = spread([want(1, at(0), at(20))], lambda _, c: c != at(0), most=1)
    assert given_to(found, 1) == (at(20),)


CANDIDATES = st.builds(
    at,
    st.integers(0, 30).map(lambda n: n * 10),
    who=st.integers(1, 3),
    buffer=st.sampled_from([0, 5]),
)


@given(st.lists(st.lists(CANDIDATES, max_size=12), min_size=1, max_size=8))
def test_whatever_there_is_nothing_overlaps_and_who_got_none_had_no_chance(lists):
    wants = [want(n, *own) for n, own in enumerate(lists, 1)]
    found = spread(wants)
    every = [(w, c) for w in wants for c in found[w.appointment_id]]
    for n, (w, c) in enumerate(every):
        assert c in w.candidates
        for v, d in every[n + 1 :]:
            if c.practitioner_id == d.practitioner_id:
                assert not c.around.overlaps(d.around)
            if w.patient_id == v.patient_id:
                assert not c.time.overlaps(d.time)
    firsts = spread(wants, most=1)
    for w in wants:
        if not found[w.appointment_id]:
            assert not firsts[w.appointment_id], "a second time never costs somebody the first"
            taken = [c for own in firsts.values() for c in own]
            for c in w.candidates:
                assert any(
                    c.practitioner_id == t.practitioner_id and c.around.overlaps(t.around)
                    for t in taken
                )
