"""Screens about time: the departure board's words, and the practitioner's hours."""
