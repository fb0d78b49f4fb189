"""Reminders: of visits, by the clinic's policy, and of a next visit that a practitioner asks for.

Invariants: one reminder per visit as it stands, per time before it and per channel (I7); none for a
visit that has begun, has moved or is cancelled (I8). A visit's plan is written with the booking; the
messages are written some hours before they leave.
"""
