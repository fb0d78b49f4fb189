"""A cancelled time finds the next in line: another patient's page offers it, one tap books it, all live."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import (
    LIVE_SECONDS,
    book,
    changeable_times,
    opened,
    shoot,
    sign_in,
    sign_in_as_a,
    within,
)
from tests.support.browser import axe

# Nobody is asked at night, so the journey is at somebody by whose wall it is day.
_PLACES = """
select distinct practitioner.slug, location.zone,
    substr(user_account.email, 1, instr(user_account.email, '@') - 1)
from practitioner join user_account on user_account.id = practitioner.user_id
join available_time on available_time.practitioner_id = practitioner.id
join location on location.id = available_time.location_id
left join practitioner_schedule s on s.practitioner_id = practitioner.id
where practitioner.status = 'approved' and coalesce(s.booking_mode, 'instant') = 'instant'
order by practitioner.slug
"""


# When it is night in London, in Berlin and on Lord Howe, it is the afternoon here.
_AFTERNOON = "update location set zone = 'America/New_York' where zone = 'Australia/Lord_Howe'"


@pytest.fixture
def awake(served):
    """A doctor where it is day now: their address, their account, their wall."""
    with closing(sqlite3.connect(served.data_dir / "medibook.db")) as rows:
        found = awake_in(rows)
        if not found:
            rows.execute(_AFTERNOON)
            rows.commit()
            found = awake_in(rows)
    assert found, "there is always day somewhere"
    return found


def awake_in(rows):
    for slug, zone, account in rows.execute(_PLACES).fetchall():
        wall = datetime.now(UTC).astimezone(ZoneInfo(zone))
        if time(8) <= wall.time() < time(20, 30):
            return slug, account, ZoneInfo(zone)
    return None


def test_a_cancelled_visit_is_taken_by_the_next_in_line_in_one_tap(visitor, somebody, awake):
    slug, account, zone = awake
    ada, ben = sign_in(visitor(), somebody()), sign_in(visitor(), somebody())
    opened(ada, f"/doctor/?id={slug}")
    chosen = changeable_times(ada, 1, zone)[0]
    visit = book(ada, chosen)

    opened(ben, f"/doctor/?id={slug}")
    ben.get_by_role("main").get_by_role("link", name="Join the waiting list").click()
    expect(ben.get_by_role("heading", name="Join the waiting list")).to_be_visible()
    opened(ben)
    start, day = chosen.starts_at.astimezone(zone), chosen.day(zone)
    ben.get_by_label("From", exact=True).fill(day)
    ben.get_by_label("Until", exact=True).fill(day)
    ben.get_by_label("Not before").fill(f"{start:%H:%M}")
    ben.get_by_label("Over by").fill(f"{start + timedelta(minutes=90):%H:%M}")
    assert axe(ben) == []
    shoot(ben, "waitlist-join")
    ben.get_by_role("button", name="Join the list").click()
    expect(ben.get_by_text("You are next")).to_be_visible()
    shoot(ben, "waitlist-waiting")
    name = ben.locator("a[href='/account/'] bdi").first.inner_text()

    doctor = opened(sign_in(visitor(), account), f"/day/?on={day}")
    desk = opened(sign_in_as_a("staff", visitor()), "/desk/waitlist/")
    expect(desk.get_by_role("heading", name=re.compile(re.escape(name)))).to_be_visible()

    opened(ada, f"/visit/?id={visit}")
    ada.get_by_role("button", name="Cancel this visit").click()
    ada.get_by_role("button", name="Yes, cancel it").click()
    offer = ben.get_by_role("heading", name=re.compile("A time is free for you"))
    within(LIVE_SECONDS, "the offer", offer)
    expect(offer).to_contain_text(f"{start:%H:%M}")
    assert axe(ben) == []
    shoot(ben, "waitlist-offer")
    within(LIVE_SECONDS, "the desk's list", desk.get_by_text(f"{name} is asked"))
    desk.get_by_text("Who was asked, who was not, and why").first.click()
    assert axe(desk) == []
    shoot(desk, "desk-waitlist")

    ben.get_by_role("button", name="Take this time").click()
    expect(ben.get_by_text("Booked. We have written to you.")).to_be_visible()
    within(LIVE_SECONDS, "the doctor's day", doctor.get_by_text(name))
    shoot(ben, "waitlist-booked")
    expect(ben.get_by_text("You took an offer: the visit is booked.")).to_be_visible()
    within(LIVE_SECONDS, "the desk's list", desk.get_by_text("Refilled", exact=True))
    assert axe(ben) == []
