"""The demo's places, specialties and visit types; every number and address is invented.

Telephone numbers come from ranges that the regulators keep free for fiction: Ofcom's 020 7946 0xxx,
the Bundesnetzagentur's 030 23125 xxx, ACMA's (02) 5550 xxxx.
"""

from __future__ import annotations

from medibook.kernel.words import N_
from medibook.operations.rules.chance import named_id
from medibook.operations.rules.seeds import ROOMS, PlaceSeed, ServiceSeed, SpecialtySeed


def _place(key: str, rooms: tuple[str, ...], at: tuple[float, float], **words: str) -> PlaceSeed:
    numbered = tuple((named_id("room", key, name), name) for name in rooms)
    return PlaceSeed(
        id=named_id("location", key), rooms=numbered, latitude=at[0], longitude=at[1], **words
    )


LONDON = _place(
    "london",
    ("Room 1", "Room 2", "Treatment room"),
    (51.5045, -0.0865),
    name="Riverside Clinic",
    address="14 Mill Wharf Lane",
    city="London",
    postcode="SE1 0ZZ",
    country="GB",
    zone="Europe/London",
    phone="+442079460100",
    currency="GBP",
)
BERLIN = _place(
    "berlin",
    ("Zimmer 1", "Zimmer 2", "Eingriffsraum"),
    (52.52, 13.405),
    name="Lindenhof Praxis",
    address="Lindenhofallee 7",
    city="Berlin",
    postcode="10099",
    country="DE",
    zone="Europe/Berlin",
    phone="+493023125100",
    currency="EUR",
)
# Its clocks go forward by half an hour in October.
LORD_HOWE = _place(
    "lord-howe",
    ("Front room", "Procedure room"),
    (-31.5551, 159.0821),
    name="Lagoon Road Clinic",
    address="3 Lagoon Lane",
    city="Lord Howe Island",
    postcode="2898",
    country="AU",
    zone="Australia/Lord_Howe",
    phone="+61255501100",
    currency="AUD",
)
PLACES = (LONDON, BERLIN, LORD_HOWE)


def _specialty(code: str, name: str, *plain_words: str) -> SpecialtySeed:
    # Each word is a text of the catalogue of its own: it is shown and searched in every language.
    return SpecialtySeed(
        id=named_id("specialty", code), code=code, name=name, synonyms=", ".join(plain_words)
    )


GENERAL = _specialty(
    "general-practice",
    N_("General practice"),
    N_("family doctor"),
    N_("GP"),
    N_("cold"),
    N_("flu"),
    N_("fever"),
    N_("cough"),
    N_("check-up"),
    N_("vaccination"),
    N_("sick note"),
)
SKIN = _specialty(
    "dermatology",
    N_("Dermatology"),
    N_("skin"),
    N_("rash"),
    N_("mole"),
    N_("acne"),
    N_("eczema"),
    N_("itch"),
    N_("hair"),
    N_("nails"),
)
HEART = _specialty(
    "cardiology",
    N_("Cardiology"),
    N_("heart"),
    N_("blood pressure"),
    N_("chest pain"),
    N_("palpitations"),
    N_("pulse"),
    N_("ECG"),
)
CHILDREN = _specialty(
    "paediatrics",
    N_("Paediatrics"),
    N_("children"),
    N_("child"),
    N_("baby"),
    N_("kids"),
    N_("pediatrics"),
    N_("growth"),
)
WOMEN = _specialty(
    "gynaecology",
    N_("Gynaecology"),
    N_("women"),
    N_("pregnancy"),
    N_("contraception"),
    N_("period"),
    N_("menopause"),
    N_("smear"),
)
BONES = _specialty(
    "orthopaedics",
    N_("Orthopaedics"),
    N_("bones"),
    N_("back"),
    N_("knee"),
    N_("hip"),
    N_("shoulder"),
    N_("joint"),
    N_("sprain"),
)
EYES = _specialty(
    "ophthalmology",
    N_("Eye care"),
    N_("eyes"),
    N_("eye"),
    N_("sight"),
    N_("glasses"),
    N_("red eye"),
    N_("vision"),
)
MIND = _specialty(
    "mental-health",
    N_("Mental health"),
    N_("anxiety"),
    N_("depression"),
    N_("sleep"),
    N_("stress"),
    N_("psychiatry"),
    N_("therapy"),
    N_("panic"),
    N_("burnout"),
)
SPECIALTIES = (GENERAL, SKIN, HEART, CHILDREN, WOMEN, BONES, EYES, MIND)


def _service(
    key: str,
    name: str,
    minutes: int,
    *,
    before: int = 0,
    after: int = 0,
    room: bool = False,
    video: bool = False,
) -> ServiceSeed:
    return ServiceSeed(
        id=named_id("service", key),
        name=name,
        minutes=minutes,
        buffer_before_minutes=before,
        buffer_after_minutes=after,
        pool_id=ROOMS.id if room else None,
        is_video=video,
    )


FIRST_VISIT = _service("first-visit", N_("First visit"), 30)
FOLLOW_UP = _service("follow-up", N_("Follow-up"), 20)
CHECK_UP = _service("check-up", N_("Check-up"), 40, after=10)
# With the quarter of an hour that one waits afterwards.
VACCINATION = _service("vaccination", N_("Vaccination"), 20)
PROCEDURE = _service("procedure", N_("Small procedure"), 40, before=10, after=10, room=True)
LONG_TALK = _service("long-talk", N_("Long conversation"), 50, after=10)
VIDEO_TALK = _service("video-talk", N_("Conversation by video"), 30, video=True)
SERVICES = (FIRST_VISIT, FOLLOW_UP, CHECK_UP, VACCINATION, PROCEDURE, LONG_TALK, VIDEO_TALK)
