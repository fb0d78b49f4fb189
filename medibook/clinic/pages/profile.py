"""A practitioner's own profile: the clinic's decision, what patients read, the picture."""

from collections.abc import AsyncIterator

import reflex as rx

from medibook.clinic import service as clinic
from medibook.clinic.pages.claims_form import (
    Choices,
    Claims,
    choices,
    claims_from,
    claims_of,
    person_fields,
    practice_fields,
    proof_fields,
)
from medibook.kernel.actor import applicant, practitioner
from medibook.people import service as people
from medibook.people.pages.picture import picture_href, picture_section
from medibook.people.rules import sentence_of
from medibook.people.schemas import ApprovalStatus, PractitionerChange, PractitionerProfile
from medibook.ui.app_state import AppState
from medibook.ui.components import (
    Answer,
    banner,
    button,
    card,
    check_answers,
    error_summary,
    form,
    link_button,
    skeleton,
)
from medibook.ui.guard import allow
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import Frame, page
from medibook.ui.words import initials


class OwnProfile(AppState, rx.State):
    """One's own profile, and what an admin made of it."""

    ready: bool = False
    status: str = ""
    reason: str = ""
    values: Claims = Claims()
    options: Choices = Choices()
    specialties: str = ""
    email: str = ""
    letters: str = ""
    picture: str = ""
    preview: str = ""
    saved: str = ""
    _judged: PractitionerProfile | None = None

    @rx.event
    @allow(practitioner | applicant)
    async def load(self) -> None:
        """Show the profile, and say how the picture fared that was just sent."""
        _ = self._words()
        profile = await self._perform(people.my_practitioner_profile)
        specialties = await self._perform(clinic.specialties, also=profile.specialty_ids)
        place = (profile.location_id,) if profile.location_id else ()
        locations = await self._perform(clinic.locations, also=place)
        self.options = choices(_, specialties, locations, profile.languages)
        own = set(profile.specialty_ids)
        self.specialties = _.listed(_(s.name) for s in specialties if s.specialty_id in own)
        self._show(profile)
        self._follow(f"user:{profile.user_id}")
        self.problem = _(sentence_of(self._query("problem")))
        self.saved = _("Your picture has been saved.") if self._query("done") else ""
        self.ready = True

    def _show(self, profile: PractitionerProfile) -> None:
        self.values = claims_of(profile)
        self._show_decision(profile)
        self.email, self.letters = profile.email, initials(profile.name)
        self.picture = picture_href(profile.picture_id)

    def _show_decision(self, profile: PractitionerProfile) -> None:
        if self.status != profile.status:
            self.saved = ""
        self._judged, self.status = profile, profile.status.value
        self.reason = profile.decision_reason
        is_public = profile.status is ApprovalStatus.APPROVED
        self.preview = self._words().href(f"/doctor/?id={profile.slug}") if is_public else ""

    @rx.event
    @allow(practitioner | applicant)
    async def refresh(self) -> None:
        """The clinic has decided: say so; what is being typed stays."""
        self._show_decision(await self._perform(people.my_practitioner_profile))

    @rx.event
    @allow(practitioner | applicant)
    async def save(self, form_data: dict[str, str]) -> AsyncIterator[None]:
        """Save the profile; it answers the clinic's question, if there was one."""
        self.busy, self.saved = True, ""
        yield
        try:
            change = change_from(form_data, self._judged)
            asked = self.status == ApprovalStatus.ASKED
            self._show(await self._perform(people.change_practitioner_profile, change=change))
            _ = self._words()
            self.saved = _("Sent. The clinic reads your answer.") if asked else _("Saved.")
        finally:
            self.busy = False


def change_from(form: dict[str, str], judged: PractitionerProfile | None) -> PractitionerChange:
    """Read the form; what an admin has approved is not asked again and stays as it was."""
    change = PractitionerChange(**claims_from(form))
    if judged is None or judged.status is not ApprovalStatus.APPROVED:
        return change
    return change.model_copy(
        update={
            "specialty_ids": judged.specialty_ids,
            "qualifications": judged.qualifications,
            "licence_number": judged.licence_number,
        }
    )


@page(
    "/profile",
    title=N_("Your profile"),
    description=N_("What patients read about you."),
    on_load=[OwnProfile.load],
)
def profile(_: Translator) -> rx.Component:
    """The page of a practitioner's own profile."""
    return rx.el.div(
        rx.el.h1(_("Your profile")),
        rx.cond(
            OwnProfile.saved,
            banner(OwnProfile.saved, tone="leaf", icon_name="circle-check", heard=True),
        ),
        error_summary(_, OwnProfile.problem, OwnProfile.problems),
        rx.cond(
            OwnProfile.ready,
            rx.fragment(_decision(_), _form(_), _picture(_)),
            rx.cond(
                (Frame.role == "practitioner") | (Frame.role == "applicant"),
                skeleton(_, kind="rows", rows=4),
            ),
        ),
        class_name="stack stack--loose narrow",
    )


def _decision(_: Translator) -> rx.Component:
    """What the clinic made of the claims, in plain words, and what comes next."""
    return rx.match(
        OwnProfile.status,
        ("approved", _approved(_)),
        ("asked", _asked(_)),
        ("declined", _declined(_)),
        _pending(_),
    )


def _told(*said: rx.Component, tone: str, icon_name: str) -> rx.Component:
    inside = rx.el.div(*said, class_name="stack stack--tight")
    return banner(inside, tone=tone, icon_name=icon_name, heard=True)


def _pending(_: Translator) -> rx.Component:
    return _told(
        rx.el.p(rx.el.strong(_("The clinic is checking your application."))),
        rx.el.p(
            _("We write to you when it has decided. Then you set your hours, and patients book.")
        ),
        tone="amber",
        icon_name="clock",
    )


def _asked(_: Translator) -> rx.Component:
    return _told(
        rx.el.p(rx.el.strong(_("The clinic has a question:"))),
        rx.el.blockquote(OwnProfile.reason, class_name="said"),
        rx.el.p(
            _("Answer by changing your profile below, and save it: the clinic reads it again.")
        ),
        tone="amber",
        icon_name="info",
    )


def _declined(_: Translator) -> rx.Component:
    return _told(
        rx.el.p(rx.el.strong(_("The clinic has declined your application:"))),
        rx.el.blockquote(OwnProfile.reason, class_name="said"),
        rx.el.p(
            _("If you think this is a mistake, please call us:"),
            " ",
            rx.el.a(Frame.phone, href=Frame.phone_href),
        ),
        tone="coral",
        icon_name="x",
    )


def _approved(_: Translator) -> rx.Component:
    preview = link_button(_("See what patients see"), href=OwnProfile.preview, kind="small")
    return _told(
        rx.el.p(_("You are approved: patients see this profile and can book you.")),
        rx.el.div(
            rx.cond(OwnProfile.preview, preview),
            link_button(_("Set your hours"), href=_.href("/hours/"), kind="small"),
            link_button(_("How patients find you"), href=_.href("/listing/"), kind="small"),
            class_name="row",
        ),
        tone="leaf",
        icon_name="shield-check",
    )


def _form(_: Translator) -> rx.Component:
    wrong, values, options = OwnProfile.problems, OwnProfile.values, OwnProfile.options
    return form(
        card(rx.el.h2(_("You")), *person_fields(_, wrong, values)),
        card(
            rx.el.h2(_("What the clinic checks")),
            rx.cond(
                OwnProfile.status == "approved",
                _checked(_),
                rx.el.div(*proof_fields(_, wrong, values, options), class_name="stack"),
            ),
        ),
        card(rx.el.h2(_("Your work")), *practice_fields(_, wrong, values, options)),
        rx.el.div(
            button(
                rx.cond(
                    OwnProfile.status == "asked", _("Save and answer"), _("Save the profile")
                ),
                kind="primary", submit=True, busy=OwnProfile.busy,
            ),
            class_name="commit commit--sticky",
        ),
        on_submit=OwnProfile.save,
    )  # fmt: skip


def _checked(_: Translator) -> rx.Component:
    return rx.fragment(
        check_answers(
            _,
            [
                Answer(label=_("Specialties"), value=OwnProfile.specialties),
                Answer(label=_("Qualifications"), value=OwnProfile.values.qualifications),
                Answer(label=_("Licence number"), value=OwnProfile.values.licence),
                Answer(label=_("E-mail address"), value=OwnProfile.email),
            ],
        ),
        rx.el.p(
            _("The clinic has checked these. Please call us to change them."), class_name="hint"
        ),
    )


def _picture(_: Translator) -> rx.Component:
    return picture_section(
        _,
        OwnProfile.picture,
        OwnProfile.letters,
        who_sees=_("Patients see your picture beside your name."),
    )
