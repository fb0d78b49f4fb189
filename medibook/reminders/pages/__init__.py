"""The screens of follow-ups: planned after a visit, listed, and among a patient's own visits."""
