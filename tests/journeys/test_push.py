"""A device is told that there is a message: the page's own door, and the service worker in a real browser.

The tests reach no push service, so no browser can subscribe: what it would have told is put
into the fields that the script fills, and the note that the service would have brought is handed to the
browser by its own developer tools.
"""

import json

from playwright.sync_api import expect

from tests.journeys.steps import opened, sign_in_as_a
from tests.support.browser import axe
from tests.support.providers.push import Browser

_SHOWN = """navigator.serviceWorker.getRegistration("/").then((worker) => worker.getNotifications())
    .then((notes) => notes.map(({title, body, data}) => [title, body, data.path]))"""
_HAND_OVER = """(told) => {
    const form = document.querySelector("[data-push-form]");
    for (const [name, value] of Object.entries(told)) form.elements[name].value = value;
    form.requestSubmit();
}"""


def test_a_device_is_added_told_and_removed(visitor, served, faults):
    page = sign_in_as_a("patient", visitor())
    opened(page, "/account/messages/")
    section = page.locator("[data-push]")
    button = section.get_by_role("button", name="Also tell me on this device")
    expect(button).to_be_visible()

    key = section.get_attribute("data-push")
    device = Browser("https://fcm.googleapis.com/fcm/send/nobodys", key)
    page.evaluate(_HAND_OVER, device.subscription)
    expect(section.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_role("checkbox", name="On your devices").first).to_be_checked()
    assert axe(page) == []

    # Asked only now, after the press; a private window is refused by the browser itself.
    page.context.grant_permissions(["notifications"], origin=served.url)
    button.click()
    expect(section.get_by_text("could not reach its push service")).to_be_visible()
    faults.clear()

    tools = page.context.new_cdp_session(page)
    found = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"])
    )
    tools.send("ServiceWorker.enable")
    page.wait_for_function('navigator.serviceWorker.getRegistration("/").then((one) => one.active)')
    note = {"title": "Elm Street", "body": "You have a new message", "path": "/messages/"}
    for said in ({**note, "tag": "visit", "id": "1"}, {**note, "tag": "visit", "id": "2"}):
        tools.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": served.url,
                "registrationId": found[-1]["registrationId"],
                "data": json.dumps(said),
            },
        )
    page.wait_for_function(
        """navigator.serviceWorker.getRegistration("/").then((worker) => worker.getNotifications())
        .then((notes) => notes.some((note) => note.data.id === "2"))"""
    )
    assert page.evaluate(_SHOWN) == [["Elm Street", "You have a new message", "/messages/"]]

    section.get_by_role("button", name="Remove").click()
    expect(section.get_by_role("listitem")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="On your devices")).to_have_count(0)
