"""Ending news without signing in: the law wants it, and so does good sense."""

from medibook.kernel.actor import anyone
from medibook.kernel.errors import NotFound
from medibook.kernel.use_case import UnitOfWork, query, use_case
from medibook.notifications import service as notifications
from medibook.people import service as people


@query(allow=anyone)
def opens_news(uow: UnitOfWork, *, token: str, client: str = "") -> str | None:
    """The language of a link that ends news; None: it opens nothing, and counts as an attempt.

    Raises TooManyAttempts: there were too many from ``client``, an address.
    """
    people.check_client(uow, client)
    try:
        link = notifications.open_link(uow, token)
    except NotFound:
        people.limit_client(uow, client)
        return None
    return link.locale if link.about.kind == notifications.ABOUT_NEWS else None


@use_case(allow=anyone)
def end_news(uow: UnitOfWork, *, token: str) -> None:
    """End news by e-mail for whom the link was made; twice does no harm. Raises NotFound."""
    notifications.end_news(uow, token)
