"""The demo's practitioners, front desk and admin; every person is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from medibook.kernel.actor import Role
from medibook.operations.rules import places as at
from medibook.operations.rules.chance import named_id
from medibook.operations.rules.seeds import (
    AccountSeed,
    PlaceSeed,
    PractitionerSeed,
    ServiceSeed,
    SpecialtySeed,
)
from medibook.people.rules import slug_of
from medibook.people.schemas import ApprovalStatus
from medibook.scheduling.rules import WeeklyHours
from medibook.scheduling.schemas import BookingMode

DOMAIN = "demo.example"

Reading = tuple[time, time]
_MORNING, _AFTERNOON = (time(9), time(12, 30)), (time(13, 30), time(17))
_EARLY, _LATE = (time(8), time(13)), (time(14), time(19))
_FULL_DAY = (_MORNING, _AFTERNOON)
_WEEK: dict[str, dict[int, tuple[Reading, ...]]] = {
    "full": dict.fromkeys(range(5), _FULL_DAY),
    "four-days": {**dict.fromkeys((0, 1, 3), _FULL_DAY), 4: (_EARLY,)},
    "early": {**dict.fromkeys(range(5), (_EARLY,)), 5: ((time(9), time(12)),)},
    "late": dict.fromkeys((0, 1, 2, 3), ((time(11), time(14)), _LATE)),
    "long": dict.fromkeys((0, 2, 3), (_EARLY, _LATE)),
    # Whoever tries the demo on a Sunday should find a day with visits, too.
    "daily": {
        **dict.fromkeys(range(5), _FULL_DAY),
        **dict.fromkeys((5, 6), (_MORNING, (time(14), time(16)))),
    },
}
_TALKS = ((at.FIRST_VISIT, 100), (at.LONG_TALK, 160), (at.FOLLOW_UP, 70), (at.VIDEO_TALK, 90))
_SURGERY = ((at.FIRST_VISIT, 100), (at.FOLLOW_UP, 60), (at.PROCEDURE, 220))
_FAMILY = ((at.FIRST_VISIT, 100), (at.FOLLOW_UP, 60), (at.CHECK_UP, 130), (at.VACCINATION, 40))
_BASE_FEE = {"GBP": 4500, "EUR": 4800, "AUD": 8500}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """A practitioner in few words."""

    name: str
    place: PlaceSeed
    specialties: tuple[SpecialtySeed, ...]
    qualifications: str
    years: int
    languages: str
    biography: str
    week: str = "full"
    offers: tuple[tuple[ServiceSeed, int], ...] = _FAMILY
    by_request: bool = False
    status: ApprovalStatus = ApprovalStatus.APPROVED
    email: str = ""


_CARDS = (
    _Card(
        name="Dr Amina Rahman",
        place=at.LONDON,
        specialties=(at.GENERAL,),
        email="doctor",
        week="daily",
        qualifications="MB BS, MRCGP",
        years=14,
        languages="en,bn,fr",
        biography="I have been a family doctor for fourteen years and like to take the time to "
        "explain. Bring your questions on a piece of paper: we will go through all of them.",
    ),
    _Card(
        name="Dr Owen Pritchard",
        place=at.LONDON,
        specialties=(at.HEART,),
        week="four-days",
        qualifications="MB BCh, MRCP, CCT Cardiology",
        years=21,
        languages="en,cy",
        offers=((at.FIRST_VISIT, 170), (at.CHECK_UP, 210), (at.FOLLOW_UP, 100)),
        by_request=True,
        biography="High blood pressure, palpitations, or worried after a look at your family "
        "history? I read every request myself and answer within a day.",
    ),
    _Card(
        name="Dr Chidi Okafor",
        place=at.LONDON,
        specialties=(at.CHILDREN, at.GENERAL),
        week="early",
        qualifications="MB BS, MRCPCH",
        years=9,
        languages="en,ig",
        biography="Children are not small adults, and parents know their child best. There are "
        "crayons in the waiting room and nobody has to be brave alone.",
    ),
    _Card(
        name="Dr Isla MacLeod",
        place=at.LONDON,
        specialties=(at.SKIN,),
        offers=_SURGERY,
        qualifications="MB ChB, MRCP (Dermatology)",
        years=12,
        languages="en,gd,es",
        biography="Moles, eczema, acne, hair: the skin tells a lot. Please come without make-up "
        "on the place that I should look at.",
    ),
    _Card(
        name="Dr Tan Wei Lin",
        place=at.LONDON,
        specialties=(at.BONES,),
        offers=_SURGERY,
        week="late",
        qualifications="MB BS, FRCS (Tr & Orth)",
        years=17,
        languages="en,zh,ms",
        biography="Back, knee, hip and shoulder, for runners and for people who have never run. "
        "Most of it gets better without an operation.",
    ),
    _Card(
        name="Dr. Katharina Vogt",
        place=at.BERLIN,
        specialties=(at.GENERAL,),
        week="early",
        qualifications="Fachärztin für Allgemeinmedizin",
        years=19,
        languages="de,en",
        biography="Hausärztin im Kiez seit neunzehn Jahren. I speak English too, and the coffee "
        "in the waiting room is good.",
    ),
    _Card(
        name="Dr. Mehmet Aydoğan",
        place=at.BERLIN,
        specialties=(at.EYES,),
        offers=_SURGERY,
        qualifications="Facharzt für Augenheilkunde",
        years=11,
        languages="de,tr,en",
        week="long",
        biography="Sharp sight from three to ninety-three. After the drops you should not drive, "
        "so please come by train or with somebody.",
    ),
    _Card(
        name="Dr. Anneliese Brandt",
        place=at.BERLIN,
        specialties=(at.WOMEN,),
        by_request=True,
        qualifications="Fachärztin für Frauenheilkunde",
        years=24,
        languages="de,en,fr",
        biography="From the first visit to the menopause, with time and without shyness. Requests "
        "are answered within two days.",
    ),
    _Card(
        name="Dr. Jonas Adeyemi",
        place=at.BERLIN,
        specialties=(at.MIND,),
        offers=_TALKS,
        qualifications="Facharzt für Psychiatrie und Psychotherapie",
        years=8,
        languages="de,en,yo",
        week="four-days",
        by_request=True,
        biography="Sleep, worry, exhaustion. The first conversation is there to find out whether "
        "we get along; nothing has to be decided in it.",
    ),
    _Card(
        name="Dr Marama Tawhai",
        place=at.LORD_HOWE,
        specialties=(at.GENERAL, at.CHILDREN),
        qualifications="MBChB, FRACGP",
        years=16,
        languages="en,mi",
        week="four-days",
        biography="The island's doctor. If the ferry is late, ring us: nobody loses their visit "
        "to the weather.",
    ),
    _Card(
        name="Dr Lachlan Sato",
        place=at.LORD_HOWE,
        specialties=(at.SKIN,),
        offers=_SURGERY,
        qualifications="MBBS, FACD",
        years=10,
        languages="en,ja",
        week="long",
        biography="Sun, salt and skin: checks for everybody who works outside, and small "
        "procedures without a flight to the mainland.",
    ),
    _Card(
        name="Dr Priya Nair",
        place=at.LORD_HOWE,
        specialties=(at.MIND, at.WOMEN),
        offers=_TALKS,
        qualifications="MBBS, FRANZCP",
        years=13,
        languages="en,ml,hi",
        week="full",
        biography="I see people on the island and listen more than I talk. Whatever you tell me "
        "stays in the room, also on a small island.",
    ),
    _Card(
        name="Dr. Sofia Marchetti",
        place=at.BERLIN,
        specialties=(at.BONES, at.GENERAL),
        qualifications="Laurea in Medicina e Chirurgia; Fachärztin für Orthopädie",
        years=6,
        languages="it,de,en",
        offers=(),
        status=ApprovalStatus.PENDING,
        email="applicant",
        biography="I have worked in Bologna and Berlin and would like to see patients with back "
        "and joint pain at Lindenhof.",
    ),
)

FRONT_DESK = AccountSeed(
    id=named_id("account", "desk"), email=f"desk@{DOMAIN}", name="Nora Feld", role=Role.STAFF
)
ADMIN = AccountSeed(
    id=named_id("account", "admin"), email=f"admin@{DOMAIN}", name="Tom Ashby", role=Role.ADMIN
)


def practitioners() -> tuple[PractitionerSeed, ...]:
    """Twelve approved ones and an applicant, without days off; the week of the demo adds those."""
    return tuple(_practitioner(number, card) for number, card in enumerate(_CARDS, start=1))


def _practitioner(number: int, card: _Card) -> PractitionerSeed:
    slug = slug_of(card.name)
    account = AccountSeed(
        id=named_id("account", slug),
        email=f"{card.email or slug}@{DOMAIN}",
        name=card.name,
        role=Role.PRACTITIONER,
        locale="de" if card.place is at.BERLIN else "en",
    )
    approved = card.status is ApprovalStatus.APPROVED
    return PractitionerSeed(
        id=named_id("practitioner", slug),
        account=account,
        slug=slug,
        name=card.name,
        phone=f"{card.place.phone[:-2]}{number:02}",
        specialties=card.specialties,
        qualifications=card.qualifications,
        licence_number=f"DEMO-{card.place.country}-{4100 + number}",
        years_of_experience=card.years,
        languages=card.languages,
        biography=card.biography,
        place=card.place,
        status=card.status,
        offers=_fees(card) if approved else (),
        booking_mode=BookingMode.REQUEST if card.by_request else BookingMode.INSTANT,
        hours=weekly(card.place, _WEEK[card.week]) if approved else (),
    )


def weekly(place: PlaceSeed, week: dict[int, tuple[Reading, ...]]) -> tuple[WeeklyHours, ...]:
    """The opening hours of a week at one place; what lies between two stretches is the break."""
    return tuple(
        WeeklyHours(weekday, opens, closes, None, None, place.id, place.zone)
        for weekday, stretches in sorted(week.items())
        for opens, closes in stretches
    )


def _fees(card: _Card) -> tuple[tuple[ServiceSeed, int], ...]:
    """The offers' hundredths of the country's usual fee, in round minor units."""
    base = _BASE_FEE[card.place.currency]
    return tuple((service, base * percent // 100 // 50 * 50) for service, percent in card.offers)
