"""Screens about visits: check and book, the patient's visits, moving, and the practitioner's day."""
