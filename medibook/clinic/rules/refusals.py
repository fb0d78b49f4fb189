"""How the clinic says no to a change of what it is."""

from medibook.kernel.errors import Conflict
from medibook.kernel.words import N_


class InUse(Conflict):
    """What people have used stays in the books."""

    code = "in_use"
    sentence = N_("This is in use, or it was. It cannot be deleted, only retired.")


class ZoneInUse(Conflict):
    """Hours and visits are meant on this wall: another zone would move them all."""

    code = "zone_in_use"
    sentence = N_(
        "Hours or visits are kept in this time zone, so it cannot be changed any more. Add a new "
        "location with the right zone, move the hours there, and retire this one."
    )


class LastPlace(Conflict):
    """A clinic without any location could not be booked."""

    code = "last_place"
    sentence = N_("This is the only location. Add another one before you retire it.")


class PoolNeeded(Conflict):
    """Visit types need one of this pool: without it they could not be booked at all."""

    code = "pool_needed"
    sentence = N_("Visit types need one of this pool, or rooms are in it. Change those first.")


class NameTaken(Conflict):
    """There is one of this name already."""

    code = "name_taken"
    sentence = N_("There is one with this name already. Choose another name.")
