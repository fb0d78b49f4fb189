"""The HTTP side of the house: the API application and what surrounds every answer."""

from medibook.http.api import build_api
from medibook.http.headers import security_headers
from medibook.http.origins import allowed_origins

__all__ = ["allowed_origins", "build_api", "security_headers"]
