"""What the calendar asks before a visit is moved, and what it says when it cannot be."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from medibook.appointments.schemas import Proposal
from medibook.kernel.words import N_
from medibook.scheduling.pages.why import told
from medibook.ui.i18n import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked before a visit is moved, or gets another length."""

    title: str = ""
    before: str = ""
    warning: str = ""
    telling: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class AskedMove:
    """The move that is asked about, and the version of the visit that was looked at."""

    key: UUID
    starts_at: datetime
    ends_at: datetime
    version: int
    is_outside_hours: bool
    can_be_told: bool


def question_of(_: Translator, proposal: Proposal) -> Question:
    """Ask whether a move is meant: from when to when, against what, and who will hear of it."""
    visit, zone = proposal.visit, ZoneInfo(proposal.visit.zone)
    telling = N_("They will be told by e-mail.")
    if not proposal.can_be_told:
        telling = N_("They have no e-mail address here: please call them.")
    if proposal.starts_at == visit.starts_at:
        length = _.duration(proposal.ends_at - proposal.starts_at)
        ask = _("Give {patient} {length}?", patient=visit.patient_name, length=length)
        answer = _("Change the length")
    else:
        when = _.long_moment(proposal.starts_at, zone)
        ask = _("Move {patient} to {when}?", patient=visit.patient_name, when=when)
        answer = _("Move")
    before = _.long_moment(visit.starts_at, zone)
    return Question(
        title=ask,
        before=_("It is now {when}–{until}.", when=before, until=_.time(visit.ends_at, zone)),
        warning=told(_, proposal.against),
        telling=_(telling),
        answer=answer,
    )


def not_moved(_: Translator, proposal: Proposal) -> str:
    """Say why a visit cannot be where somebody would have it."""
    when = _.moment(proposal.starts_at, ZoneInfo(proposal.visit.zone))
    why = told(_, proposal.against)
    return _("Not possible on {when}. {why}", when=when, why=why)


def moved_words(_: Translator, asked: AskedMove, patient: str) -> str:
    """Say that a visit has moved, and who tells its patient."""
    if asked.can_be_told:
        return _("Moved. We are writing to {patient}.", patient=patient)
    return _("Moved. Please call {patient}.", patient=patient)
