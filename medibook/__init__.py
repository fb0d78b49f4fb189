"""MediBook: a clinic's appointments, from the opening hours to the visit."""

__version__ = "0.1.0"
