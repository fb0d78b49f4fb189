"""The shapes that enter and leave the operations room."""

from pydantic import BaseModel, ConfigDict, Field


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Violation(_Shape):
    """Something in the database that must not be: which invariant, and what is wrong with what."""

    invariant: str = Field(description="I1, I2, … as in the documentation")
    what: str = Field(
        description="for the operator; ids and instants, never names or reasons of people"
    )


class DemoAccount(_Shape):
    """An account of the demo clinic that a visitor may use."""

    role: str
    name: str
    email: str
    passphrase: str


class DemoClinic(_Shape):
    """What stands in the demo clinic, and how to get in."""

    accounts: tuple[DemoAccount, ...]
    was_there: bool
    practitioners: int
    patients: int
    visits: int
