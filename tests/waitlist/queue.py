"""A clinic with a waiting list, in the words of the front desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from medibook.appointments import service as appointments
from medibook.appointments.schemas.desk import DeskBooking
from medibook.kernel.actor import Actor, Role, system
from medibook.operations.service.check import check_invariants
from medibook.people import service as people
from medibook.waitlist import jobs
from medibook.waitlist import service as waitlist
from medibook.waitlist.schemas import NewEntry
from tests.support.clinic import new_patient
from tests.support.visits import OpenClinic


class WaitingClinic(OpenClinic):
    """A clinic in which people wait."""

    def comes(self, name: str) -> Actor:
        """Somebody new registers; later they are called by their first name."""
        email = f"{name.lower()}@example.org"
        user_id, patient_id = self.perform(
            system("casting"), people.take_in_patient, new=new_patient(f"{name} Nyx", email)
        )
        self.notes[name] = Actor(
            role=Role.PATIENT, user_id=user_id, patient_id=patient_id, name=f"{name} Nyx"
        )
        return self.notes[name]

    def who(self, name: str) -> Actor:
        return self.notes[name] if name in self.notes else super().who(name)

    def waits(self, who: str, whom: str = "Dr Cho", **wish: Any) -> UUID:
        """Somebody joins for the usual visit of a practitioner, a second after whoever did before."""
        self.later(seconds=1)
        if "specialty_id" not in wish:
            wish.setdefault("service_id", self.service(whom or "Dr Cho"))
        if whom:
            wish.setdefault("practitioner_ids", (self.doctor(whom),))
        return self.perform(self.who(who), waitlist.join_waitlist, new=NewEntry(**wish))

    def books_at_desk(self, who: str, whom: str, wall: str, *, overbook: str = "") -> Any:
        """The front desk books a time for somebody."""
        patient_id = self.who(who).patient_id
        assert patient_id is not None
        number = self.notes["desk"] = self.notes.get("desk", 0) + 1
        new = DeskBooking(
            patient_id=patient_id,
            wish=self.wish(whom, wall),
            booking_key=f"desk-{number}",
            overbook_reason=overbook,
        )
        return self.perform(self.gus, appointments.book_for_patient, new=new)

    def fills(self, whom: str, *walls: str) -> list[Any]:
        """Somebody whom nobody knows has these times already; returns their visits."""
        if "Zoe" not in self.notes:
            self.comes("Zoe")
        return [self.books_at_desk("Zoe", whom, wall) for wall in walls]

    def calls_off(self, *visits: Any) -> None:
        """The front desk cancels visits of people who have called."""
        for visit in visits:
            cancel = appointments.cancel_appointment
            self.perform(
                self.gus, cancel, appointment_id=visit.appointment_id, reason="they called"
            )

    def suspends(self, who: str) -> None:
        """An admin keeps somebody's account out."""
        user_id = self.who(who).user_id
        self.perform(self.eve, people.suspend_account, user_id=user_id, reason="a dispute")

    def _names(self) -> dict[UUID | None, str]:
        known = {key: each for key, each in self.notes.items() if isinstance(each, Actor)}
        known |= {"Ada": self.ada, "Ben": self.ben}
        return {each.patient_id: key for key, each in known.items()}

    def offers_made(self) -> list[tuple[str, str, str]]:
        """Every offer in the order in which it was made: to whom, for when in London, what came of it."""
        names = self._names()
        rows = self.rows(
            "SELECT patient_id, starts_at, state FROM waitlist_offer "
            "ORDER BY offered_at, closed_at IS NULL, closed_at, starts_at"
        )
        return [(names[uuid_of(who)], wall_of(start), state) for who, start, state in rows]

    def asked(self) -> list[str]:
        """Who considers an offer now, for when."""
        return [f"{who} {wall}" for who, wall, state in self.offers_made() if state == "open"]

    def offer_to(self, who: str) -> UUID:
        """The open offer of somebody."""
        patient = self.who(who).patient_id
        rows = self.rows("SELECT id, patient_id FROM waitlist_offer WHERE state = 'open'")
        return next(uuid_of(row.id) for row in rows if uuid_of(row.patient_id) == patient)

    def accepts(self, who: str) -> UUID:
        return self.perform(self.who(who), waitlist.accept_offer, offer_id=self.offer_to(who))

    def declines(self, who: str) -> None:
        self.perform(self.who(who), waitlist.decline_offer, offer_id=self.offer_to(who))

    def leaves(self, who: str, entry: UUID) -> None:
        self.perform(self.who(who), waitlist.leave_waitlist, entry_id=entry)

    def beat(self) -> int:
        """One beat of the list's heart."""
        return jobs.lapse_offers(self.medibook)

    def looks_for_openings(self) -> int:
        return jobs.promote_open(self.medibook)

    def passed(self) -> dict[str, str]:
        """Who was passed over, and why."""
        names = self._names()
        rows = self.rows(
            "SELECT e.patient_id, p.reason FROM waitlist_pass p JOIN waitlist_entry e "
            "ON e.id = p.entry_id ORDER BY p.at"
        )
        return {names[uuid_of(who)]: reason for who, reason in rows}

    def states(self, table: str) -> list[str]:
        """How the rows of a table of the list stand, each state once."""
        return sorted({state for (state,) in self.rows(f"SELECT state FROM {table}")})

    def violations(self) -> list[str]:
        """Every invariant, asked of the database itself; [] when all is well."""
        with Session(self.medibook.engine) as session:
            found = check_invariants(session, self.clock.now())
        return [f"{each.invariant} {each.what}" for each in found]


def uuid_of(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def wall_of(start: Any) -> str:
    moment = start if isinstance(start, datetime) else datetime.fromisoformat(str(start))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{moment.astimezone(ZoneInfo('Europe/London')):%m-%d %H:%M}"
