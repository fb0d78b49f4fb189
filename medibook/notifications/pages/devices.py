"""The devices on which one is told at once that there is a message: this one, and the others."""

from dataclasses import dataclass
from datetime import datetime

import reflex as rx

from medibook.kernel.actor import signed_in
from medibook.kernel.application import current
from medibook.notifications import service as notifications
from medibook.notifications.channels import LONGEST_ENDPOINT
from medibook.notifications.pages.ledger_words import STATES, how_it_stands, plain_problem
from medibook.notifications.schemas import MessageState
from medibook.notifications.schemas.push import Device, Devices, Subscription
from medibook.people.pages.account_fields import typed
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import button, card, error_summary, form, status_line, tag
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator

_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """One device, its words made; ``mark`` lets its own browser know it."""

    key: str
    name: str
    since: str
    problem: str
    is_stale: bool
    mark: str


class MyDevices(AppState, rx.State):
    """Where the reader is told, and how a test has fared."""

    public_key: str = ""
    rows: list[DeviceRow] = []
    said: str = ""
    _testing: str = ""

    @rx.event
    @allow(signed_in)
    async def load(self) -> None:
        """Show the devices."""
        self.said, self._testing = "", ""
        self._follow(f"user:{self._actor().user_id}")
        self._show(await self._perform(notifications.my_devices))

    @rx.event
    @allow(signed_in)
    async def refresh(self) -> None:
        """A device has come or gone, or a test has been answered."""
        self._show(await self._perform(notifications.my_devices))
        if self._testing:
            message_id = claimed_id(self._testing)
            state, problem = await self._perform(
                notifications.answer_to_device_test, message_id=message_id
            )
            self.said = answer(self._words(), state, problem)

    @rx.event
    @allow(signed_in)
    async def add(self, form_data: dict[str, str]) -> None:
        """Tell the reader on this device from now on."""
        self.said, self._testing = "", ""
        given = subscription_from(form_data)
        self._show(await self._perform(notifications.add_device, subscription=given))
        self.said = self._words()(N_("Done. This device tells you when there is a message."))

    @rx.event
    @allow(signed_in)
    async def remove(self, device: str) -> None:
        """Tell the reader no more on a device."""
        self.said, self._testing = "", ""
        wanted = claimed_id(device)
        self._show(await self._perform(notifications.remove_device, device_id=wanted))
        self.said = self._words()(N_("Removed. This device tells you nothing any more."))

    @rx.event
    @allow(signed_in)
    async def test(self, device: str) -> None:
        """Send a test; what the push service answers is said as soon as it is known."""
        self.said = ""
        wanted = claimed_id(device)
        message_id = await self._perform(notifications.test_device, device_id=wanted)
        self._testing = str(message_id)
        self.said = self._words()(STATES[MessageState.ATTEMPTING])

    def _show(self, found: Devices) -> None:
        _, now = self._words(), current().clock.now()
        self.public_key = found.public_key
        self.rows = [device_row(_, each, now) for each in found.devices]


def subscription_from(form: dict[str, str]) -> Subscription:
    """Read what the browser has told of itself; claims, which the service judges."""
    return Subscription(
        endpoint=typed(form, "endpoint", longest=LONGEST_ENDPOINT + 1),
        p256dh=typed(form, "p256dh", longest=_LONGEST_KEY),
        auth=typed(form, "auth", longest=_LONGEST_KEY),
    )


def device_row(_: Translator, device: Device, now: datetime) -> DeviceRow:
    """One line of the list, its words made."""
    problem = plain_problem(_, device.problem)
    stale = _("Please add this device again: the clinic's key has changed.")
    return DeviceRow(
        key=str(device.device_id),
        name=device.label or _("A browser"),
        since=_("Added {when}", when=_.relative(device.since, now)),
        problem=problem if device.is_current else stale,
        is_stale=not device.is_current,
        mark=device.mark,
    )


def answer(_: Translator, state: MessageState, problem: str) -> str:
    """How a test has fared, in the reader's words."""
    if state is MessageState.ACCEPTED:
        return _("The push service has taken the test. It shows on the device in a moment.")
    return how_it_stands(_, state, plain_problem(_, problem))


def devices_section(_: Translator) -> rx.Component:
    """The part of the page about devices; the button shows only where the browser can (js/push.js)."""
    return rx.cond(
        MyDevices.public_key,
        card(
            rx.el.h2(_("On your devices")),
            rx.el.p(
                _(
                    "A device can say at once that there is a message, and nothing of what it says. "
                    "The note travels encrypted through the service of your browser's maker."
                ),
            ),
            error_summary(_, MyDevices.problem, MyDevices.problems),
            status_line(MyDevices.said),
            rx.cond(
                MyDevices.rows.length() > 0,
                rx.el.ul(
                    rx.foreach(MyDevices.rows, lambda row: _row(_, row)),
                    class_name="cards",
                    aria_label=_("Your devices"),
                ),
            ),
            _add(_),
            *_refusals(_),
            data_push=MyDevices.public_key,
        ),
    )


def _add(_: Translator) -> rx.Component:
    """Filled and sent by the script, once the reader has pressed and the browser has agreed."""
    return form(
        *(
            rx.el.input(type="hidden", name=name, default_value="")
            for name in ("endpoint", "p256dh", "auth")
        ),
        button(_("Also tell me on this device"), icon_name="plus", data_push_on="true"),
        on_submit=MyDevices.add,
        data_push_form="true",
        hidden=True,
    )


def _refusals(_: Translator) -> list[rx.Component]:
    said = {
        "denied": _(
            "Your browser does not let this page show notes. You can allow it in the settings of "
            "the browser, beside the address."
        ),
        "failed": _(
            "Your browser could not reach its push service. Please try again later; private windows "
            "cannot do it at all."
        ),
    }
    return [
        rx.el.p(words, data_push_said=name, hidden=True, role="alert", class_name="hint")
        for name, words in said.items()
    ]


def _row(_: Translator, row: rx.Var[DeviceRow]) -> rx.Component:
    whom = rx.el.span(" ", row.name, class_name="unheard")
    return rx.el.li(
        rx.el.p(
            rx.el.strong(row.name),
            " ",
            rx.el.span(tag(_("This device"), tone="teal"), hidden=True, data_push_here="true"),
        ),
        rx.el.p(row.since, class_name="meta"),
        rx.cond(row.problem, rx.el.p(row.problem, class_name="hint")),
        rx.el.div(
            button(
                rx.fragment(_("Send a test"), whom),
                kind="small",
                on_click=MyDevices.test(row.key),
                data_commit="true",
            ),
            button(
                rx.fragment(_("Remove"), whom),
                kind="small",
                on_click=MyDevices.remove(row.key),
                data_commit="true",
                data_push_off="true",
            ),
            class_name="row",
        ),
        data_push_mark=row.mark,
        data_push_stale=rx.cond(row.is_stale, "1", ""),
        key=row.key,
    )
