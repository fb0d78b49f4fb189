"""Visits: booking, accepting, moving, cancelling, and the steps of the day.

Invariants: status moves only along the graph (I3); a move is one transaction; one booking key
has at most one effect (I5); every change leaves a row of history; nothing is deleted.
"""
