"""The stories of absences: plan, start, answer, board, undo; its face to pages, jobs and the wiring."""

from medibook.absences.service.answering import (
    absence_case,
    decline_alternatives,
    note_reached,
    take_alternative,
)
from medibook.absences.service.board import absence_board, running_absences
from medibook.absences.service.messages import ABOUT_CASE, case_still_so
from medibook.absences.service.planning import preview_absence
from medibook.absences.service.settling import cases_due, see_to_case, settle_case
from medibook.absences.service.starting import start_absence
from medibook.absences.service.undoing import undo_absence

__all__ = [
    "ABOUT_CASE",
    "absence_board",
    "absence_case",
    "case_still_so",
    "cases_due",
    "decline_alternatives",
    "note_reached",
    "preview_absence",
    "running_absences",
    "see_to_case",
    "settle_case",
    "start_absence",
    "take_alternative",
    "undo_absence",
]
