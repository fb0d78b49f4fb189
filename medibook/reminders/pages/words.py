"""Follow-ups in words."""

from dataclasses import dataclass
from typing import Final

from medibook.notifications.pages.ledger_words import problem_words
from medibook.reminders.schemas import FollowUpCard, FollowUpEnd, FollowUpStage, Span
from medibook.ui.components import Option
from medibook.ui.i18n import N_, Translator

STAGES: Final = {
    FollowUpStage.PLANNED: (N_("Planned"), "sky"),
    FollowUpStage.TOLD: (N_("Asked to book"), "amber"),
    FollowUpStage.BOOKED: (N_("A visit is booked"), "leaf"),
    FollowUpStage.ENDED: (N_("Nobody is asked"), "slate"),
}
_SAID: Final = {
    FollowUpStage.PLANNED: N_("We remind you on {day}."),
    FollowUpStage.TOLD: N_("It is time to book."),
    FollowUpStage.BOOKED: N_("A visit is booked"),
    FollowUpStage.ENDED: N_("You will not be reminded."),
}
_ENDS: Final = {
    FollowUpEnd.TAKEN_BACK: N_("Taken back by the clinic."),
    FollowUpEnd.NOT_WANTED: N_("The patient wants no reminder."),
    FollowUpEnd.SET_ANEW: N_("Planned anew."),
    FollowUpEnd.NOBODY: N_(
        "Nobody can be told: no address, no reminders wanted, or no account any more."
    ),
    FollowUpEnd.NOT_OFFERED: N_("The doctor does not offer this visit type any more."),
    FollowUpEnd.NOT_SENT: N_("It was not sent."),
}
_SPANS: Final = {
    Span.DAYS: N_("days"),
    Span.WEEKS: N_("weeks"),
    Span.MONTHS: N_("months"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NextView:
    """A follow-up as a list shows it."""

    key: str = ""
    patient: str = ""
    for_line: str = ""
    whom: str = ""
    due: str = ""
    stage: str = ""
    state: str = ""
    tone: str = "slate"
    why: str = ""
    said: str = ""
    after: str = ""
    book: str = ""
    is_open: bool = False
    may_restore: bool = False


def next_view(_: Translator, card: FollowUpCard, *, me: object = None) -> NextView:
    """Make the words of a follow-up; ``me``: the patient who reads, to whom their own name is not told."""
    state, tone = STAGES[card.stage]
    is_ours = me in (None, card.patient_id)
    return NextView(
        key=str(card.follow_up_id),
        patient=card.patient_name,
        for_line="" if is_ours else _("For {name}", name=card.patient_name),
        whom=f"{card.practitioner_name} · {_(card.service_name)}",
        due=_.date(card.due_on),
        stage=card.stage.value,
        state=_(state),
        tone=tone,
        why=problem_words(_, card.problem) or (_(_ENDS[card.end]) if card.end in _ENDS else ""),
        said=_(_SAID[card.stage], day=_.date(card.due_on)),
        after=_.href(f"/follow-up/?visit={card.after_id}"),
        book=_.href(f"/doctor/?id={card.practitioner_slug}&service={card.service_id}"),
        is_open=card.stage is FollowUpStage.PLANNED,
        may_restore=card.may_restore,
    )


def spans(_: Translator) -> list[Option]:
    """In what the time until the next visit is counted."""
    return [Option(value=span.value, label=_(words)) for span, words in _SPANS.items()]
