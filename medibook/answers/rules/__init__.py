"""What a link still allows, and how a subject stands: values in, decision out."""

from medibook.answers.rules.standing import first_name, offer_stands, possible, stand_of

__all__ = ["first_name", "offer_stands", "possible", "stand_of"]
