"""The waiting list: who waits for what, and the offers that freed times become.

Invariants (I6): offers of a freed time go out in order (priority, since, id); at most one is open for
it; one that has expired passes on within a minute; nobody is skipped without a recorded reason.
"""
