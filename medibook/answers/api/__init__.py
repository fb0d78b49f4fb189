"""The doors of answers: pages behind links, without any script."""

from medibook.answers.api.links import router as link_routes
from medibook.answers.api.news import router as news_routes

routers = (
    link_routes,
    news_routes,
)

__all__ = ["routers"]
