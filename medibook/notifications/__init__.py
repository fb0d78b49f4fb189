"""What we tell people: messages as rows, sent once, readable in the demo's mailbox.

Invariants: one message per fact, recipient and channel (I7); it carries the least: time,
clinic, link.
"""
