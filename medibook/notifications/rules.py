"""What reaches whom by which channel and when, when it is tried again, and what is not kept."""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from medibook.kernel.crypto import hash_token
from medibook.kernel.errors import Conflict, NotFound, Refusal
from medibook.kernel.words import N_
from medibook.notifications.schemas import Channel, Topic
from medibook.people.rules.sessions import RESET_LASTS, VERIFY_LASTS

MOST_ATTEMPTS = 8
# Until then nobody else takes what a worker has claimed, or looks up what it has attempted. Longer than
# a machine sleeps in passing: a worker that wakes up finds its messages where it has left them.
LEASE = timedelta(minutes=5)
# Providers list what they have taken with some delay; asked too early, they would say that it is not there.
LOOK_AFTER = timedelta(minutes=2)
LOOK_AGAIN = timedelta(minutes=15)
LOOKED_FOR = timedelta(hours=24)
# A push service keeps a note for a device that is switched off so long, if it helps so long.
PUSH_LASTS = timedelta(days=3)
# A provider that takes nothing from anybody is left in peace so long.
PAUSE = timedelta(minutes=1)
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)

VERIFY_EMAIL = "verify-email"
RESET_PASSWORD = "reset-password"  # noqa: S105  # a kind of message, not a password
PHONE_CODE = "phone-code"
CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5
# Their bodies hold a key to an account: kept until they have left, no longer.
_CARRY_A_KEY = {VERIFY_EMAIL: VERIFY_LASTS, RESET_PASSWORD: RESET_LASTS, PHONE_CODE: CODE_LASTS}


class NumberStopped(Refusal):
    """A number has said STOP, and nobody who asks has ever shown that it is theirs."""

    code = "number_stopped"
    sentence = N_("This number wants no messages from us. Send START from it first, or call us.")
    status = 409


class ChoosesThemselves(Conflict):
    """Whoever has an account says there how they want to be reached."""

    code = "chooses_themselves"
    sentence = N_("This patient has an account, and chooses there what reaches them how.")


class MailboxClosed(NotFound):
    """The mailbox is a convenience of the demo clinic; elsewhere messages are their readers' alone."""

    code = "mailbox_closed"


def digits_of(token: str) -> str:
    """Six digits out of a secret; short enough to type, so that few tries are granted."""
    return f"{int(hash_token(token), 16) % 1_000_000:06}"


def carries_key(kind: str) -> bool:
    """Tell whether a message of this kind holds a link that opens an account."""
    return kind in _CARRY_A_KEY


def useful_for(kind: str) -> timedelta | None:
    """Return how long after it was written a message still helps its reader; None: always."""
    return _CARRY_A_KEY.get(kind)


def wait_before(
    attempt: int, *, message_id: UUID, retry_after: timedelta | None = None
) -> timedelta:
    """Return the wait after the ``attempt``-th failure: doubling from half a minute, an hour at most.

    Up to half of it is left out, by the message's own number, so that a thousand that failed together
    do not come back together. What the provider asks for is never cut short.
    """
    wait = min(_FIRST_WAIT * (1 << (attempt - 1)), _LONGEST_WAIT)
    spread = wait * (0.5 + (message_id.int >> 7) % 1000 / 2000)
    return max(spread, retry_after or timedelta(0))


def may_resend(topic: Topic, channel: Channel) -> bool:
    """Whether a letter that may have left is sent once more, under its own Message-ID.

    A confirmation read twice does no harm, one that is lost does; a reminder is better missed than
    doubled. Only for mail servers: they keep no record that could be asked. Nor do push services, but
    what is pushed stands in the app as well.
    """
    return channel is not Channel.PUSH and topic is not Topic.REMINDERS


# GSM 03.38: what an SMS of 160 signs is written with; the second row counts twice. One other sign, and
# only 70 fit.
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE: Final = frozenset("^{}\\[~]|€")
_ONE_SMS, _ONE_SMS_ELSE = 160, 70
_TYPESET: Final = str.maketrans(
    {"–": "-", "—": "-", "…": "...", "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'",
     "\u00a0": " ", "\u202f": " ", "\u2009": " ", "·": "-", "•": "-"}
)  # fmt: skip


def sms_text(text: str) -> str:
    """A short text without the signs of typesetters, which would halve what fits into an SMS."""
    return text.translate(_TYPESET)


def fits_one_sms(text: str) -> bool:
    """Tell whether a text is one SMS: 160 signs of the GSM alphabet, or 70 when there is any other."""
    signs = sms_text(text)
    if set(signs) <= _GSM | _GSM_TWICE:
        return len(signs) + sum(sign in _GSM_TWICE for sign in signs) <= _ONE_SMS
    return len(signs) <= _ONE_SMS_ELSE


def first_that_fits(texts: Collection[str]) -> str:
    """The first of these texts that is one SMS; else the last of them, which says least, in several."""
    said = list(texts)
    return next((text for text in said if fits_one_sms(text)), said[-1])


def short_names(clinic: str) -> tuple[str, str, str]:
    """A clinic's name as an SMS may say it: whole, or cut where it would not fit otherwise."""
    return clinic, clinic[:40], clinic[:20]


# To one number, whatever it is about and whoever it is for: nobody makes a telephone ring on through us.
_MOST_SMS: Final = ((3, timedelta(hours=1)), (10, timedelta(days=1)))
SMS_COUNTED: Final = max(within for _, within in _MOST_SMS)
# What is said back to an SMS by itself, and what somebody of the clinic writes themselves, one by one.
SMS_ANSWER: Final = "sms-answer"
DESK_REPLY: Final = "sms-desk"
TEST: Final = "test"
_BY_HAND: Final = frozenset({DESK_REPLY, TEST})


def is_answer(kind: str) -> bool:
    """Whether this is said back to somebody who has written, by the way that they have chosen for it."""
    return kind == SMS_ANSWER or is_by_hand(kind)


def is_by_hand(kind: str) -> bool:
    """Whether a person of the clinic has written this very message; it counts, and is not held back."""
    return kind in _BY_HAND


def sms_free_at(sent: Collection[datetime], now: datetime) -> datetime:
    """From when on the next SMS may go to a number that was sent these; ``now`` when it may at once."""
    return free_at(sent, now, _MOST_SMS)


def free_at(
    sent: Collection[datetime], now: datetime, limits: Collection[tuple[int, timedelta]]
) -> datetime:
    """From when on there is room for one more within limits: so many in so long."""
    free = [now]
    for most, within in limits:
        counted = sorted(at for at in sent if at > now - within)
        if len(counted) >= most:
            free.append(counted[-most] + within)
    return max(free)


# What waits because it may be true again is asked about so often.
ASK_AGAIN: Final = timedelta(minutes=5)
# A promise that has not left so long after its time is late; without a beat so long, nobody delivers.
OVERDUE = timedelta(minutes=15)
SILENT = timedelta(minutes=2)
QUIET_FROM: Final = time(21)
QUIET_UNTIL: Final = time(8)
# Whatever is not in it: e-mail always, a telephone only where minutes or a visit are at stake.
_RINGS: Final = frozenset({Topic.REMINDERS, Topic.WAITLIST})


def rings_at_need(topic: Topic) -> bool:
    """Whether a telephone rings even in quiet hours when this would be of no use after them."""
    return topic in _RINGS


def wants(chosen: Mapping[tuple[Topic, Channel], bool], topic: Topic, channel: Channel) -> bool:
    """Whether somebody is told of this topic by this channel, by their choice or as is usual.

    About the account itself the letter always goes, and nothing else: it keeps the account theirs.
    """
    if topic is Topic.ACCOUNT:
        return channel is Channel.EMAIL
    if channel is Channel.IN_APP:
        return True
    usual = channel is Channel.EMAIL or topic in _RINGS
    if channel is Channel.PUSH:  # they have pressed for it, on that very device
        usual = topic is not Topic.NEWS
    return chosen.get((topic, channel), usual)


def after_quiet(
    at: datetime, zone: str, starts: time = QUIET_FROM, ends: time = QUIET_UNTIL
) -> datetime:
    """The first instant from ``at`` on that is outside the quiet hours on the wall of ``zone``.

    A message is shifted, never dropped. Equal ends mean that there are no quiet hours.
    """
    wall = at.astimezone(ZoneInfo(zone))
    clock = wall.time().replace(tzinfo=None)
    over_night = starts > ends
    quiet = (clock >= starts or clock < ends) if over_night else starts <= clock < ends
    if starts == ends or not quiet:
        return at
    day = wall.date() + timedelta(days=1 if over_night and clock >= starts else 0)
    return datetime.combine(day, ends, ZoneInfo(zone)).astimezone(at.tzinfo)


def out_of_quiet(
    at: datetime,
    zone: str,
    starts: time = QUIET_FROM,
    ends: time = QUIET_UNTIL,
    *,
    before: datetime,
    now: datetime,
) -> datetime:
    """As ``after_quiet``, but never to ``before`` or past it: then it is brought forward instead.

    It leaves a minute before the quiet hours begin. When that is past as well, it stays where it is:
    what a reminder is for is worth more than the silence, and nothing is dropped.
    """
    later = after_quiet(at, zone, starts, ends)
    if later < before:
        return later
    wall = at.astimezone(ZoneInfo(zone))
    over_night = starts > ends and wall.time().replace(tzinfo=None) < ends
    day = wall.date() - timedelta(days=1 if over_night else 0)
    earlier = datetime.combine(day, starts, ZoneInfo(zone)).astimezone(at.tzinfo)
    earlier -= timedelta(minutes=1)
    return earlier if earlier >= now else at


def is_reachable(address: str) -> bool:
    """Whether a mail server could know this address: none knows one that ends in .invalid (RFC 2606).

    Practitioners who came with a directory file have such an address until they open their account.
    """
    return not address.casefold().endswith(".invalid")


# How far a provider's own account of a message has come; what has arrived is not "sent" again.
_ON_ITS_WAY: Final = ("accepted", "queued", "processed", "sending", "sent", "deferred")
_ENDS: Final = ("delivered", "undelivered", "failed", "bounce", "dropped", "read", "open")


def is_further(known: str, told: str) -> bool:
    """Whether what a provider tells goes beyond what is known: callbacks come twice, and out of order."""
    order = (*_ON_ITS_WAY, *_ENDS)
    if told not in order:
        return False
    return known not in order or order.index(told) > order.index(known)


CHOSEN_TOPICS: Final = (Topic.VISITS, Topic.REMINDERS, Topic.WAITLIST, Topic.NEWS)
CHOSEN_CHANNELS: Final = (Channel.EMAIL, Channel.SMS)


def channels_chosen(*, with_devices: bool) -> tuple[Channel, ...]:
    """By which ways one can choose to be told; devices only once there is one."""
    return (*CHOSEN_CHANNELS, Channel.PUSH) if with_devices else CHOSEN_CHANNELS


# A reminder is written thirteen hours ahead: out of longer silence it could not be brought forward.
LONGEST_SILENCE: Final = timedelta(hours=12)


def problems_of_silence(starts: time, ends: time, zone: str) -> dict[str, str]:
    """What is wrong with quiet hours as somebody wants them, field by field."""
    length = (_since_midnight(ends) - _since_midnight(starts)) % timedelta(days=1)
    problems = {}
    if length > LONGEST_SILENCE:
        problems["quiet_until"] = N_("Quiet hours can be twelve hours long at most.")
    is_usual = (starts, ends) == (QUIET_FROM, QUIET_UNTIL)
    if (not zone and not is_usual) or (zone and zone not in available_timezones()):
        problems["zone"] = N_("Say on which clock: a zone as in Europe/London.")
    return problems


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute)
