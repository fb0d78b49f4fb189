"""Links in messages: who may do what with them, and that looking changes nothing."""

import re

import pytest

from medibook.answers import service as answers
from medibook.answers.schemas import Said
from medibook.appointments import service as appointments
from medibook.appointments.schemas.desk import DeskBooking
from medibook.kernel.actor import system_only
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import use_case
from medibook.notifications import service as notifications
from medibook.notifications.schemas.links import Action
from medibook.people import service as people
from medibook.people.schemas import NewDependant, NewPatientRecord
from medibook.scheduling import service as scheduling
from tests.support.answers import forms, knock, links_to, press, send, snapshot, ways
from tests.support.visits import at_once

NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"
ADA, BEN, OLGA = "ada@example.org", "ben@example.org", "olga@example.org"
SECRETS = ("Abara", "Dr", "Mina", "mole", "Skin", "Dermatology", "Elm")


@pytest.fixture
def booked(open_clinic):
    """Ada's visit, and the link that she was sent."""
    visit = open_clinic.books("Ada", "Dr Cho", NINE, reason="a mole")
    (link,) = links_to(open_clinic, ADA)
    return visit, link


def stamp(moment):
    return str(int(moment.timestamp()))


def audit_of(clinic, action):
    return clinic.rows(
        "SELECT outcome, role, reason FROM audit_event WHERE action LIKE :action ORDER BY seq",
        action=f"%{action}",
    )


# ── what is shown ───────────────────────────────────────────────────────────────────────────────


def test_a_link_shows_first_name_time_and_clinic_and_nothing_else(open_clinic, booked):
    page = knock("GET", booked[1])
    assert page.status_code == 200
    for said in ("Ada", "Wednesday 1 April, 09:00", "London time", "MediBook", "Yes, I will come"):
        assert said in page.text
    shown = page.text.replace(booked[1], "")  # the token may hold any letters
    for secret in (*SECRETS, booked[0].reference, str(booked[0].appointment_id)):
        assert secret not in shown, secret


def test_a_page_holds_no_script_and_keeps_its_address_to_itself(open_clinic, booked):
    for path in (booked[1], f"{booked[1]}/cancel", f"{booked[1]}/move", "/a/unknown"):
        page = knock("GET", path)
        assert "<script" not in page.text
        assert not re.search(r"\son\w+=|javascript:|style=", page.text)
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "no-store" in page.headers["cache-control"]
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy
        assert "set-cookie" not in page.headers


def test_a_page_speaks_the_language_of_the_message_or_the_one_that_is_chosen(open_clinic):
    open_clinic.books("Ben", "Dr Cho", NINE)
    (link,) = links_to(open_clinic, BEN)
    assert 'lang="de"' in knock("GET", link).text
    assert "Mittwoch, 1. April, 09:00" in knock("GET", link).text
    assert "Wednesday 1 April, 09:00" in knock("GET", f"{link}?lang=en").text
    assert "Mittwoch" in knock("GET", f"{link}?lang=xx").text


# ── what is done ────────────────────────────────────────────────────────────────────────────────


def test_a_patient_says_that_they_will_come_and_the_desk_reads_it(open_clinic, booked):
    visit, link = booked
    answer = press(link, "confirm")
    assert answer.status_code == 303
    assert "We expect you" in knock("GET", answer.headers["location"]).text
    at_desk = open_clinic.perform(
        open_clinic.gus, appointments.visit_at_desk, appointment_id=visit.appointment_id
    )
    assert at_desk.visit.confirmed_at == open_clinic.clock.time
    (row,) = audit_of(open_clinic, "answer_by_link")
    assert row.outcome == "ok"
    assert re.fullmatch(r"confirm by link [0-9a-f-]{36}", row.reason)
    facts = open_clinic.rows("SELECT kind FROM outbox_event")
    assert sum("AppointmentConfirmed" in kind for (kind,) in facts) == 1


def test_a_link_cancels_after_asking_once_more(open_clinic, booked):
    visit, link = booked
    (ask,) = [way for way in ways(knock("GET", link)) if "/cancel" in way]
    assert open_clinic.status(visit) == "booked"
    answer = press(ask, "cancel")
    assert answer.status_code == 303
    assert "You have cancelled it" in knock("GET", answer.headers["location"]).text
    assert open_clinic.status(visit) == "cancelled"
    assert open_clinic.column("cancelled_by_patient", visit)
    assert "09:00" in open_clinic.free("Dr Cho", "2026-04-01")


def test_a_link_moves_the_visit_to_a_free_time_that_its_page_shows(open_clinic, booked):
    visit, link = booked
    page = knock("GET", f"{link}/move?on=2026-04-01")
    to_ten = next(f for f in forms(page) if f[1]["to"] == stamp(open_clinic.moment(TEN)))
    answer = send(to_ten)
    assert "has moved to this time" in knock("GET", answer.headers["location"]).text
    assert open_clinic.column("wall_start", visit) == "2026-04-01T10:00"
    assert "09:00" in open_clinic.free("Dr Cho", "2026-04-01")
    assert open_clinic.overlaps() == []


def test_a_taken_time_leaves_the_visit_where_it_was_and_shows_the_others(open_clinic, booked):
    visit, link = booked
    page = knock("GET", f"{link}/move?on=2026-04-01")
    open_clinic.books("Ben", "Dr Cho", TEN)
    to_ten = next(f for f in forms(page) if f[1]["to"] == stamp(open_clinic.moment(TEN)))
    answer = send(to_ten)
    assert answer.status_code == 409
    assert "Your old time is kept" in answer.text
    assert forms(answer)
    assert open_clinic.column("wall_start", visit) == "2026-04-01T09:00"


def test_after_the_cut_off_the_page_says_so_with_the_clinics_number(open_clinic, booked):
    visit, link = booked
    form = forms(knock("GET", f"{link}/cancel"))[0]
    open_clinic.at("2026-03-31 20:00")
    page = knock("GET", link)
    assert "too late to move or cancel it online" in page.text
    assert "+44 20 7946 0100" in page.text
    assert [way for way in ways(page) if "/cancel" in way or "/move" in way] == []
    late = send(form)
    assert late.status_code == 409
    assert "Please call us" in late.text
    assert open_clinic.status(visit) == "booked"
    assert press(link, "confirm").status_code == 303  # to come, it is never too late


def test_an_offered_time_is_taken_and_the_others_are_free_again(open_clinic):
    visit, link = offered(open_clinic)
    page = knock("GET", link)
    takes = [form for form in forms(page) if form[0].endswith("/take")]
    assert len(takes) == 2
    assert send(takes[1]).status_code == 303
    assert open_clinic.status(visit) == "booked"
    assert open_clinic.column("wall_start", visit) == "2026-04-02T10:00"
    again = send(takes[0])
    assert again.status_code == 409
    assert "taken already" in again.text


def test_an_offer_is_declined(open_clinic):
    visit, link = offered(open_clinic)
    answer = press(link, "decline")
    assert "You want none of the times" in knock("GET", answer.headers["location"]).text
    assert open_clinic.status(visit) == "cancelled"


def offered(clinic):
    clinic.is_asked("Dr Cho")
    visit = clinic.books("Ada", "Dr Cho", NINE)
    times = [clinic.moment("2026-04-02 09:00"), clinic.moment("2026-04-02 10:00")]
    clinic.perform(
        clinic.cho, appointments.offer_other_times,
        appointment_id=visit.appointment_id, times=times, version=visit.version,
    )  # fmt: skip
    return visit, links_to(clinic, ADA)[0]


def test_what_was_read_before_the_clinic_moved_the_visit_confirms_and_cancels_nothing(
    open_clinic, booked
):
    visit, link = booked
    stale = [*forms(knock("GET", link)), *forms(knock("GET", f"{link}/cancel"))]
    open_clinic.perform(
        open_clinic.gus, appointments.reschedule_appointment,
        appointment_id=visit.appointment_id, starts_at=open_clinic.moment(TEN), version=visit.version,
    )  # fmt: skip
    for form in stale:
        answer = send(form)
        assert answer.status_code == 409
        assert "10:00" in answer.text
    assert open_clinic.status(visit) == "booked"
    assert open_clinic.column("confirmed_at", visit) is None


def test_a_move_forgets_that_they_said_they_would_come(open_clinic, booked):
    visit, link = booked
    press(link, "confirm")
    open_clinic.moves("Ada", visit, "Dr Cho", TEN)
    assert open_clinic.column("confirmed_at", visit) is None


# ── for whom ────────────────────────────────────────────────────────────────────────────────────


def at_the_desk(clinic, wall=NINE, **person):
    """A visit of somebody whom the front desk has written down; they have no account."""
    typed = {"name": "Olga Ott", "birth_date": "1950-01-02", "email": OLGA, **person}
    patient = clinic.perform(clinic.gus, people.add_patient, new=NewPatientRecord(**typed))
    new = DeskBooking(patient_id=patient, wish=clinic.wish("Dr Cho", wall), booking_key="desk")
    return clinic.perform(clinic.gus, appointments.book_for_patient, new=new)


def test_who_has_no_account_answers_by_the_link_too(open_clinic):
    visit = at_the_desk(open_clinic)
    (mail,) = open_clinic.mail_to(OLGA)
    assert "/visit/" not in mail.body
    (link,) = links_to(open_clinic, OLGA)
    assert "Olga" in knock("GET", link).text
    assert press(link, "confirm").status_code == 303
    board = forms(knock("GET", f"{link}/move?on=2026-04-01"))
    assert [send(board[4]).status_code for _ in range(2)] == [303, 303]
    assert open_clinic.column("wall_start", visit) == "2026-04-01T10:00"
    assert press(f"{link}/cancel", "cancel").status_code == 303
    assert open_clinic.status(visit) == "cancelled"
    by = open_clinic.rows(
        "SELECT role, user_id, actor_name FROM audit_event WHERE action LIKE '%answer_by_link'"
    )
    assert {(row.role, row.user_id) for row in by} == {("patient", None)}
    assert all(row.actor_name.startswith("link ") for row in by)
    assert "visit-cancelled" in {message.kind for message in open_clinic.mail_to(OLGA)}


def test_a_guardian_acts_while_the_guardianship_lives(open_clinic):
    child, visit = childs_visit(open_clinic)
    link = links_to(open_clinic, ADA)[0]
    assert "Mia" in knock("GET", link).text
    form = forms(knock("GET", link))[0]
    open_clinic.perform(open_clinic.ada, people.stop_acting_for, patient_id=child)
    gone, unknown = knock("GET", link), knock("GET", "/a/unknown")
    assert (gone.status_code, gone.text) == (404, unknown.text)
    assert send(form).status_code == 404
    assert open_clinic.column("confirmed_at", visit) is None


def childs_visit(clinic):
    child = clinic.perform(
        clinic.ada, people.add_dependant,
        new=NewDependant(name="Mia Abara", birth_date="2019-05-01", relation="child"),
    )  # fmt: skip
    held = clinic.perform(
        clinic.ada, scheduling.hold_slot, wish=clinic.wish("Dr Cho", NINE), for_patient=child
    )
    return child, clinic.confirms("Ada", held)


def test_who_acts_is_asked_again_when_it_is_done(open_clinic, booked):
    visit, link = booked
    token, said = link.rpartition("/")[2], Said(starts_at=visit.starts_at)
    who, _ = open_clinic.perform(open_clinic.stranger, answers.whose_link, token=token)
    with pytest.raises(NotFound):  # signed in, but not whom it was sent to
        open_clinic.perform(
            open_clinic.ben, answers.answer_by_link, token=token, action=Action.CANCEL, said=said
        )
    assert open_clinic.perform(open_clinic.ben, answers.what_to_answer, token=token) is None
    open_clinic.perform(
        open_clinic.eve, people.suspend_account, user_id=open_clinic.ada.user_id, reason="a test"
    )
    with pytest.raises(NotFound):  # between the two steps
        open_clinic.perform(
            who, answers.answer_by_link, token=token, action=Action.CANCEL, said=said
        )
    assert open_clinic.status(visit) == "booked"


def test_nobody_acts_by_a_guardians_link_when_the_guardianship_is_over(open_clinic):
    child, _visit = childs_visit(open_clinic)
    token = links_to(open_clinic, ADA)[0].rpartition("/")[2]
    assert open_clinic.perform(open_clinic.stranger, answers.whose_link, token=token) is not None
    open_clinic.perform(open_clinic.ada, people.stop_acting_for, patient_id=child)
    assert open_clinic.perform(open_clinic.stranger, answers.whose_link, token=token) is None


def test_a_link_about_a_child_opens_no_visit_of_the_parent(open_clinic, booked):
    visit, _ = booked
    child = open_clinic.perform(
        open_clinic.ada, people.add_dependant,
        new=NewDependant(name="Mia Abara", birth_date="2019-05-01", relation="child"),
    )  # fmt: skip
    link = made(open_clinic, visit, patient_id=child, user_id=open_clinic.ada.user_id)
    assert knock("GET", link).status_code == 404
    assert send((f"{link}/cancel", {"seen": stamp(visit.starts_at)})).status_code == 404
    assert open_clinic.status(visit) == "booked"


def test_a_suspended_account_answers_nothing(open_clinic, booked):
    visit, link = booked
    form = forms(knock("GET", link))[0]
    open_clinic.perform(
        open_clinic.eve, people.suspend_account, user_id=open_clinic.ada.user_id, reason="a test"
    )
    assert knock("GET", link).status_code == 404
    assert send(form).status_code == 404
    assert open_clinic.column("confirmed_at", visit) is None


# ── what opens nothing ──────────────────────────────────────────────────────────────────────────


def test_unknown_expired_and_of_another_purpose_look_alike(open_clinic, booked):
    visit, link = booked
    confirm_only = made(open_clinic, visit, actions=("confirm",))
    cancel = forms(knock("GET", f"{link}/cancel"))[0]
    other_purpose = send((cancel[0].replace(link, confirm_only), cancel[1]))
    unknown = send((cancel[0].replace(link, "/a/" + "x" * 43), cancel[1]))
    no_action = send((cancel[0].replace("/cancel", "/delete"), cancel[1]))
    open_clinic.at("2026-04-01 09:30")
    expired = knock("GET", link)
    assert {page.status_code for page in (other_purpose, unknown, no_action, expired)} == {404}
    assert len({page.text for page in (other_purpose, unknown, no_action, expired)}) == 1
    assert "+44 20 7946 0100" in expired.text
    assert open_clinic.status(visit) == "booked"


@use_case(allow=system_only)
def make_link(uow, *, visit, actions, patient_id=None, user_id=None, kind=None):
    about = appointments.about_visit(visit)
    if patient_id:
        about = about.model_copy(update={"patient_id": patient_id})
    if kind:
        about = about.model_copy(update={"kind": kind})
    return notifications.answer_link(
        uow, about=about, actions=actions, user_id=user_id, locale="en",
        expires_at=visit.starts_at,
    )  # fmt: skip


def made(clinic, visit, *, actions=("confirm", "move", "cancel"), **other):
    made = clinic.perform(
        clinic.who("the system"), make_link, visit=visit, actions=actions, **other
    )
    return "/a/" + made.rpartition("/")[2]


def test_a_link_of_one_patient_never_reaches_anothers_visit(open_clinic, booked):
    theirs = open_clinic.books("Ben", "Dr Cho", TEN)
    forged = made(open_clinic, theirs, patient_id=open_clinic.ada.patient_id)
    by_ada = made(open_clinic, theirs, user_id=open_clinic.ada.user_id)
    strange = made(open_clinic, theirs, kind="invoice")
    for link in (forged, by_ada, strange):
        assert knock("GET", link).status_code == 404
        assert send((f"{link}/cancel", {"seen": stamp(theirs.starts_at)})).status_code == 404
    assert open_clinic.status(theirs) == "booked"
    refused = [row for row in audit_of(open_clinic, "answer_by_link") if row.outcome == "not_found"]
    assert len(refused) == 3


def test_a_thousand_tokens_share_no_structure(open_clinic, booked):
    tokens = [made(open_clinic, booked[0]).rpartition("/")[2] for _ in range(1000)]
    assert len(set(tokens)) == 1000
    assert {len(token) for token in tokens} == {43}  # 256 bits
    for place in range(42):
        assert len({token[place] for token in tokens}) > 40, place
    kept = open_clinic.rows("SELECT token_hash FROM answer_link")
    assert not set(tokens) & {row.token_hash for row in kept}


def test_whoever_tries_many_tokens_must_wait_and_those_who_have_one_never_need(open_clinic, booked):
    for _ in range(150):
        assert knock("GET", booked[1]).status_code == 200
    answers = [knock("GET", f"/a/{'x' * 30}{number}").status_code for number in range(110)]
    assert answers[:99] == [404] * 99
    assert answers[-1] == 429
    # As pictures on somebody's page they must keep nobody from answering, or from signing in.
    assert knock("GET", booked[1]).status_code == 200
    assert open_clinic.signs_in("ada@example.org", client="127.0.0.1").token


def test_a_form_that_says_it_comes_from_another_site_is_refused(open_clinic, booked):
    visit, link = booked
    form = forms(knock("GET", link))[0]
    for headers in (
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
    ):
        assert send(form, **headers).status_code == 403
    assert open_clinic.column("confirmed_at", visit) is None
    assert knock("POST", form[0], data=form[1]).status_code == 303  # an old browser says nothing


# ── looking changes nothing ─────────────────────────────────────────────────────────────────────


def test_a_mail_scanner_that_follows_every_link_changes_no_row_at_all(open_clinic, booked):
    open_clinic.books("Ben", "Dr Diaz", TEN)
    told = [*links_to(open_clinic, ADA), *links_to(open_clinic, BEN), "/a/unknown", "/a/"]
    before, seen, todo = snapshot(open_clinic), set(), list(told)
    while todo:
        path = todo.pop()
        if path in seen or len(seen) > 60:
            continue
        seen.add(path)
        for method in ("GET", "HEAD"):
            page = knock(method, path, headers={"purpose": "prefetch", "sec-purpose": "prefetch"})
            assert page.status_code in (200, 303, 404), (method, path)
        page = knock("GET", path)
        todo += [*ways(page), *(action for action, _ in forms(page))]
        if "location" in page.headers:
            todo.append(page.headers["location"])
    assert len(seen) > 15
    assert snapshot(open_clinic) == before


# ── twice, and at once ──────────────────────────────────────────────────────────────────────────


def test_a_form_that_is_sent_twice_acts_once(open_clinic, booked):
    _, link = booked
    for page, to in ((link, "confirm"), (f"{link}/move?on=2026-04-01", "move")):
        form = next(f for f in forms(knock("GET", page)) if f[0].endswith(f"/{to}"))
        assert [send(form).status_code for _ in range(3)] == [303] * 3
    cancel = forms(knock("GET", f"{link}/cancel"))[0]
    assert [send(cancel).status_code for _ in range(3)] == [303] * 3
    changes = open_clinic.rows("SELECT to_status FROM appointment_change ORDER BY version")
    assert [row.to_status for row in changes] == ["booked", "booked", "cancelled"]
    kinds = [kind for (kind,) in open_clinic.rows("SELECT kind FROM outbox_event")]
    for name in ("AppointmentConfirmed", "AppointmentMoved", "AppointmentCancelled"):
        assert sum(name in kind for kind in kinds) == 1, name


def sent_at_once(*asked):
    return [answer.status_code for answer in at_once(*[lambda f=f: send(f) for f in asked])]


def test_confirming_and_cancelling_at_once_ends_in_one_of_both_orders(open_clinic, booked):
    visit, link = booked
    confirm, cancel = forms(knock("GET", link))[0], forms(knock("GET", f"{link}/cancel"))[0]
    codes = sent_at_once(confirm, cancel, confirm, cancel)
    assert codes[1] == codes[3] == 303
    assert set(codes) <= {303, 409}
    assert open_clinic.status(visit) == "cancelled"
    kinds = [kind for (kind,) in open_clinic.rows("SELECT kind FROM outbox_event")]
    assert sum("AppointmentCancelled" in kind for kind in kinds) == 1
    assert sum("SlotFreed" in kind for kind in kinds) == 1


def test_two_moves_at_once_leave_the_visit_at_one_of_them(open_clinic, booked):
    _, link = booked
    moves = forms(knock("GET", f"{link}/move?on=2026-04-01"))[3:5]
    codes = sent_at_once(*moves)
    assert sorted(codes) == [303, 409]
    assert len(open_clinic.rows("SELECT id FROM appointment_change")) == 2
    assert open_clinic.overlaps() == []
