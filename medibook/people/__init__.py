"""Accounts and the people behind them: sessions, patients, practitioners, their approval.

Invariants: one account per e-mail address; at least one active admin (I16); no practitioner is
bookable before an admin has approved the claims.
"""
