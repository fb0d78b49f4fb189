"""The doors of answers: pages behind links, without any script."""

from medibook.answers.api.links import router as link_routes

routers = (link_routes,)

__all__ = ["routers"]
