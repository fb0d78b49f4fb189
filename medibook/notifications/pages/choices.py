"""What one wants to be told, how, and when the telephone stays silent."""

from collections.abc import Mapping

import reflex as rx

from medibook.kernel.actor import Role, patient, signed_in
from medibook.kernel.errors import Invalid
from medibook.notifications import service as notifications
from medibook.notifications.pages.devices import MyDevices, devices_section
from medibook.notifications.rules import CHOSEN_TOPICS, channels_chosen
from medibook.notifications.schemas import (
    Channel,
    Topic,
)
from medibook.notifications.schemas.reader import Choices, MyNumber
from medibook.people.pages.account_fields import typed
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_time
from medibook.ui.components import (
    Option,
    button,
    card,
    checkboxes,
    error_summary,
    field,
    form,
    skeleton,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page

_TOPICS = {
    Topic.VISITS: N_("Your visits: booked, moved, cancelled"),
    Topic.REMINDERS: N_("Reminders"),
    Topic.WAITLIST: N_("Times from the waiting list"),
    Topic.NEWS: N_("News from the clinic"),
}
_CHANNELS = {Channel.EMAIL: N_("By e-mail"), Channel.SMS: N_("By SMS")}
_ON_DEVICES = N_("On your devices")
_SPOKEN_OF = "devices"


class MessageChoices(AppState, rx.State):
    """What the reader has chosen, as it stands in the form."""

    ready: bool = False
    wanted: dict[str, list[str]] = {}
    quiet_from: str = ""
    quiet_until: str = ""
    zone: str = ""
    with_devices: bool = False
    said: str = ""
    drawn: int = 0
    number: str = ""
    number_state: str = ""
    can_prove: bool = False
    awaits_code: bool = False

    @rx.event
    @allow(signed_in)
    async def load(self) -> None:
        """Show what holds."""
        self.said = ""
        self._follow(f"user:{self._actor().user_id}")
        self._show(await self._perform(notifications.my_choices))
        await self._show_number()
        self.ready = True

    @rx.event
    @allow(signed_in)
    async def refresh(self) -> None:
        """With the first device there is more to choose, with the last less; what is typed stays else."""
        found = await self._perform(notifications.my_choices)
        if found.speaks_of_devices != self.with_devices:
            self._show(found)

    @rx.event
    @allow(signed_in)
    async def save(self, form_data: dict[str, str]) -> None:
        """Choose anew."""
        self.said = ""
        choices = choices_from(form_data)
        self._show(await self._perform(notifications.change_my_choices, choices=choices))
        self.said = self._words()(N_("Saved. It holds for every message from now on."))
        await self._show_number()

    @rx.event
    @allow(patient)
    async def send_code(self) -> None:
        """Have a code sent to one's own number."""
        self.said = ""
        await self._perform(notifications.send_phone_code)
        self.said = self._words()(N_("We have sent you a code by SMS. It is good for 10 minutes."))
        await self._show_number()

    @rx.event
    @allow(patient)
    async def prove(self, form_data: dict[str, str]) -> None:
        """Show the code that came."""
        self.said = ""
        code = "".join(typed(form_data, "code", longest=20).split())
        if not await self._perform(notifications.prove_my_number, code=code):
            raise Invalid({"code": N_("This code is wrong or has run out. Have a new one sent.")})
        self.said = self._words()(N_("Thank you. SMS reach you at this number from now on."))
        await self._show_number()

    async def _show_number(self) -> None:
        """The reader's number and how it stands; nothing for whoever has none, or is no patient."""
        self.number, self.can_prove, self.awaits_code = "", False, False
        if self._actor().role is not Role.PATIENT:
            return
        mine = await self._perform(notifications.my_number)
        if mine is not None:
            self.number, self.awaits_code = mine.number, mine.is_awaited
            self.can_prove = not (mine.is_proven and mine.is_proven_since)
            self.number_state = self._words()(_how_it_stands(mine))

    def _show(self, choices: Choices) -> None:
        self.wanted = {
            topic.value: [
                channel.value for channel in Channel if (topic, channel) in choices.wanted
            ]
            for topic in CHOSEN_TOPICS
        }
        self.quiet_from = f"{choices.quiet_from:%H:%M}"
        self.quiet_until = f"{choices.quiet_until:%H:%M}"
        self.zone = choices.zone
        self.with_devices = choices.speaks_of_devices
        self.drawn += 1


def _how_it_stands(mine: MyNumber) -> str:
    if mine.has_stopped and not mine.is_proven_since:
        return N_("This number has said STOP. Confirm it once more, then tick SMS below.")
    if mine.has_stopped:
        return N_("This number has said STOP. Tick SMS below and save to take that back.")
    if mine.is_proven:
        return N_("Confirmed: SMS reach you here.")
    return N_("Not confirmed yet: no SMS goes there. Have a code sent to it, and type it here.")


def choices_from(form: Mapping[str, str]) -> Choices:
    """Read the form: each ticked box sends its own ``topic.channel``. Raises Invalid."""
    starts, ends = (claimed_time(form.get(name, "")) for name in ("quiet_from", "quiet_until"))
    if starts is None or ends is None:
        sentence = N_("Say a time, as in 21:00.")
        missing = {"quiet_from": starts, "quiet_until": ends}
        raise Invalid({name: sentence for name, time in missing.items() if time is None})
    speaks_of_devices = bool(form.get(_SPOKEN_OF))
    return Choices(
        wanted=frozenset(
            (topic, channel)
            for topic in CHOSEN_TOPICS
            for channel in channels_chosen(with_devices=speaks_of_devices)
            if form.get(f"{topic.value}.{channel.value}")
        ),
        quiet_from=starts,
        quiet_until=ends,
        zone=str(form.get("zone", "")).strip()[:40],
        speaks_of_devices=speaks_of_devices,
    )


@page(
    "/account/messages",
    title=N_("How we reach you"),
    description=N_(
        "Which messages come by e-mail and by SMS, and when your telephone stays silent."
    ),
    on_load=[MessageChoices.load, MyDevices.load],
)
def message_choices(_: Translator) -> rx.Component:
    """The page where people choose what reaches them how."""
    return rx.el.div(
        rx.el.h1(_("How we reach you")),
        rx.el.p(
            _("Everything stands in the app as well. About your account itself we always write."),
            class_name="lead",
        ),
        status_line(MessageChoices.said),
        error_summary(_, MessageChoices.problem, MessageChoices.problems),
        rx.cond(
            MessageChoices.ready,
            rx.fragment(rx.cond(MessageChoices.number, _number(_)), _form(_), devices_section(_)),
            rx.cond(Frame.signed_in, skeleton(_, kind="rows", rows=4)),
        ),
        class_name="stack stack--loose narrow",
    )


def _number(_: Translator) -> rx.Component:
    return card(
        rx.el.h2(_("Your telephone")),
        rx.el.p(rx.el.bdi(MessageChoices.number), class_name="lead"),
        rx.el.p(MessageChoices.number_state),
        rx.cond(
            MessageChoices.can_prove,
            rx.fragment(
                rx.cond(MessageChoices.awaits_code, _code(_)),
                rx.el.div(
                    button(_("Send me a code"), on_click=MessageChoices.send_code),
                    class_name="row",
                ),
            ),
        ),
        class_name="stack",
    )


def _code(_: Translator) -> rx.Component:
    return form(
        field(
            _, "code", _("The code from the SMS"), max_length=8, width="short",
            error=MessageChoices.problems["code"], auto_complete="one-time-code",
            input_mode="numeric",
        ),
        button(_("Confirm the number"), kind="primary", submit=True),
        on_submit=MessageChoices.prove,
    )  # fmt: skip


def _form(_: Translator) -> rx.Component:
    ways = [Option(value=channel.value, label=_(word)) for channel, word in _CHANNELS.items()]
    further = [*ways, Option(value=Channel.PUSH.value, label=_(_ON_DEVICES))]
    return card(
        form(
            rx.cond(
                MessageChoices.with_devices,
                rx.fragment(
                    rx.el.input(type="hidden", name=_SPOKEN_OF, value="1", read_only=True),
                    *_boxes(_, further),
                ),
                rx.fragment(*_boxes(_, ways)),
            ),
            rx.el.h2(_("Quiet hours")),
            rx.el.p(
                _("Your telephone stays silent then: an SMS comes after them, or before."),
                class_name="hint",
            ),
            rx.el.div(*_hours(_), class_name="fields-row"),
            _zone(_),
            button(_("Save"), kind="primary", submit=True, data_commit="true"),
            on_submit=MessageChoices.save,
        ),
        key=MessageChoices.drawn.to_string(),
    )  # fmt: skip


def _boxes(_: Translator, ways: list[Option]) -> list[rx.Component]:
    return [
        checkboxes(
            _, topic.value, _(word), ways,
            values=MessageChoices.wanted[topic.value], in_row=True,
        )
        for topic, word in _TOPICS.items()
    ]  # fmt: skip


def _hours(_: Translator) -> list[rx.Component]:
    wrong = MessageChoices.problems
    return [
        field(_, name, label, kind="time", width="short", default_value=value, error=wrong[name])
        for name, label, value in (
            ("quiet_from", _("From"), MessageChoices.quiet_from),
            ("quiet_until", _("Until"), MessageChoices.quiet_until),
        )
    ]


def _zone(_: Translator) -> rx.Component:
    return field(
        _, "zone", _("Your time zone"), optional=True, max_length=40, width="short",
        default_value=MessageChoices.zone, error=MessageChoices.problems["zone"],
        hint=_("As in Europe/London. Empty: the usual hours, 21:00 to 08:00, where your visit is."),
    )  # fmt: skip
