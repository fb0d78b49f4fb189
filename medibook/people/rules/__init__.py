"""What may be claimed, chosen and decided about accounts: values in, a decision out; no IO."""

from medibook.people.rules.browsers import (
    client_address,
    device_named,
    flash,
    kept_link,
    typed_address,
)
from medibook.people.rules.claims import (
    CheckedPatient,
    CheckedPractitioner,
    check_patient,
    check_practitioner,
    slug_of,
)
from medibook.people.rules.fields import address_key, may_be_address
from medibook.people.rules.passwords import PasswordFault, password_fault
from medibook.people.rules.paths import home_of, own_path
from medibook.people.rules.pictures import MOST_BYTES, Portrait, portrait
from medibook.people.rules.refusals import (
    AddressTaken,
    AlreadyDecided,
    DemoOnly,
    LastAdmin,
    LinkSpent,
    NotTheChosenPassword,
    NotVerified,
    NotYourself,
    PatientKnown,
    ProfileChanged,
    ReasonNeeded,
    Suspended,
    UnfitPassword,
    UnfitPicture,
    WrongCredentials,
    code_of,
    sentence_of,
)
from medibook.people.rules.sessions import idle_limit, known_browser, may_be_known_browser

__all__ = [
    "MOST_BYTES",
    "AddressTaken",
    "AlreadyDecided",
    "CheckedPatient",
    "CheckedPractitioner",
    "DemoOnly",
    "LastAdmin",
    "LinkSpent",
    "NotTheChosenPassword",
    "NotVerified",
    "NotYourself",
    "PasswordFault",
    "PatientKnown",
    "Portrait",
    "ProfileChanged",
    "ReasonNeeded",
    "Suspended",
    "UnfitPassword",
    "UnfitPicture",
    "WrongCredentials",
    "address_key",
    "check_patient",
    "check_practitioner",
    "client_address",
    "code_of",
    "device_named",
    "flash",
    "home_of",
    "idle_limit",
    "kept_link",
    "known_browser",
    "may_be_address",
    "may_be_known_browser",
    "own_path",
    "password_fault",
    "portrait",
    "sentence_of",
    "slug_of",
    "typed_address",
]
