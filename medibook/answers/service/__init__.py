"""The stories of answers: what a link opens, and what is done with it."""

from medibook.answers.service.links import answer_by_link, what_to_answer, whose_link
from medibook.answers.service.news import end_news, opens_news
from medibook.answers.service.times import times_to_move_to

__all__ = [
    "answer_by_link",
    "end_news",
    "opens_news",
    "times_to_move_to",
    "what_to_answer",
    "whose_link",
]
