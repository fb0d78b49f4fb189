"""Visits that repeat: previewed as a whole, booked in one transaction, changed together or alone."""

from medibook.appointments.service.series.booking import book_series
from medibook.appointments.service.series.previewing import preview_series
from medibook.appointments.service.series.reading import series_of_visit, whole_series

__all__ = ["book_series", "preview_series", "series_of_visit", "whole_series"]
