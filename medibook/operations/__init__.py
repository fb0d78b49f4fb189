"""What an operator does with the whole clinic: check its invariants, fill it with a demo, prove its guards.

Invariants: it reads the tables of every room, and writes them only to make a clinic that is not there
yet (a demo, a scratch copy, a crowd for a measurement). Public face: ``service``, ``schemas``, ``rules``.
"""
