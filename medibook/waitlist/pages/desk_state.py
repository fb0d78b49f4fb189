"""What the front desk's view of the list knows and does."""

import reflex as rx

from medibook.kernel.actor import staff
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import Option
from medibook.ui.guard import allow
from medibook.ui.i18n import N_
from medibook.waitlist import service as waitlist
from medibook.waitlist.pages.desk_words import FreedView, InLine, freed_view, in_line, report


class DeskWaitlist(AppState, rx.State):
    """Everybody who waits, and every freed time with its story."""

    ready: bool = False
    people: list[InLine] = []
    freed: list[FreedView] = []
    others: list[Option] = []
    report: str = ""
    said: str = ""

    @rx.event
    @allow(staff)
    async def load(self) -> None:
        """Show the list."""
        self.said = ""
        await self._show()
        self.ready = True

    @rx.event
    @allow(staff)
    async def refresh(self) -> None:
        """Somebody joined, left, was asked or has answered."""
        await self._show()

    @rx.event
    @allow(staff)
    async def rank(self, form_data: dict[str, str]) -> None:
        """Give somebody another priority, with a reason."""
        await self._perform(
            waitlist.change_priority,
            entry_id=claimed_id(form_data.get("entry")),
            priority=_number(form_data.get("priority")),
            reason=str(form_data.get("reason", ""))[:300],
        )
        await self._show()
        self.said = self._words()(N_("The order has changed."))

    @rx.event
    @allow(staff)
    async def take_off(self, form_data: dict[str, str]) -> None:
        """Take somebody off the list, with a reason."""
        await self._perform(
            waitlist.remove_from_waitlist,
            entry_id=claimed_id(form_data.get("entry")),
            reason=str(form_data.get("reason", ""))[:300],
        )
        await self._show()
        self.said = self._words()(N_("They no longer wait."))

    @rx.event
    @allow(staff)
    async def give(self, form_data: dict[str, str]) -> None:
        """Give the time that somebody considers to another in line, with a reason."""
        await self._perform(
            waitlist.give_out_of_turn,
            offer_id=claimed_id(form_data.get("offer")),
            entry_id=claimed_id(form_data.get("to")),
            reason=str(form_data.get("reason", ""))[:300],
        )
        await self._show()
        self.said = self._words()(N_("The other is asked now."))

    @rx.event
    @allow(staff)
    async def accept(self, form_data: dict[str, str]) -> None:
        """Answer yes for somebody who has called."""
        offer_id = claimed_id(form_data.get("offer"))
        await self._perform(waitlist.accept_offer, offer_id=offer_id)
        await self._show()
        self.said = self._words()(N_("Booked. They are told in writing."))

    @rx.event
    @allow(staff)
    async def decline(self, form_data: dict[str, str]) -> None:
        """Answer no for somebody who has called."""
        offer_id = claimed_id(form_data.get("offer"))
        await self._perform(waitlist.decline_offer, offer_id=offer_id)
        await self._show()
        self.said = self._words()(N_("Noted. If somebody else can take the time, they are asked."))

    async def _show(self) -> None:
        _ = self._words()
        waiting = await self._perform(waitlist.waiting_people)
        freed = await self._perform(waitlist.freed_times)
        self.people = [in_line(_, entry, place) for place, entry in enumerate(waiting, 1)]
        self.freed = [freed_view(_, one) for one in freed]
        self.others = [
            Option(value=one.key, label=f"{one.place}. {one.name}") for one in self.people
        ]
        self.report = report(_, await self._perform(waitlist.refilled_times))
        self._follow("waitlist")


def _number(claim: object) -> int:
    """The priority that was chosen; none of the three when it is no number."""
    return int(str(claim)) if str(claim) in {"0", "1", "2"} else -1
