"""Which provider carries what: the settings decide."""

from medibook.kernel.settings import Env, Settings
from medibook.notifications.channels.circuit import Circuit, Guarded
from medibook.notifications.channels.gateway import Gateway
from medibook.notifications.channels.letter import Sender
from medibook.notifications.channels.mailbox import Mailbox
from medibook.notifications.channels.push_gate import PushHosts
from medibook.notifications.channels.sendgrid import SendGrid
from medibook.notifications.channels.shape import ChannelAdapter
from medibook.notifications.channels.smtp import Smtp
from medibook.notifications.channels.twilio import Twilio
from medibook.notifications.channels.webpush import KeyOf, WebPush
from medibook.notifications.schemas import Channel

TWILIO_CALLBACK = "/api/callbacks/twilio/"
# Of this process, by provider and address: whether it is given a pause.
_circuits: dict[tuple[str, str], Circuit] = {}


def channels_of(
    settings: Settings, *, push_key: KeyOf | None = None
) -> dict[Channel, ChannelAdapter]:
    """Return the channels of an installation; SendGrid goes before SMTP, Twilio before a gateway.

    In the demo, what nobody carries stands in the mailbox. Elsewhere it waits. Notes on devices need
    ``push_key``, which finds the clinic's key.
    """
    house: ChannelAdapter = Mailbox()
    in_demo = house if settings.is_demo else None
    chosen = {
        Channel.IN_APP: house,
        Channel.EMAIL: _email(settings) or in_demo,
        Channel.SMS: _sms(settings) or in_demo,
        Channel.PUSH: _push(settings, push_key) if push_key else None,
    }
    return {channel: adapter for channel, adapter in chosen.items() if adapter is not None}


def sender_of(settings: Settings) -> Sender:
    """Return the clinic as its letters name it."""
    return Sender(
        address=settings.mail_from,
        name=settings.clinic_name,
        phone=settings.clinic_phone,
        origin=settings.origin,
    )


def push_hosts_of(settings: Settings) -> PushHosts:
    """Return the push services that may be called."""
    return PushHosts.of(settings.push_hosts, for_tests=settings.env is Env.TEST)


def _push(settings: Settings, key_of: KeyOf) -> ChannelAdapter | None:
    if not settings.carries(Channel.PUSH):
        return None

    def circuit_of(host: str) -> Circuit:
        return _circuits.setdefault(("push", host), Circuit())

    hosts = push_hosts_of(settings)
    return WebPush(hosts, settings.mail_from, key_of, circuit_of=circuit_of)


def _email(settings: Settings) -> ChannelAdapter | None:
    sender = sender_of(settings)
    if settings.sendgrid_api_key is not None:
        url = str(settings.sendgrid_base_url)
        key = settings.sendgrid_api_key.get_secret_value()
        return _guarded("sendgrid", url, SendGrid(key, sender, base_url=url))
    if settings.smtp_url is not None:
        return _guarded("smtp", settings.smtp_url, Smtp(settings.smtp_url, sender))
    return None


def _sms(settings: Settings) -> ChannelAdapter | None:
    token = settings.twilio_auth_token
    if settings.twilio_account_sid and token is not None and settings.twilio_from:
        url = str(settings.twilio_base_url)
        twilio = Twilio(
            settings.twilio_account_sid,
            token.get_secret_value(),
            settings.twilio_from,
            base_url=url,
            callback=settings.callback_origin and settings.callback_origin + TWILIO_CALLBACK,
        )
        return _guarded("twilio", url, twilio)
    if settings.sms_gateway_url is not None:
        url = str(settings.sms_gateway_url)
        secret = settings.sms_gateway_token
        gateway = Gateway(url, secret.get_secret_value() if secret else "")
        return _guarded("gateway", url, gateway)
    return None


def _guarded(name: str, url: str, channel: ChannelAdapter) -> ChannelAdapter:
    return Guarded(channel, _circuits.setdefault((name, url), Circuit()))
