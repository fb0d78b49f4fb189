"""What stands above a page behind a link, and what it says of what was done a moment ago."""

from typing import Final

from medibook.answers.schemas import Stand
from medibook.kernel.words import N_
from medibook.notifications.schemas.links import Action

TITLES: Final = {
    Stand.BOOKED: N_("Your visit is booked"),
    Stand.CONFIRMED: N_("Thank you. We expect you."),
    Stand.REQUESTED: N_("You have asked for this time"),
    Stand.OFFERED: N_("Choose a time"),
    Stand.TO_BE_CALLED: N_("We will call you"),
    Stand.CANCELLED: N_("This visit is cancelled"),
    Stand.CANCELLED_BY_CLINIC: N_("The clinic has cancelled this visit"),
    Stand.OVER: N_("This visit has begun or is over"),
    Stand.WAITLIST_OFFERED: N_("A time has become free"),
    Stand.ACCEPTED: N_("Your visit is booked"),
    Stand.DECLINED: N_("You did not want this time"),
    Stand.GONE: N_("This time is no longer kept for you"),
    Stand.TAKEN: N_("Somebody else was faster"),
    Stand.LEFT: N_("You wait no longer"),
}
DONE: Final = {
    (Action.MOVE, Stand.BOOKED): N_("Your visit has moved to this time."),
    (Action.MOVE, Stand.REQUESTED): N_("Your request has moved to this time."),
    (Action.TAKE, Stand.BOOKED): N_("This time is yours. Your visit is booked."),
    (Action.CANCEL, Stand.CANCELLED): N_("You have cancelled it. The time is free for others."),
    (Action.DECLINE, Stand.CANCELLED): N_("You want none of the times. They are free for others."),
    (Action.TAKE, Stand.ACCEPTED): N_("This time is yours. Your visit is booked."),
    (Action.LEAVE, Stand.LEFT): N_("You are no longer on the waiting list."),
    (Action.CONFIRM, Stand.CONFIRMED): N_("We have noted that you will come."),
}
