"""The stories of answers: what a link opens and an SMS means, and what is done with it."""

from medibook.answers.service.links import answer_by_link, what_to_answer, whose_link
from medibook.answers.service.news import end_news, opens_news
from medibook.answers.service.queue import (
    LONGEST_REPLY,
    answer_conversation,
    close_conversation,
    conversations_waiting,
)
from medibook.answers.service.sms import hear_sms
from medibook.answers.service.times import times_to_move_to

__all__ = [
    "LONGEST_REPLY",
    "answer_by_link",
    "answer_conversation",
    "close_conversation",
    "conversations_waiting",
    "end_news",
    "hear_sms",
    "opens_news",
    "times_to_move_to",
    "what_to_answer",
    "whose_link",
]
