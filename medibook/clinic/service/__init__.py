"""What the clinic says about itself: its face to the other rooms."""

from medibook.clinic.service.offering import (
    all_services,
    my_services,
    offer_first_service,
    offer_service,
    withdraw_service,
)
from medibook.clinic.service.reading import (
    closures,
    locations,
    locations_by_id,
    outages,
    policies_for,
    policy,
    policy_for,
    rooms_in,
    service_and_policy,
    services_by_practitioner,
    services_of,
    specialties,
    specialties_by_id,
    visit_types_by_id,
)

__all__ = [
    "all_services",
    "closures",
    "locations",
    "locations_by_id",
    "my_services",
    "offer_first_service",
    "offer_service",
    "outages",
    "policies_for",
    "policy",
    "policy_for",
    "rooms_in",
    "service_and_policy",
    "services_by_practitioner",
    "services_of",
    "specialties",
    "specialties_by_id",
    "visit_types_by_id",
    "withdraw_service",
]
