"""What the clinic is: locations and rooms, specialties, services (visit types), policies."""
