"""What is offered to whom while a practitioner is away, until when, and when somebody has to ring."""

from medibook.absences.rules.deadlines import (
    ANSWER_WITHIN,
    CANCEL_BEFORE,
    GRACE,
    LOOK_PAST,
    NOTICE,
    OPEN,
    has_to_be_called,
    is_near,
    lapses_at,
    may_undo,
    told,
)
from medibook.absences.rules.kinds import KIND_WORDS
from medibook.absences.rules.periods import (
    LONGEST,
    MOST_CASES,
    TOO_MANY,
    as_time_off,
    problems_of,
)
from medibook.absences.rules.refusals import (
    AbsenceRuns,
    AlreadyAnswered,
    AlternativeGone,
    AnsweredAlready,
    PractitionerAway,
    StaysAfterAll,
)
from medibook.absences.rules.spreading import MOST_ALTERNATIVES, spread

__all__ = [
    "ANSWER_WITHIN",
    "CANCEL_BEFORE",
    "GRACE",
    "KIND_WORDS",
    "LONGEST",
    "LOOK_PAST",
    "MOST_ALTERNATIVES",
    "MOST_CASES",
    "NOTICE",
    "OPEN",
    "TOO_MANY",
    "AbsenceRuns",
    "AlreadyAnswered",
    "AlternativeGone",
    "AnsweredAlready",
    "PractitionerAway",
    "StaysAfterAll",
    "as_time_off",
    "has_to_be_called",
    "is_near",
    "lapses_at",
    "may_undo",
    "problems_of",
    "spread",
    "told",
]
