"""Small words made at run time that more than one room shows."""

_TITLES = frozenset({"dr", "dr.", "prof", "prof.", "mr", "mrs", "ms", "med.", "mx"})


def initials(name: str) -> str:
    """The letters of a person's portrait when there is no picture: "Dr Amina Rahman" is "AR"."""
    parts = [part for part in name.split() if part.casefold() not in _TITLES] or name.split()
    return "".join(
        part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)
    ).upper()
