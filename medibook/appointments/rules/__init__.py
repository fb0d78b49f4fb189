"""What may happen to a visit: its terms, the graph of its status, and how the clinic says no."""

from medibook.appointments.rules.reasons import (
    LONGEST_REASON,
    needed_reason,
    tidy_reason,
)
from medibook.appointments.rules.refusals import (
    AlreadyAnswered,
    AnswerFirst,
    NoSuchStep,
    NotOpen,
    SeriesByRequest,
    TermsChanged,
    TooEarly,
    TooFewDates,
    TooLate,
    TooLateToUndo,
    TooManyVisits,
    VisitBegun,
)
from medibook.appointments.rules.status import (
    ACTIVE,
    CHANGEABLE_BY_PATIENT,
    CORRECTIONS,
    GRAPH,
    MOVABLE,
    STEPS_OF_THE_DAY,
    STRETCHABLE,
)
from medibook.appointments.rules.steps import (
    check_step,
    next_steps,
)
from medibook.appointments.rules.terms import (
    check_agreed,
    check_may_book,
    check_patient_may_change,
    lapses_at,
    terms_of,
    wall_start,
)

__all__ = [
    "ACTIVE",
    "CHANGEABLE_BY_PATIENT",
    "CORRECTIONS",
    "GRAPH",
    "LONGEST_REASON",
    "MOVABLE",
    "STEPS_OF_THE_DAY",
    "STRETCHABLE",
    "AlreadyAnswered",
    "AnswerFirst",
    "NoSuchStep",
    "NotOpen",
    "SeriesByRequest",
    "TermsChanged",
    "TooEarly",
    "TooFewDates",
    "TooLate",
    "TooLateToUndo",
    "TooManyVisits",
    "VisitBegun",
    "check_agreed",
    "check_may_book",
    "check_patient_may_change",
    "check_step",
    "lapses_at",
    "needed_reason",
    "next_steps",
    "terms_of",
    "tidy_reason",
    "wall_start",
]
