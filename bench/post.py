"""P18: ten thousand reminders due at one minute, by a provider that answers in a tenth of a second.

``python bench/post.py [--json] [--rounds 10000] [--db postgresql+psycopg://…]``; ``--rounds`` is how many
messages are due. The provider is an HTTP gateway in a process of its own. Meanwhile the event loop of
this process is asked every 10 ms whether it still answers: the lag beside it is that of a served clinic
while its post goes out. The baseline is the same loop at rest, in the same run.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
from datetime import timedelta
from multiprocessing.connection import Connection
from time import perf_counter
from uuid import uuid4

import sqlalchemy as sa
from ground import Row, clinic_of, options, percentiles, tell

from medibook.kernel.application import MediBook
from medibook.kernel.db import table_of
from medibook.kernel.settings import Env, Settings
from medibook.notifications.jobs import Postman
from medibook.notifications.schemas import Channel, MessageState, Topic
from medibook.notifications.tables import Message

ANSWERS_AFTER = 0.1
MUST_SECONDS = 120.0
EVERY = 0.01
_M = table_of(Message)


def gateway(told: Connection) -> None:
    """A gateway that takes its time with everybody, and counts what it has taken."""
    taken: set[str] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:] if line)
        await reader.readexactly(int(fields.get("content-length", "0")))
        await asyncio.sleep(ANSWERS_AFTER)
        taken.add(fields["idempotency-key"])
        body = f'{{"id": "{len(taken)}"}}'.encode()
        writer.write(
            b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(converse, "127.0.0.1", 0, backlog=512)
        told.send(server.sockets[0].getsockname()[1])
        while not told.poll():
            await asyncio.sleep(0.1)
        told.send(len(taken))

    asyncio.run(serve())


def promise(medibook: MediBook, many: int) -> None:
    """So many reminders, all due now."""
    now = medibook.clock.now()
    rows = [
        {
            "id": uuid4(),
            "fact_id": uuid4(),
            "kind": "reminder-24h",
            "channel": Channel.SMS,
            "to": f"+4420{number:08d}",
            "subject": "",
            "body": "Reminder: tomorrow 09:30, Elm Row. C to confirm, X to cancel.",
            "locale": "en",
            "state": MessageState.PLANNED,
            "send_at": now,
            "created_at": now - timedelta(days=1),
            "topic": Topic.REMINDERS,
            "attempts": 0,
            "problem": "",
            "attachment": "",
            "attachment_name": "",
        }
        for number in range(many)
    ]
    with medibook.engine.begin() as connection:
        connection.execute(sa.insert(_M), rows)


async def lags(until: asyncio.Event) -> list[float]:
    """Milliseconds by which the loop comes late to what it was to do every ``EVERY`` seconds."""
    late = []
    while not until.is_set():
        began = perf_counter()
        await asyncio.sleep(EVERY)
        late.append((perf_counter() - began - EVERY) * 1000)
    return late


async def drained(medibook: MediBook) -> tuple[float, int, list[float]]:
    """How long it took, how many were accepted, and the loop's lags meanwhile."""
    done = asyncio.Event()
    watching = asyncio.create_task(lags(done))
    began = perf_counter()
    accepted = await asyncio.to_thread(Postman(medibook, {}).go_round)
    took = perf_counter() - began
    done.set()
    return took, accepted, await watching


async def at_rest(seconds: float) -> list[float]:
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, done.set)
    return await lags(done)


def measure(medibook: MediBook, many: int) -> list[Row]:
    ours, theirs = multiprocessing.Pipe()
    provider = multiprocessing.get_context("spawn").Process(target=gateway, args=[theirs])
    provider.start()
    url = f"http://127.0.0.1:{ours.recv()}/sms"
    medibook.settings = Settings(
        env=Env.TEST, db_url=medibook.settings.db_url, sms_gateway_url=url, sms_gateway_token="x"
    )
    promise(medibook, many)
    idle = asyncio.run(at_rest(3))
    took, accepted, late = asyncio.run(drained(medibook))
    ours.send("enough")
    arrived = ours.recv()
    provider.join()
    print(f"{accepted} accepted, {arrived} arrived at the provider", file=sys.stderr)
    met = took <= MUST_SECONDS and accepted == arrived == many
    return [
        {"what": "the loop at rest", **percentiles(idle), "seconds": "", "a second": "", "met": ""},
        {
            "what": f"{many} due at once",
            **percentiles(late),
            "seconds": round(took, 1),
            "a second": round(many / took),
            "met": met,
        },
    ]


def main() -> None:
    chosen = options(__doc__ or "", rounds=10_000)
    with clinic_of(12, chosen.db) as (medibook, _):
        rows = measure(medibook, chosen.rounds)
    tell("P18  the post of one minute; ms are the event loop's lag", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
