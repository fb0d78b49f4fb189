"""The doors of answers: pages behind links, without any script; and what providers bring by SMS."""

from medibook.answers.api.links import router as link_routes
from medibook.answers.api.news import router as news_routes
from medibook.answers.api.sms import router as sms_routes

routers = (
    link_routes,
    news_routes,
    sms_routes,
)

__all__ = ["routers"]
