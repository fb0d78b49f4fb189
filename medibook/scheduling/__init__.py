"""When a practitioner has time: opening hours, time off, holds, and the free times left.

Invariants: no two rows of busy time of one practitioner, room or patient overlap (I1; the
database refuses them); free times are computed by one pure function and never stored.
"""
