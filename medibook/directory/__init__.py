"""Find a doctor: search, result cards with the next free times, and the public profile.

Invariants: it only reads; nobody appears who is not approved, is suspended, or offers nothing; what
is free is asked of ``scheduling``, never computed here. Public face: ``service``, ``schemas``, ``rules``.
"""
