"""The admin's list of accounts: search, suspend with a reason, let in again."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import reflex as rx

from medibook.kernel.actor import Role, admin
from medibook.kernel.application import current
from medibook.people import service as people
from medibook.people.pages.account_fields import typed
from medibook.people.schemas import AccountPage, AccountRow
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id, claimed_page
from medibook.ui.components import (
    Column,
    Option,
    button,
    dialog,
    earlier_and_later,
    empty_state,
    error_summary,
    field,
    link_button,
    native_form,
    select,
    skeleton,
    status_line,
    table,
    tag,
    textarea,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

ROLES = {
    Role.PATIENT: N_("Patient"),
    Role.PRACTITIONER: N_("Doctor"),
    Role.STAFF: N_("Front desk"),
    Role.ADMIN: N_("Admin"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One account in the list, its words made."""

    key: str
    name: str
    email: str
    role: str
    seen: str
    is_suspended: bool
    is_unproven: bool


class Accounts(AppState, rx.State):
    """A page of the list."""

    ready: bool = False
    search: str = ""
    role: str = ""
    lines: list[Line] = []
    found: str = ""
    earlier: str = ""
    later: str = ""
    asking: str = ""
    asking_name: str = ""

    @rx.event
    @allow(admin)
    async def load(self) -> None:
        """Show the accounts that the address asks for."""
        self.search, self.role = self._query("q")[:100], self._query("role")[:20]
        self.asking = self.asking_name = ""
        self._follow("admin")
        await self._show()
        self.ready = True

    @rx.event
    @allow(admin)
    async def refresh(self) -> None:
        """Another admin has changed something."""
        await self._show()

    async def _show(self) -> None:
        found = await self._perform(
            people.accounts,
            search=self.search,
            role=self.role,
            page=claimed_page(self._query("page")),
        )
        _, now = self._words(), current().clock.now()
        self.lines = [line(_, row, now) for row in found.rows]
        self.found = _.plural("{count} account", "{count} accounts", found.total)
        self._offer_pages(found)

    def _offer_pages(self, found: AccountPage) -> None:
        self.earlier = self._page(found.page - 1) if found.page > 1 else ""
        self.later = self._page(found.page + 1) if found.page < found.pages else ""

    def _page(self, number: int) -> str:
        asked = {"q": self.search, "role": self.role, "page": str(number)}
        query = urlencode({name: value for name, value in asked.items() if value})
        return self._words().href(f"/admin/accounts/?{query}")

    @rx.event
    @allow(admin)
    async def ask(self, account: str) -> None:
        """Ask for the reason of a suspension."""
        self.asking_name = next((one.name for one in self.lines if one.key == account), "")
        self.asking = account if self.asking_name else ""

    @rx.event
    @allow(admin)
    async def dismiss(self) -> None:
        """Suspend nobody."""
        self.asking = self.asking_name = ""

    @rx.event
    @allow(admin)
    async def suspend(self, form_data: dict[str, str]) -> None:
        """Suspend the account that was asked about; its sessions end."""
        reason = typed(form_data, "reason", longest=500)
        await self._perform(people.suspend_account, user_id=claimed_id(self.asking), reason=reason)
        self.asking = self.asking_name = ""
        await self._show()

    @rx.event
    @allow(admin)
    async def reactivate(self, account: str) -> None:
        """Let a suspended account in again."""
        await self._perform(people.reactivate_account, user_id=claimed_id(account))
        await self._show()


def line(_: Translator, row: AccountRow, now: datetime) -> Line:
    """One account, its words made."""
    return Line(
        key=str(row.user_id),
        name=row.name,
        email=row.email,
        role=_(ROLES[Role(row.role)]),
        seen=_.relative(row.last_seen_at, now) if row.last_seen_at else _("never"),
        is_suspended=row.status == "suspended",
        is_unproven=not row.is_verified,
    )


@page("/admin/accounts", title=N_("Accounts"), on_load=[Accounts.load])
def admin_accounts(_: Translator) -> rx.Component:
    """The page where admins look after accounts."""
    return rx.el.div(
        rx.el.header(rx.el.h1(_("Accounts")), status_line(Accounts.found), class_name="page-head"),
        rx.cond(Accounts.asking == "", error_summary(_, Accounts.problem)),
        rx.cond(
            Accounts.ready,
            rx.fragment(_search(_), _list(_)),
            rx.cond(Frame.role == "admin", skeleton(_, kind="rows", rows=5)),
        ),
        _question(_),
        class_name="stack",
    )


def _search(_: Translator) -> rx.Component:
    roles = [
        Option(value="", label=_("All")),
        *[Option(value=str(role), label=_(word)) for role, word in ROLES.items()],
    ]
    return native_form(
        field(
            _, "q", _("Name or e-mail address"), optional=True, default_value=Accounts.search,
            max_length=100,
        ),
        select(
            _, "role", _("Kind of account"), roles, default_value=Accounts.role, required=False
        ),
        button(_("Search"), submit=True, icon_name="search"),
        action=_.href("/admin/accounts/"),
        method="get",
        class_name="search search--short",
    )  # fmt: skip


def _list(_: Translator) -> rx.Component:
    rows = table(
        _("Accounts by name"),
        [
            Column(label=_("Name"), draw=lambda row: rx.el.bdi(row.name), header=True),
            Column(label=_("E-mail address"), draw=lambda row: row.email),
            Column(label=_("Kind of account"), draw=lambda row: row.role),
            Column(label=_("Last seen"), draw=lambda row: row.seen),
            Column(label=_("Status"), draw=lambda row: _status(_, row)),
            Column(label="", draw=lambda row: _action(_, row)),
        ],
        Accounts.lines,
    )
    nobody = empty_state(
        _("Nobody fits this search."),
        link_button(_("All accounts"), href=_.href("/admin/accounts/")),
        icon_name="users",
    )
    return rx.cond(
        Accounts.lines.length() > 0,
        rx.fragment(
            rows,
            earlier_and_later(
                _, earlier=Accounts.earlier, later=Accounts.later,
                earlier_label=_("Back"), later_label=_("More"),
            ),
        ),
        nobody,
    )  # fmt: skip


def _status(_: Translator, row: rx.Var[Line]) -> rx.Component:
    return rx.cond(
        row.is_suspended,
        tag(_("Suspended"), tone="coral", icon_name="x"),
        rx.cond(
            row.is_unproven,
            tag(_("Address not confirmed"), tone="amber", icon_name="clock"),
            tag(_("Active"), tone="leaf", icon_name="check"),
        ),
    )


def _action(_: Translator, row: rx.Var[Line]) -> rx.Component:
    # Each button says whom it is about, for those who hear it without its row.
    whom = rx.el.span(" ", row.name, class_name="unheard")
    return rx.cond(
        row.is_suspended,
        button(
            rx.fragment(_("Let in again"), whom),
            kind="small",
            on_click=Accounts.reactivate(row.key),
            data_commit="true",
        ),
        button(
            rx.fragment(_("Suspend…"), whom),
            kind="small plain",
            on_click=Accounts.ask(row.key),
            aria_haspopup="dialog",
        ),
    )


def _question(_: Translator) -> rx.Component:
    return dialog(
        _,
        "suspend",
        rx.fragment(_("Suspend"), " ", rx.el.bdi(Accounts.asking_name), "?"),
        rx.el.p(_("They are signed out at once and cannot sign in. Their visits stay as they are.")),
        rx.cond(Accounts.asking != "", error_summary(_, Accounts.problem)),
        rx.el.form(
            textarea(
                _, "reason", _("Reason"), max_length=200, rows=3,
                error=Accounts.problems["reason"],
                hint=_("It stands in the audit log. Up to 200 characters."),
            ),
            id="suspend-form",
            on_submit=Accounts.suspend,
            no_validate=True,
            key=Accounts.asking,
        ),
        actions=[
            button(_("Suspend the account"), kind="danger-solid", submit=True, form="suspend-form")
        ],
        open_when=Accounts.asking != "",
        on_dismiss=Accounts.dismiss,
    )  # fmt: skip
