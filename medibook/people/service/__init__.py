"""The stories of accounts and of the people behind them."""

from medibook.people.access.accounts import admins, person
from medibook.people.access.behind_links import behind_link, behind_number, patients_of_number
from medibook.people.access.colleagues import colleagues
from medibook.people.access.guardians import may_act_for, patient_ids_of
from medibook.people.access.patients import (
    contacts,
    patient_names,
    recipients,
    who_can_be_asked,
)
from medibook.people.access.profiles import (
    bookable,
    find_practitioner_by_slug,
    is_bookable,
    name_plates,
    practitioners,
    practitioners_named,
    specialists,
)
from medibook.people.service.accounts import (
    accounts,
    create_admin,
    create_staff,
    reactivate_account,
    suspend_account,
)
from medibook.people.service.approval import (
    applications,
    approve_practitioner,
    ask_practitioner_back,
    count_applications,
    decline_practitioner,
)
from medibook.people.service.guardians import (
    add_dependant,
    change_dependant,
    grant_guardianship,
    guardians_of,
    people_i_book_for,
    revoke_guardianship,
    stop_acting_for,
)
from medibook.people.service.intake import take_in_patient, take_in_practitioner
from medibook.people.service.limits import limit_opening
from medibook.people.service.links import reset_link, verify_link
from medibook.people.service.passwords import ask_password_reset, change_password, reset_password
from medibook.people.service.patients import (
    add_patient,
    find_patients,
    patient_record,
    patients_named,
    write_in,
    written_to,
)
from medibook.people.service.pictures import keep_picture, picture, remove_picture
from medibook.people.service.profiles import (
    change_patient_profile,
    change_practitioner_profile,
    my_patient_profile,
    my_practitioner_profile,
    own_number,
    prove_number,
)
from medibook.people.service.registration import (
    check_link,
    register_patient,
    register_practitioner,
    resend_verification,
    verify_email,
)
from medibook.people.service.sessions import (
    check_password,
    demo_sign_in,
    identity,
    my_sessions,
    open_session,
    sign_out,
    sign_out_everywhere,
)

__all__ = [
    "accounts",
    "add_dependant",
    "add_patient",
    "admins",
    "applications",
    "approve_practitioner",
    "ask_password_reset",
    "ask_practitioner_back",
    "behind_link",
    "behind_number",
    "bookable",
    "change_dependant",
    "change_password",
    "change_patient_profile",
    "change_practitioner_profile",
    "check_link",
    "check_password",
    "colleagues",
    "contacts",
    "count_applications",
    "create_admin",
    "create_staff",
    "decline_practitioner",
    "demo_sign_in",
    "find_patients",
    "find_practitioner_by_slug",
    "grant_guardianship",
    "guardians_of",
    "identity",
    "is_bookable",
    "keep_picture",
    "limit_opening",
    "may_act_for",
    "my_patient_profile",
    "my_practitioner_profile",
    "my_sessions",
    "name_plates",
    "open_session",
    "own_number",
    "patient_ids_of",
    "patient_names",
    "patient_record",
    "patients_named",
    "patients_of_number",
    "people_i_book_for",
    "person",
    "picture",
    "practitioners",
    "practitioners_named",
    "prove_number",
    "reactivate_account",
    "recipients",
    "register_patient",
    "register_practitioner",
    "remove_picture",
    "resend_verification",
    "reset_link",
    "reset_password",
    "revoke_guardianship",
    "sign_out",
    "sign_out_everywhere",
    "specialists",
    "stop_acting_for",
    "suspend_account",
    "take_in_patient",
    "take_in_practitioner",
    "verify_email",
    "verify_link",
    "who_can_be_asked",
    "write_in",
    "written_to",
]
