"""What became of a broadcast: each reader, by what, how far it has come, and what is in the way."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import reflex as rx

from medibook.clinic import service as clinic
from medibook.kernel.actor import admin
from medibook.notifications.pages.ledger_words import (
    CHANNELS,
    STATES,
    TONES,
    ledger_columns,
    problem_words,
)
from medibook.notifications.schemas import MessageState
from medibook.operations import service as operations
from medibook.operations.schemas import ResultLine
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id, claimed_page
from medibook.ui.components import (
    Column,
    Option,
    back_link,
    button,
    earlier_and_later,
    empty_state,
    error_summary,
    native_form,
    select,
    skeleton,
    table,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

PATH = "/admin/broadcasts/result"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderView:
    """One reader by one channel, the words made."""

    key: str
    name: str
    reader: str
    by: str
    when: str
    state: str
    tone: str
    problem: str


class Result(AppState, rx.State):
    """A page of the readers of the broadcast that the address names."""

    ready: bool = False
    broadcast: str = ""
    subject: str = ""
    state: str = ""
    lines: list[ReaderView] = []
    earlier: str = ""
    later: str = ""

    @rx.event
    @allow(admin)
    async def load(self) -> None:
        """Show what the address asks for."""
        self.ready, self.subject, self.lines = False, "", []
        asked = self._query("state")
        self.state = asked if asked in set(MessageState) else ""
        self._follow("broadcasts", "promises")
        await self._show()
        self.ready = True

    @rx.event
    @allow(admin)
    async def refresh(self) -> None:
        """A message has left, or the next readers were told."""
        await self._show()

    async def _show(self) -> None:
        number, wanted = claimed_page(self._query("page")), claimed_id(self._query("id"))
        self.broadcast = str(wanted)
        found = await self._perform(
            operations.broadcast_result,
            broadcast_id=wanted,
            state=MessageState(self.state) if self.state else None,
            page=number,
        )
        zone = ZoneInfo(await self._perform(clinic.house_zone))
        self.subject = found.subject
        self.lines = [_reader(self._words(), row, zone) for row in found.rows]
        self.earlier = self._address(number - 1) if number > 1 else ""
        self.later = self._address(number + 1) if found.has_more else ""

    def _address(self, number: int) -> str:
        asked = {"id": self.broadcast, "state": self.state, "page": str(number)}
        query = urlencode({name: value for name, value in asked.items() if value})
        return self._words().href(f"{PATH}/?{query}")


def _reader(_: Translator, row: ResultLine, zone: ZoneInfo) -> ReaderView:
    return ReaderView(
        key=str(row.message_id),
        name=row.name,
        reader=row.to,
        by=_(CHANNELS[row.channel]),
        when=_.moment(row.at, zone),
        state=_(STATES[row.state]),
        tone=TONES[row.state],
        problem=problem_words(_, row.problem) or "–",
    )


@page(
    PATH,
    title=N_("What became of it"),
    description=N_("Each reader of a broadcast, and whether it has reached them."),
    on_load=[Result.load],
)
def broadcast_result(_: Translator) -> rx.Component:
    """The page of one broadcast's readers."""
    return rx.el.div(
        back_link(_("Tell many people at once"), href=_.href("/admin/broadcasts/")),
        rx.el.h1(_("What became of it")),
        rx.cond(Result.subject, rx.el.p(rx.el.bdi(Result.subject), class_name="lead")),
        error_summary(_, Result.problem),
        rx.cond(
            Result.ready,
            rx.fragment(_filter(_), _list(_)),
            rx.cond(
                (Frame.role == "admin") & (Result.problem == ""), skeleton(_, kind="rows", rows=5)
            ),
        ),
        class_name="stack",
    )


def _filter(_: Translator) -> rx.Component:
    states = [
        Option(value="", label=_("All")),
        *[Option(value=state.value, label=_(words)) for state, words in STATES.items()],
    ]
    return native_form(
        rx.el.input(type="hidden", name="id", value=Result.broadcast, read_only=True),
        select(_, "state", _("State"), states, default_value=Result.state, required=False),
        button(_("Show"), submit=True, icon_name="sliders-horizontal"),
        action=_.href(f"{PATH}/"),
        method="get",
        class_name="row",
    )


def _list(_: Translator) -> rx.Component:
    by_address = [replace(one, header=False) for one in ledger_columns(_)]
    rows = table(
        _("Readers by name"),
        [
            Column(label=_("Name"), draw=lambda row: rx.el.bdi(row.name), header=True),
            *by_address,
        ],
        Result.lines,
    )
    pager = earlier_and_later(
        _, earlier=Result.earlier, later=Result.later,
        earlier_label=_("Back"), later_label=_("More"),
    )  # fmt: skip
    nobody = rx.cond(
        Result.state,
        empty_state(_("Nobody is in this state."), icon_name="users"),
        empty_state(_("Nobody has been written to yet."), icon_name="users"),
    )
    return rx.cond(Result.lines.length() > 0, rx.fragment(rows, pager), nobody)
