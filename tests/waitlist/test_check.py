"""I6: a list that breaks it is found out, each way by its own words."""

import pytest
import sqlalchemy as sa

from medibook.kernel.db import metadata

OFFER, ROUND, PASS, HOLD, BUSY, CHANGE, ENTRY = (
    metadata.tables[name]
    for name in (
        "waitlist_offer", "waitlist_round", "waitlist_pass", "hold", "busy_time",
        "waitlist_change", "waitlist_entry",
    )
)  # fmt: skip


@pytest.fixture
def engine_name():
    """What is asked is plain SQL; the stories of the list ask it on both engines."""
    return "sqlite"


@pytest.fixture
def going(waiting):
    """Ada wants other days and is passed over; Ben is asked for Wednesday at nine, then Cyd waits."""
    (visit,) = waiting.fills("Dr Cho", "2026-04-01 09:00")
    waiting.comes("Cyd")
    waiting.waits("Ada", weekdays={0})
    waiting.waits("Ben")
    waiting.waits("Cyd")
    waiting.later(seconds=1)
    waiting.cancels("Zoe", visit)
    assert waiting.asked() == ["Ben 04-01 09:00"]
    assert waiting.violations() == []
    return waiting


def harm(clinic, *statements):
    """Change rows past every rule; returns what the check says of I6."""
    with clinic.medibook.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
    return [words.removeprefix("I6 ") for words in clinic.violations() if words.startswith("I6")]


def test_whoever_was_passed_over_without_a_reason_is_found(going):
    (words,) = harm(going, sa.delete(PASS))
    assert "went out before entry" in words


def test_an_offer_out_of_order_is_found(going):
    first = sa.update(ENTRY).where(ENTRY.c.patient_id == going.notes["Cyd"].patient_id)
    (words,) = harm(going, first.values(since=going.clock.time.replace(hour=7)))
    assert "went out before entry" in words


def test_an_offer_out_of_turn_breaks_nothing_when_it_says_why(going):
    said = sa.update(OFFER).values(override_reason="called")
    assert harm(going, sa.delete(PASS), said) == []


def test_an_offer_that_has_expired_and_stands_still_is_found(going):
    going.later(minutes=31, seconds=1)
    words = harm(going)
    assert any("has expired more than a minute ago" in each for each in words)
    going.beat()
    assert going.violations() == []


def test_a_freed_time_that_nobody_goes_on_with_is_found(going):
    closed = sa.update(OFFER).values(state="withdrawn")
    let_go = sa.update(HOLD).values(expires_at=going.clock.time)
    nobody = sa.update(ROUND).values(next_at=None)
    (words,) = harm(going, closed, let_go, nobody)
    assert "has waited more than a minute" in words


def test_two_offers_of_one_time_are_found(going):
    with going.medibook.engine.begin() as connection:
        offer = connection.execute(sa.select(OFFER)).one()._mapping
        freed = connection.execute(sa.select(ROUND)).one()._mapping
        cyd = going.notes["Cyd"].patient_id
        entry = connection.execute(sa.select(ENTRY.c.id).where(ENTRY.c.patient_id == cyd)).scalar()
    twin = {**offer, "id": freed["id"], "round_id": offer["id"], "entry_id": entry}
    words = harm(
        going,
        sa.insert(ROUND).values({**freed, "id": offer["id"]}),
        sa.insert(OFFER).values({**twin, "patient_id": cyd}),
    )
    assert any("are open for one time" in each for each in words)


def test_an_offer_that_keeps_nothing_is_found(going):
    words = harm(going, sa.delete(BUSY).where(BUSY.c.source_kind == "hold"))
    assert any("its time is not kept" in each for each in words)


def test_a_time_that_is_kept_for_nobody_is_found(going):
    words = harm(going, sa.update(OFFER).values(state="declined"))
    assert any("keeps a time for an offer that is not open" in each for each in words)
