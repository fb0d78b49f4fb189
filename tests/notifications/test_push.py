"""Notes on devices, from the promise to the screen of the device, against a push service of our own."""

from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest

from medibook.kernel.actor import system
from medibook.kernel.errors import Invalid, NotFound, TooManyAttempts
from medibook.kernel.settings import Env, Settings
from medibook.notifications import service
from medibook.notifications.channels.push_gate import PushHosts
from medibook.notifications.jobs import deliver_messages, make_push_key
from medibook.notifications.pages.choices import MessageChoices
from medibook.notifications.pages.devices import MyDevices
from medibook.notifications.schemas import About, Channel, NewMessage, NotYet, Topic
from medibook.notifications.schemas.push import Subscription
from medibook.notifications.schemas.reader import Choices
from medibook.people import service as people
from medibook.wiring import IN_TRANSACTION
from tests.support.pages import cookie, visit
from tests.support.providers import PushServer, busy, fails, refuses, resets

SECRET = "a secret of the clinic that is long enough for anybody"


@pytest.fixture
def push():
    with PushServer() as running:
        yield running


@pytest.fixture
def noted(clinic, push):
    """The clinic that tells people on their devices."""
    clinic.medibook.settings = Settings(
        env=Env.TEST, push_hosts="127.0.0.1", secret_key=SECRET, clinic_name="Elm Street"
    )
    clinic.medibook.in_transaction = IN_TRANSACTION
    make_push_key(clinic.medibook)
    return clinic


def adds_a_device(clinic, push, who=None):
    who = who or clinic.ada
    key = clinic.perform(who, service.my_devices).public_key
    browser = push.subscribes(key)
    given = Subscription(**browser.subscription)
    return clinic.perform(who, service.add_device, subscription=given).devices[0], browser


def tell(clinic, who=None, **other):
    who = who or clinic.ada
    new = NewMessage(
        **{
            "fact_id": uuid4(), "kind": "news", "recipient_id": who.user_id, "to": "a@example.org",
            "subject": "Your HIV test", "body": "Positive. Dr Cho", "attachment_name": "visit.ics",
            "attachment": "SUMMARY:HIV", "topic": Topic.VISITS, **other,
        }
    )  # fmt: skip
    with clinic.medibook._transaction(system("test"), writes=True) as uow:
        service.tell(uow, new)
        uow.session.commit()
    return new


def rows(clinic):
    found = clinic.rows(
        "SELECT state, attempts, problem FROM message WHERE channel = 'push' ORDER BY created_at"
    )
    return [tuple(row) for row in found]


def deliver(clinic):
    return deliver_messages(clinic.medibook, {})


def test_a_device_is_told_that_there_is_a_message_and_nothing_of_what_it_says(noted, push):
    adds_a_device(noted, push)
    tell(noted, about=About(kind="appointment", about_id=uuid4()), locale="de")
    assert deliver(noted) == 1
    ((note),) = push.accepted
    said = note["note"]
    assert (said["title"], said["path"], said["lang"]) == ("Elm Street", "/de/messages/", "de")
    assert note["topic"] == said["tag"]
    assert note["ttl"] == 3 * 24 * 3600
    kept = noted.rows("SELECT subject, body, attachment FROM message WHERE channel = 'push'")
    for told in (str(said), str(kept)):
        assert not any(secret in told for secret in ("HIV", "Positive", "Cho"))
    assert rows(noted) == [("accepted", 1, "")]


def test_each_device_is_told_once_and_in_its_own_time(noted, push):
    adds_a_device(noted, push)
    adds_a_device(noted, push)
    push.then(fails(503))
    new = tell(noted)
    tell(noted, fact_id=new.fact_id)
    assert deliver(noted) == 1
    assert sorted(rows(noted)) == [("accepted", 1, ""), ("retry", 1, "answer 503")]
    noted.later(minutes=2)
    assert deliver(noted) == 1
    assert len({each["endpoint"] for each in push.accepted}) == len(push.accepted) == 2


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_has_gone_is_forgotten_and_alarms_nobody(noted, push, status):
    adds_a_device(noted, push)
    push.then(refuses(status))
    tell(noted)
    assert deliver(noted) == 0
    assert rows(noted) == [("expired", 1, f"answer {status}: the device has gone")]
    assert noted.perform(noted.ada, service.my_devices).devices == ()


@pytest.mark.parametrize(
    ("mishap", "state"),
    [
        (refuses(413), ("expired", 1, "answer 413")),
        (busy(retry_after=600), ("retry", 1, "answer 429")),
        (fails(500), ("retry", 1, "answer 500")),
        (fails(302), ("retry", 1, "answer 302")),
    ],
)
def test_what_a_push_service_answers_decides_what_becomes_of_a_note(noted, push, mishap, state):
    adds_a_device(noted, push)
    push.then(mishap)
    tell(noted)
    assert deliver(noted) == 0
    assert rows(noted) == [state]
    (device,) = noted.perform(noted.ada, service.my_devices).devices
    assert device.problem == state[2]
    noted.later(seconds=599)
    deliver(noted)
    is_waited_for = state[2] == "answer 429"
    assert len(push.requests) == (1 if is_waited_for or state[0] == "expired" else 2)


def test_a_note_that_may_have_left_is_not_sent_again(noted, push):
    adds_a_device(noted, push)
    push.then(resets(0.1))
    tell(noted)
    assert deliver(noted) == 0
    for _ in range(3):
        noted.later(hours=1)
        deliver(noted)
    ((state, attempts, _),) = rows(noted)
    assert (state, attempts, len(push.requests)) == ("unknown", 1, 1)


def test_a_note_lasts_as_long_as_it_helps_and_is_silent_at_night(noted, push):
    adds_a_device(noted, push)
    noted.at("2026-03-30 20:30")  # half past nine in the evening, in London
    until = noted.clock.time + timedelta(hours=12)
    tell(noted, topic=Topic.VISITS, zone="Europe/London", useful_until=until)
    assert deliver(noted) == 0
    noted.at("2026-03-31 07:30")
    assert deliver(noted) == 1
    ((note),) = push.accepted
    assert (note["ttl"], note["urgency"]) == (3600, "high")


def test_what_is_chosen_for_devices_holds_and_only_what_speaks_of_them_changes_it(noted, push):
    adds_a_device(noted, push)
    held = noted.perform(noted.ada, service.my_choices)
    assert {topic for topic, way in held.wanted if way is Channel.PUSH} == set(Topic) - {
        Topic.ACCOUNT,
        Topic.NEWS,
    }
    quiet = {"quiet_from": held.quiet_from, "quiet_until": held.quiet_until}
    silent = Choices(wanted=frozenset(), **quiet)
    assert any(
        way is Channel.PUSH
        for _, way in noted.perform(noted.ada, service.change_my_choices, choices=silent).wanted
    ), "a form without devices says nothing of them"
    silent = silent.model_copy(update={"speaks_of_devices": True})
    assert not noted.perform(noted.ada, service.change_my_choices, choices=silent).wanted
    tell(noted)
    assert rows(noted) == []


def test_devices_are_their_owners_alone_and_end_with_their_sessions(noted, push):
    device, browser = adds_a_device(noted, push)
    for act in (service.remove_device, service.test_device):
        with pytest.raises(NotFound):
            noted.perform(noted.ben, act, device_id=device.device_id)
    given = Subscription(**browser.subscription)
    with pytest.raises(Invalid):
        noted.perform(noted.ben, service.add_device, subscription=given)
    assert noted.perform(noted.ben, service.my_devices).devices == ()
    tell(noted)
    noted.perform(noted.ada, people.sign_out_everywhere, keep_this=True)
    assert noted.perform(noted.ada, service.my_devices).devices == ()
    assert (deliver(noted), push.requests) == (0, []), "nothing that was promised before reaches it"
    assert rows(noted) == [("expired", 0, "the device has gone")]
    adds_a_device(noted, push)
    noted.perform(noted.eve, people.suspend_account, user_id=noted.ada.user_id, reason="Asked")
    assert noted.rows("SELECT count(*) FROM push_device") == [(0,)]


def test_a_test_shows_what_the_push_service_has_answered_to_its_owner_alone(noted, push):
    device, _ = adds_a_device(noted, push)
    push.then(refuses(413))
    message_id = noted.perform(noted.ada, service.test_device, device_id=device.device_id)
    deliver(noted)
    told = noted.perform(noted.ada, service.answer_to_device_test, message_id=message_id)
    assert told == ("expired", "answer 413")
    with pytest.raises(NotFound):
        noted.perform(noted.ben, service.answer_to_device_test, message_id=message_id)


def test_nobody_has_more_than_ten_devices(noted, push):
    for _ in range(10):
        adds_a_device(noted, push)
    with pytest.raises(Invalid):
        adds_a_device(noted, push)


def test_adding_and_testing_devices_has_its_limits(noted, push):
    device, browser = adds_a_device(noted, push)
    for _ in range(5):
        noted.perform(noted.ada, service.test_device, device_id=device.device_id)
    with pytest.raises(TooManyAttempts):
        noted.perform(noted.ada, service.test_device, device_id=device.device_id)
    given = Subscription(**browser.subscription)
    for _ in range(19):
        with pytest.raises(Invalid):
            noted.perform(noted.ada, service.add_device, subscription=given)
    with pytest.raises(TooManyAttempts):
        noted.perform(noted.ada, service.add_device, subscription=given)


def test_without_any_push_service_nobody_is_offered_or_told_it(noted, push):
    _, browser = adds_a_device(noted, push)
    noted.medibook.settings = noted.medibook.settings.model_copy(update={"push_hosts": " , "})
    assert noted.perform(noted.ada, service.my_devices).public_key == ""
    given = Subscription(**browser.subscription)
    with pytest.raises(NotFound):
        noted.perform(noted.ada, service.add_device, subscription=given)
    tell(noted)
    assert rows(noted) == []


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.PUSH])
def test_what_is_put_off_rings_after_its_readers_own_quiet_hours(noted, push, channel):
    gateway = {"sms_gateway_url": "https://sms.invalid/"}
    noted.medibook.settings = noted.medibook.settings.model_copy(update=gateway)
    adds_a_device(noted, push)
    hours = {"quiet_from": time(13), "quiet_until": time(18), "zone": "Europe/London"}
    wanted = frozenset({(Topic.REMINDERS, Channel.SMS), (Topic.REMINDERS, Channel.PUSH)})
    choices = Choices(wanted=wanted, speaks_of_devices=True, **hours)
    noted.perform(noted.ada, service.change_my_choices, choices=choices)
    noted.at("2026-03-30 11:58")  # two minutes to one, in London
    about = About(kind="appointment", about_id=uuid4())
    tell(noted, topic=Topic.REMINDERS, about=about, sms="Hello", phone="+447700900123")
    worker, not_yet = system("test"), {"appointment": lambda _, each: [NotYet("away")] * len(each)}
    claim = noted.perform(worker, service.claim_due, channels=[channel])
    noted.perform(worker, service.begin_attempts, claim=claim, judges=not_yet)
    asked = f"SELECT send_at, problem FROM message WHERE channel = '{channel.value}'"
    ((at, problem),) = noted.rows(asked)
    assert (str(at)[:16], problem) == ("2026-03-30 17:00", "away")


def test_the_key_is_made_once_sealed_and_another_secret_makes_another(noted, push):
    adds_a_device(noted, push)
    make_push_key(noted.medibook)
    ((sealed, public),) = noted.rows("SELECT sealed, public_key FROM push_key")
    assert "PRIVATE" not in sealed
    before = noted.medibook.settings
    noted.medibook.settings = before.model_copy(
        update={"secret_key": type(before.secret_key)(SECRET[::-1])}
    )
    make_push_key(noted.medibook)
    held = noted.perform(noted.ada, service.my_devices)
    assert held.public_key != public
    assert [each.is_current for each in held.devices] == [False]
    tell(noted)
    assert rows(noted) == [], "a device that knows another key would only be refused"
    noted.medibook.settings = before
    tell(noted)
    assert deliver(noted) == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://evilfcm.googleapis.com/x",
        "https://push.services.mozilla.com.evil.example/x",
        "https://.push.services.mozilla.com/x",
        "https://..push.services.mozilla.com/x",
        "https://a..push.services.mozilla.com/x",
        "https://a_b.push.services.mozilla.com/x",
        "https://" + "a" * 64 + ".push.services.mozilla.com/x",
        "https://" + "a." * 130 + "push.services.mozilla.com/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://fcm.googleapis.com/x\nHost: evil.example",
        "https://fcm.googleapis.com/" + "x" * 1000,
        "https://[fcm.googleapis.com/x",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_push_services_that_the_operator_knows_are_called(endpoint):
    known = PushHosts.of(Settings().push_hosts, for_tests=False)
    assert not known.know(endpoint)


def test_the_browsers_own_push_services_are_known():
    known = PushHosts.of(Settings().push_hosts, for_tests=False)
    for endpoint in (
        "https://fcm.googleapis.com/fcm/send/abc:APA91",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGu",
        "https://wns2-par02p.notify.windows.com/w/?token=BQY%2b",
    ):
        assert known.know(endpoint), endpoint
    assert not PushHosts.of("127.0.0.1", for_tests=False).know("http://127.0.0.1:9/x")


def test_an_address_that_the_operator_has_struck_off_is_called_no_more(noted, push):
    _, browser = adds_a_device(noted, push)
    given = Subscription(**browser.subscription | {"endpoint": "https://10.0.0.1/x"})
    with pytest.raises(Invalid):
        noted.perform(noted.ada, service.add_device, subscription=given)
    tell(noted)
    before = noted.medibook.settings
    noted.medibook.settings = before.model_copy(update={"push_hosts": "fcm.googleapis.com"})
    assert (deliver(noted), push.requests) == (0, [])
    assert rows(noted) == [("expired", 1, "no push service that we know")]


@pytest.mark.parametrize("keys", [{"auth": "AAAA"}, {"p256dh": "AAAA"}, {"p256dh": "B" + "A" * 86}])
def test_keys_that_are_none_are_refused(noted, push, keys):
    key = noted.perform(noted.ada, service.my_devices).public_key
    given = Subscription(**push.subscribes(key).subscription | keys)
    with pytest.raises(Invalid):
        noted.perform(noted.ada, service.add_device, subscription=given)


def test_a_key_that_cannot_be_opened_lets_notes_wait(noted, push):
    adds_a_device(noted, push)
    with noted.medibook.engine.begin() as raw:
        raw.exec_driver_sql("UPDATE push_key SET sealed = 'gAAAAA'")
    tell(noted)
    assert deliver(noted) == 0
    assert rows(noted) == [("retry", 1, "the clinic's own key cannot be opened")]
    assert UUID(noted.rows("SELECT \"to\" FROM message WHERE channel = 'push'")[0][0])


def test_the_page_takes_a_device_tests_it_and_lets_it_go(noted, push):
    async def story(stage):
        tab = stage.tab(cookie=cookie(noted, "ada@example.org"))
        await tab.opens("/account/messages")
        browser = push.subscribes(await tab.sees(MyDevices, "public_key"))
        await tab.fires(MyDevices.add, form_data={**browser.subscription, "user_id": "x"})
        (row,) = await tab.sees(MyDevices, "rows")
        push.then(refuses(413))
        await tab.fires(MyDevices.test, device=row.key)
        deliver(noted)
        await tab.fires(MyDevices.refresh)
        said = await tab.sees(MyDevices, "said")
        assert "The provider has refused it." in said
        assert "413" not in said, "a patient asks no provider"
        await tab.fires(MessageChoices.refresh)
        assert "push" in (await tab.sees(MessageChoices, "wanted"))["visits"]
        form = {"devices": "1", "visits.push": "on", "quiet_from": "21:00", "quiet_until": "08:00"}
        await tab.fires(MessageChoices.save, form_data=form)
        wanted = await tab.sees(MessageChoices, "wanted")
        assert (wanted["visits"], wanted["reminders"]) == (["push"], [])
        await tab.fires(MyDevices.remove, device=row.key)
        assert await tab.sees(MyDevices, "rows") == []
        await tab.fires(MyDevices.add, form_data={"endpoint": {"a": [1]}})
        assert "device" in await tab.sees(MyDevices, "problems")

    visit(noted, story, {"/account/messages": [MessageChoices.load, MyDevices.load]})
