"""The stories of absences: plan, start, answer, board, undo; its face to pages, jobs and the wiring."""

from medibook.absences.service.answering import (
    absence_case,
    absence_case_of_visit,
    answer_while_away,
    decline_alternatives,
    note_reached,
    refuse_while_away,
    take_alternative,
)
from medibook.absences.service.board import absence_board, running_absences
from medibook.absences.service.messages import ABOUT_CASE, case_still_so, visit_still_so
from medibook.absences.service.planning import preview_absence
from medibook.absences.service.settling import cases_due, see_to_case, settle_case
from medibook.absences.service.starting import start_absence
from medibook.absences.service.undoing import undo_absence

__all__ = [
    "ABOUT_CASE",
    "absence_board",
    "absence_case",
    "absence_case_of_visit",
    "answer_while_away",
    "case_still_so",
    "cases_due",
    "decline_alternatives",
    "note_reached",
    "preview_absence",
    "refuse_while_away",
    "running_absences",
    "see_to_case",
    "settle_case",
    "start_absence",
    "take_alternative",
    "undo_absence",
    "visit_still_so",
]
