"""Who holds the event loop: one synchronous call there stops every patient's screen.

A thread looks at the loop's heartbeat; when it is late, the place where the loop stands is noted.

    app.register_lifespan_task(watch_loop)              # in the served clinic: a warning in the log

    async with LoopProbe() as probe: ...                # in a test
    assert probe.stalls == []
"""

import asyncio
import logging
import sys
import threading
import traceback
from dataclasses import dataclass, field
from time import monotonic
from types import FrameType, TracebackType
from typing import Self

log = logging.getLogger("medibook.loop")

LIMIT = 0.2  # seconds for which a person does not notice that others are served first
_BEAT = 0.05


@dataclass(frozen=True)
class Stall:
    """The loop was held at ``place`` (innermost call last) for at least ``seconds``."""

    seconds: float
    place: str


@dataclass
class LoopProbe:
    """Notes each place that holds the running loop for longer than ``limit``."""

    limit: float = LIMIT
    stalls: list[Stall] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self._thread_of_loop, self._beaten = threading.get_ident(), monotonic()
        self._over = threading.Event()
        self._heart = asyncio.create_task(self._beat())
        self._watcher = threading.Thread(target=self._watch, name="loop-probe", daemon=True)
        self._watcher.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._heart.cancel()
        self._over.set()
        await asyncio.to_thread(self._watcher.join)

    async def _beat(self) -> None:
        while True:
            self._beaten = monotonic()
            await asyncio.sleep(_BEAT)

    def _watch(self) -> None:
        noted_beat, first_seen = 0.0, None
        while not self._over.wait(_BEAT):
            beat, late = self._beaten, monotonic() - self._beaten
            here = _place(sys._current_frames().get(self._thread_of_loop))
            if late <= self.limit + _BEAT:
                first_seen = here
            elif beat != noted_beat and here == first_seen:
                # Twice at the same place: held there, not merely slow because the machine is busy.
                noted_beat = beat
                self._note(Stall(round(late, 2), here))
            else:
                first_seen = here

    def _note(self, stall: Stall) -> None:
        self.stalls.append(stall)
        log.warning("the event loop was held for %.2f s at\n%s", stall.seconds, stall.place)


def _place(frame: FrameType | None) -> str:
    return "".join(traceback.format_stack(frame, limit=8)) if frame else ""


async def watch_loop() -> None:
    """Warn of stalls for the life of the server."""
    async with LoopProbe() as probe:
        while True:
            await asyncio.sleep(60)
            probe.stalls.clear()
