"""Screens for finding a doctor: the start page, the results, and a doctor's public profile."""
