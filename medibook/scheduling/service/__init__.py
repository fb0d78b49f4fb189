"""The stories of time: what a practitioner says, what is free, and keeping a time for somebody."""

from medibook.scheduling.access.workdays import count_working_on, working_on
from medibook.scheduling.service.absences import (
    free_instead,
    keep_for_absence,
    keep_whole,
    kept_for_absences,
    let_absence_go,
    take_back_offers,
    take_for_absence,
    taken_besides,
)
from medibook.scheduling.service.agenda import (
    agenda,
)
from medibook.scheduling.service.ahead import (
    booking_modes,
)
from medibook.scheduling.service.desk_times import (
    board_at_desk,
    soonest,
    usual_place_of,
    who_works_at,
)
from medibook.scheduling.service.first_times import Asked, Fits, policies_of, soonest_free
from medibook.scheduling.service.free import (
    free_times,
    nearest_free_times,
    slot_board,
)
from medibook.scheduling.service.holding import (
    held_slot,
    hold_slot,
    keep_hold,
    offered,
    release_expired_holds,
    release_hold,
)
from medibook.scheduling.service.hours import (
    add_time_off,
    be_away,
    be_back,
    booking_mode,
    change_booking_mode,
    change_daily_limit,
    change_day,
    change_hours,
    my_schedule,
    owner_name,
    owners_named,
    remove_time_off,
    schedule_of,
)
from medibook.scheduling.service.offers import (
    against_offer,
    judge_offer,
    keep_offer,
    let_offers_go,
    offerable_times,
    offers_of,
    take_offer,
    was_offered_at,
)
from medibook.scheduling.service.openings import (
    Viewer,
)
from medibook.scheduling.service.preview import preview_hours
from medibook.scheduling.service.reasons import (
    ask_about_time,
    why_not,
)
from medibook.scheduling.service.taking import (
    occupy,
    take_hold,
    take_time,
    vacate,
)
from medibook.scheduling.service.waiting import (
    busy_then,
    is_kept_whole,
    keep_for_waiting,
    kept_time,
    let_kept_time_go,
    take_kept_time,
    times_within,
)
from medibook.scheduling.service.workdays import (
    day_on_the_wall,
    workdays,
)

__all__ = [
    "Asked",
    "Fits",
    "Viewer",
    "add_time_off",
    "against_offer",
    "agenda",
    "ask_about_time",
    "be_away",
    "be_back",
    "board_at_desk",
    "booking_mode",
    "booking_modes",
    "busy_then",
    "change_booking_mode",
    "change_daily_limit",
    "change_day",
    "change_hours",
    "count_working_on",
    "day_on_the_wall",
    "free_instead",
    "free_times",
    "held_slot",
    "hold_slot",
    "is_kept_whole",
    "judge_offer",
    "keep_for_absence",
    "keep_for_waiting",
    "keep_hold",
    "keep_offer",
    "keep_whole",
    "kept_for_absences",
    "kept_time",
    "let_absence_go",
    "let_kept_time_go",
    "let_offers_go",
    "my_schedule",
    "nearest_free_times",
    "occupy",
    "offerable_times",
    "offered",
    "offers_of",
    "owner_name",
    "owners_named",
    "policies_of",
    "preview_hours",
    "release_expired_holds",
    "release_hold",
    "remove_time_off",
    "schedule_of",
    "slot_board",
    "soonest",
    "soonest_free",
    "take_back_offers",
    "take_for_absence",
    "take_hold",
    "take_kept_time",
    "take_offer",
    "take_time",
    "taken_besides",
    "times_within",
    "usual_place_of",
    "vacate",
    "was_offered_at",
    "who_works_at",
    "why_not",
    "workdays",
    "working_on",
]
