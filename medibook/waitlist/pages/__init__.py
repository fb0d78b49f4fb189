"""The screens of the waiting list: one's own entries, joining, and the front desk's view of it all."""
