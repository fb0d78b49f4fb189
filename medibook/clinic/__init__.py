"""What the clinic is: locations and rooms, specialties, services (visit types), policies.

Invariants: each practitioner changes their own offers only, and keeps at least one of them; fees are
minor units of an ISO 4217 currency (I13). Public face: ``service``, ``schemas``, ``rules``.
"""
