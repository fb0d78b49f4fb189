"""Visits that repeat: previewed as a whole, booked in one transaction, changed together or alone."""

from medibook.appointments.service.series.booking import book_series
from medibook.appointments.service.series.cancelling import cancel_series, plan_series_cancel
from medibook.appointments.service.series.moving import move_series, plan_series_move
from medibook.appointments.service.series.previewing import preview_series
from medibook.appointments.service.series.reading import series_of_visit, whole_series
from medibook.appointments.service.series.telling import (
    tell_patient_of_series,
    tell_practitioners_of_series,
)

__all__ = [
    "book_series",
    "cancel_series",
    "move_series",
    "plan_series_cancel",
    "plan_series_move",
    "preview_series",
    "series_of_visit",
    "tell_patient_of_series",
    "tell_practitioners_of_series",
    "whole_series",
]
