"""A doctor changes hours: what it would do is said before, and visits that fall outside are a list."""

import re

from playwright.sync_api import expect

from tests.journeys.steps import book, changeable_times, opened, shoot, sign_in

WHO = "tan-wei-lin"


def day(page, name):
    return page.locator("details.day--hours").filter(
        has=page.locator("summary").filter(has_text=name)
    )


def test_hours_say_what_they_would_do_before_they_are_kept_and_what_falls_outside_is_a_list(
    visitor, somebody
):
    patient, doctor = sign_in(visitor(), somebody()), sign_in(visitor(), WHO)
    opened(patient, f"/doctor/?id={WHO}")
    (chosen,) = changeable_times(patient, 1)
    book(patient, chosen)
    weekday = chosen.name.split(", ")[-1].split()[0]

    opened(doctor, "/hours/")
    preview = doctor.get_by_role("status").filter(has_text="bookable times")
    expect(preview).to_have_text(re.compile(r"^\d+ bookable times in the week of "))
    mine = day(doctor, weekday)
    mine.locator("summary").first.click()
    while remaining := mine.get_by_role("button", name="Remove these hours").count():
        mine.get_by_role("button", name="Remove these hours").first.click()
        expect(mine.get_by_role("button", name="Remove these hours")).to_have_count(remaining - 1)
    expect(preview).to_contain_text("would fall outside")
    expect(preview).to_contain_text("now ")
    shoot(doctor, "hours-preview")

    doctor.get_by_role("button", name="Save hours").click()
    expect(doctor.get_by_text("Your hours are saved.")).to_be_visible()
    doctor.get_by_role("link", name="Visits outside these hours").click()
    expect(doctor.get_by_role("heading", level=1)).to_have_text("Visits outside the hours")
    line = doctor.get_by_role("listitem").filter(has_text=chosen.label)
    expect(line.first).to_be_visible()
    shoot(doctor, "outside")
    line.get_by_role("button", name=re.compile("^Keep it")).first.click()
    expect(doctor.get_by_text("Kept. The patient need not be told.")).to_be_visible()
