"""The stories of visits: booking, answering, moving, cancelling, the steps of the day, and the messages."""

from medibook.appointments.service.answering import accept_request, decline_request, lapse_requests
from medibook.appointments.service.booking import book_appointment, check_and_book, offered_time
from medibook.appointments.service.calendar import calendar_file
from medibook.appointments.service.changing import (
    cancel_appointment,
    confirm_appointment,
    move_appointment,
    move_to_time,
)
from medibook.appointments.service.clinic_day import (
    arrivals,
    busiest_place,
    clinic_day,
    count_waiting,
    visit_at_desk,
)
from medibook.appointments.service.closed_days import visits_on_closed_days
from medibook.appointments.service.daily import (
    advance,
    count_requests,
    day,
    my_visits,
    requests,
    visit,
    visit_at_hand,
)
from medibook.appointments.service.desk import add_walk_in, book_for_patient
from medibook.appointments.service.desk_choices import (
    check_at_desk,
    choices_at_desk,
    first_times,
    patient_at_desk,
)
from medibook.appointments.service.elsewhere import (
    cancel_while_away,
    go_elsewhere,
    is_open_to_change,
    visits_by_id,
    visits_during,
)
from medibook.appointments.service.inbox import inbox
from medibook.appointments.service.messages import tell_patient, tell_practitioner
from medibook.appointments.service.offering import (
    against_offer,
    decline_offers,
    offer_other_times,
    offerable_times,
    take_offered_time,
)
from medibook.appointments.service.outside import keep_outside_hours, visits_outside_hours
from medibook.appointments.service.overview import practitioner_calendar
from medibook.appointments.service.reminding import booked_between, standing
from medibook.appointments.service.rescheduling import (
    propose_reschedule,
    reschedule_appointment,
    undo_reschedule,
)
from medibook.appointments.service.series import (
    book_series,
    cancel_series,
    move_series,
    plan_series_cancel,
    plan_series_move,
    preview_series,
    series_of_visit,
    tell_patient_of_series,
    tell_practitioners_of_series,
    whole_series,
)
from medibook.appointments.service.truth import (
    ABOUT_SERIES_VISIT,
    ABOUT_VISIT,
    about_visit,
    messages_of_visit,
    series_still_true,
    still_true,
)
from medibook.appointments.service.waiting import book_kept_time, lock_visit, open_visits

__all__ = [
    "ABOUT_SERIES_VISIT",
    "ABOUT_VISIT",
    "about_visit",
    "accept_request",
    "add_walk_in",
    "advance",
    "against_offer",
    "arrivals",
    "book_appointment",
    "book_for_patient",
    "book_kept_time",
    "book_series",
    "booked_between",
    "busiest_place",
    "calendar_file",
    "cancel_appointment",
    "cancel_series",
    "cancel_while_away",
    "check_and_book",
    "check_at_desk",
    "choices_at_desk",
    "clinic_day",
    "confirm_appointment",
    "count_requests",
    "count_waiting",
    "day",
    "decline_offers",
    "decline_request",
    "first_times",
    "go_elsewhere",
    "inbox",
    "is_open_to_change",
    "keep_outside_hours",
    "lapse_requests",
    "lock_visit",
    "messages_of_visit",
    "move_appointment",
    "move_series",
    "move_to_time",
    "my_visits",
    "offer_other_times",
    "offerable_times",
    "offered_time",
    "open_visits",
    "patient_at_desk",
    "plan_series_cancel",
    "plan_series_move",
    "practitioner_calendar",
    "preview_series",
    "propose_reschedule",
    "requests",
    "reschedule_appointment",
    "series_of_visit",
    "series_still_true",
    "standing",
    "still_true",
    "take_offered_time",
    "tell_patient",
    "tell_patient_of_series",
    "tell_practitioner",
    "tell_practitioners_of_series",
    "undo_reschedule",
    "visit",
    "visit_at_desk",
    "visit_at_hand",
    "visits_by_id",
    "visits_during",
    "visits_on_closed_days",
    "visits_outside_hours",
    "whole_series",
]
