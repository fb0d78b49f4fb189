"""A practitioner is away: one plan for every patient whose visit cannot be.

The plan writes the time off, keeps up to three other times for each patient, tells each once, and
collects the answers. Nothing is cancelled before its patient was told; until the first answer the
whole plan can be taken back. Other rooms speak to ``service``, with ``schemas``, ``events``, ``rules``.
"""
