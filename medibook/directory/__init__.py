"""Find a doctor: search, result cards with the next free times, and the public profile."""
