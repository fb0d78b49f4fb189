"""At the front desk: how a patient without an account is reached, in which language, and reminded or not."""

import reflex as rx

from medibook.kernel.actor import staff
from medibook.notifications import service as notifications
from medibook.notifications.schemas.reach import Reach, ReachSheet
from medibook.people.pages.account_fields import typed
from medibook.ui.app_state import AppState
from medibook.ui.claims import claimed_id
from medibook.ui.components import (
    Option,
    back_link,
    banner,
    button,
    card,
    checkboxes,
    empty_state,
    error_summary,
    form,
    link_button,
    radios,
    skeleton,
    status_line,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import LANGUAGE_NAMES, LOCALES, N_, Translator
from medibook.ui.shell import Frame, page

PATH = "/desk/reach"


class DeskReach(AppState, rx.State):
    """How the patient whom the address names is reached."""

    ready: bool = False
    patient: str = ""
    back: str = ""
    has_account: bool = False
    has_stopped: bool = False
    guardians: str = ""
    addresses: str = ""
    no_way: str = ""
    ways: list[str] = []
    reminded: list[str] = []
    locale: str = ""
    said: str = ""
    drawn: int = 0
    _patient_id: str = ""

    @rx.event
    @allow(staff)
    async def load(self) -> None:
        """Show what holds."""
        self.ready, self.said, self.patient = False, "", ""
        self._patient_id = self._query("patient")
        if self._patient_id:
            await self._show()
        self.ready = True

    @rx.event
    @allow(staff)
    async def save(self, form_data: dict[str, str]) -> None:
        """Note what the patient has said."""
        self.said = ""
        reach = Reach(
            by_email=bool(form_data.get("ways.email")),
            by_sms=bool(form_data.get("ways.sms")),
            wants_reminders=bool(form_data.get("wants.reminders")),
        )
        whose, locale = claimed_id(self._patient_id), typed(form_data, "locale", longest=8)
        await self._perform(
            notifications.change_reach, patient_id=whose, reach=reach, locale=locale
        )
        await self._show()
        self.said = self._words()(N_("Saved. It holds for every message from now on."))

    async def _show(self) -> None:
        whose = claimed_id(self._patient_id)
        self._draw(await self._perform(notifications.reach_of_patient, patient_id=whose))

    def _draw(self, sheet: ReachSheet) -> None:
        self.patient, self.has_account = sheet.name, sheet.has_account
        self.back = self._words().href(f"/desk/guardians/?patient={sheet.patient_id}")
        self.has_stopped = sheet.has_stopped_sms
        self.locale = sheet.locale
        self._say_who_is_told(sheet)
        said = sheet.reach
        chosen = {"email": said.by_email, "sms": said.by_sms}
        self.ways = [way for way, is_wanted in chosen.items() if is_wanted]
        self.reminded = ["reminders"] if said.wants_reminders else []
        self.drawn += 1

    def _say_who_is_told(self, sheet: ReachSheet) -> None:
        _ = self._words()
        own = " · ".join(filter(None, (sheet.email, sheet.phone)))
        if sheet.guardians:
            names = ", ".join(sheet.guardians)
            self.guardians = _("Who books for them is told, and chooses how: {names}.", names=names)
            self.addresses = own or _("They have no address of their own.")
            self.no_way = _(
                "Without any way ticked nothing is sent to the patient; who books is told."
            )
        else:
            self.guardians = ""
            self.addresses = own or _("No address is known.")
            self.no_way = _("Without any way ticked nothing is sent: please call them.")


@page(
    PATH,
    title=N_("How we reach a patient"),
    description=N_("By what a patient without an account is told, and in which language."),
    on_load=[DeskReach.load],
)
def reach(_: Translator) -> rx.Component:
    """The page where the front desk notes what a patient wants."""
    return rx.el.div(
        rx.cond(DeskReach.patient, back_link(_("The patient"), href=DeskReach.back)),
        rx.el.h1(_("How we reach a patient")),
        rx.cond(DeskReach.patient, rx.el.p(rx.el.bdi(DeskReach.patient), class_name="lead")),
        error_summary(_, DeskReach.problem, DeskReach.problems),
        status_line(DeskReach.said),
        rx.cond(
            DeskReach.ready,
            rx.cond(DeskReach.patient, _known(_), _nobody(_)),
            rx.cond((Frame.role == "staff") & (DeskReach.problem == ""), skeleton(_, kind="lines")),
        ),
        class_name="stack narrow",
    )


def _nobody(_: Translator) -> rx.Component:
    return empty_state(
        _("Which patient?"),
        link_button(_("Search"), href=_.href("/desk/guardians/"), icon_name="search"),
        icon_name="users",
    )


def _known(_: Translator) -> rx.Component:
    theirs = banner(
        rx.el.p(_("This patient has an account, and chooses there what reaches them how."))
    )
    return rx.cond(DeskReach.has_account, theirs, _form(_))


def _form(_: Translator) -> rx.Component:
    ways = [
        Option(value="email", label=_("By e-mail")),
        Option(value="sms", label=_("By SMS")),
    ]
    languages = [Option(value=one, label=LANGUAGE_NAMES[one]) for one in LOCALES]
    reminders = [Option(value="reminders", label=_("Reminders, also to come again"))]
    return card(
        rx.cond(DeskReach.guardians, banner(rx.el.p(DeskReach.guardians), icon_name="users")),
        rx.cond(
            DeskReach.has_stopped,
            banner(
                rx.el.p(_("This number has said STOP: no SMS goes there until it says START.")),
                tone="amber",
                icon_name="triangle-alert",
            ),
        ),
        form(
            checkboxes(
                _, "ways", _("They are told"), ways, values=DeskReach.ways,
                hint=DeskReach.addresses,
            ),
            checkboxes(_, "wants", _("They want"), reminders, values=DeskReach.reminded),
            radios(_, "locale", _("Language"), languages, value=DeskReach.locale, in_row=True),
            rx.el.p(DeskReach.no_way, class_name="hint"),
            button(_("Save"), kind="primary", submit=True),
            on_submit=DeskReach.save,
            key=DeskReach.drawn.to_string(),
        ),
    )  # fmt: skip
