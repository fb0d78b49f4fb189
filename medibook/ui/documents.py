"""The language that a page declares before any script runs: for search engines and readers without one."""

import re
from pathlib import Path
from typing import Any

from reflex.plugins import Plugin

from medibook.ui.i18n import locale_of_path

_HTML = re.compile(r'<html\b[^>]*?\blang="(?P<locale>[^"]*)"')


class DocumentLanguage(Plugin):
    """After each build, let every prerendered file say which language it is written in.

    Reflex knows one language per app, so "/de/find.html" would call itself English; js/a11y.js
    mends that in the browser, but only there.
    """

    def post_build(self, **context: Any) -> None:
        """Rewrite the files before Reflex compresses the finished build."""
        declare_languages(Path(context["static_dir"]))


def declare_languages(static_dir: Path) -> None:
    """Set ``lang`` of each file to the language of its address."""
    for file in static_dir.rglob("*.html"):
        path = "/" + file.relative_to(static_dir).with_suffix("").as_posix()
        text = file.read_text(encoding="utf-8")
        if (tag := _HTML.search(text)) is None:
            # The fallback for unknown addresses has no page in it.
            continue
        start, end = tag.span("locale")
        file.write_text(text[:start] + locale_of_path(path) + text[end:], encoding="utf-8")
