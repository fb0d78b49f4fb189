"""Screens about what the clinic offers."""
