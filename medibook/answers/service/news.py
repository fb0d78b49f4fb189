"""Ending news without signing in: the law wants it, and so does good sense."""

from datetime import timedelta
from typing import Final

from medibook.kernel.actor import anyone
from medibook.kernel.crypto import hash_token
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications import service as notifications
from medibook.people import service as people

_MOST_AN_HOUR: Final = 30
_HOUR: Final = timedelta(hours=1)


@query(allow=anyone)
def opens_news(uow: UnitOfWork, *, token: str, client: str = "") -> str | None:
    """The language of a link that ends news; None: it opens nothing, and counts as an attempt.

    Raises TooManyAttempts: there were too many such from ``client``, an address.
    """
    try:
        link = notifications.open_link(uow, token)
    except NotFound:
        people.limit_opening(uow, client)
        return None
    return link.locale if link.about.kind == notifications.ABOUT_NEWS else None


@use_case(allow=anyone)
def end_news(uow: UnitOfWork, *, token: str) -> None:
    """End news by e-mail for whom the link was made; twice does no harm. Raises NotFound."""
    uow.limit("answer", hash_token(token), times=_MOST_AN_HOUR, within=_HOUR)
    notifications.end_news(uow, token)
