"""Serve the clinic with one mistake in it: its handlers wait on the event loop, as no handler may."""

import time

from medibook.cli import app
from medibook.ui.app_state import AppState

_perform = AppState._perform


async def _slowly(self, *args, **kwargs):
    time.sleep(0.8)  # the mistake
    return await _perform(self, *args, **kwargs)


if __name__ == "__main__":
    AppState._perform = _slowly
    app()
