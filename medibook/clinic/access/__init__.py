"""The clinic's rows. Everybody may see what the clinic offers; who may change it stands at each story."""

from medibook.clinic.access.offers import (
    add_visit_type,
    offer_and_policy,
    offered,
    put_offer,
    remove_offer,
    visit_types,
)
from medibook.clinic.access.places import closures, locations, outages, rooms_in
from medibook.clinic.access.policies import policies_for, policy
from medibook.clinic.access.specialties import specialties

__all__ = [
    "add_visit_type",
    "closures",
    "locations",
    "offer_and_policy",
    "offered",
    "outages",
    "policies_for",
    "policy",
    "put_offer",
    "remove_offer",
    "rooms_in",
    "specialties",
    "visit_types",
]
