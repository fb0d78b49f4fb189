"""The rows of every room, for checks and seeds; nothing here decides who may."""

from sqlmodel import Session

__all__ = ["Session"]
