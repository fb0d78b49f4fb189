"""The demo's sixty patients; every person is invented, and all may use the same long passphrase."""

from __future__ import annotations

from datetime import date, timedelta

from medibook.kernel.actor import Role
from medibook.operations.rules.chance import Chance, named_id
from medibook.operations.rules.places import BERLIN, LONDON, LORD_HOWE
from medibook.operations.rules.seeds import AccountSeed, PatientSeed, PlaceSeed
from medibook.operations.rules.staff import DOMAIN

_OLDEST, _YOUNGEST = date(1938, 1, 1), date(2006, 12, 31)

# The first one is the patient whom a visitor signs in as.
_NAMES: dict[PlaceSeed, str] = {
    LONDON: (
        "Maya Lindqvist, Samuel Osei, Grace Whitlock, Tariq Mahmoud, Eleanor Finch, Kofi Mensah, "
        "Ruth Abernathy, Zainab Yusuf, Callum Draper, Mei-Xing Zhao, Patrick O'Shea, Ifeoma Eze, "
        "Beatrix Holloway, Rohan Deshmukh, Sîan Powell, Dmitri Volkov, Aaliyah Brown, Hugh Penrose, "
        "Lucia Fontana, Theo Papadakis, Nadia Haddad, Winston Clarke, Freya Thornton, Amit Chaudhary, "
        "Rosa Delgado, Edwin Marsh"
    ),
    BERLIN: (
        "Lena Sommerfeld, Emre Koçak, Friedrich Albers, Thu Trang Nguyen, Hannelore Pietsch, "
        "Oleksandr Bondar, Yara Khoury, Matthias Rehbein, Agnieszka Nowicka, Günther Storck, "
        "Selin Erdem, Paul Wachowiak, Chiara Bellini, Moritz Dengler, Fatima El Amrani, "
        "Ingrid Sørensen, Tobias Quandt, Leyla Rostami, Klara Winkelmann, Noah Steinbach, "
        "Miriam Rosenthal, Kwame Boateng"
    ),
    LORD_HOWE: (
        "Bruce Hallam, Talia Kekoa, Joan Whitmore, Arlo Jensen, Mere Parata, Sunil Perera, "
        "Daisy Buckland, Kenji Mori, Olive Trask, Finn Gallagher, Leilani Vea, Harold Innes"
    ),
}  # fmt: skip
_STREETS: dict[PlaceSeed, tuple[str, ...]] = {
    LONDON: ("Tanner's Yard", "Copperfield Row", "Hopgarden Street", "Lantern Court"),
    BERLIN: ("Amselsteig", "Kastanienhof", "Am Alten Hafen", "Ziegelgasse"),
    LORD_HOWE: ("Banyan Track", "Kentia Lane", "Jetty Road"),
}


def patients() -> tuple[PatientSeed, ...]:
    """All patients, those of London first."""
    drawn = Chance("patients")
    everybody = [(place, name) for place, names in _NAMES.items() for name in names.split(", ")]
    found = []
    for number, (place, name) in enumerate(everybody):
        lived = timedelta(days=drawn.between(0, (_YOUNGEST - _OLDEST).days))
        street = drawn.one_of(_STREETS[place])
        found.append(
            _patient(
                number,
                name,
                place,
                born=_OLDEST + lived,
                street=f"{drawn.between(1, 89)} {street}",
            )
        )
    return tuple(found)


def _patient(number: int, name: str, place: PlaceSeed, *, born: date, street: str) -> PatientSeed:
    account = AccountSeed(
        id=named_id("account", "patient", number),
        name=name,
        role=Role.PATIENT,
        email=f"patient@{DOMAIN}" if number == 0 else f"patient{number:02}@{DOMAIN}",
        locale="de" if place is BERLIN else "en",
    )
    return PatientSeed(
        id=named_id("patient", number),
        account=account,
        place=place,
        birth_date=born,
        phone=f"{place.phone[:-3]}{200 + number}",
        address=f"{street}, {place.city}",
    )
