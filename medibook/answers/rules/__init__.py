"""What a link still allows, how a subject stands, and what an SMS means: values in, decision out."""

from medibook.answers.rules.standing import first_name, offer_stands, possible, stand_of
from medibook.answers.rules.words import Intent, Understood, is_number, plain, understood

__all__ = [
    "Intent",
    "Understood",
    "first_name",
    "is_number",
    "offer_stands",
    "plain",
    "possible",
    "stand_of",
    "understood",
]
