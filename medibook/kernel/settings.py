"""Settings: ``MEDIBOOK_*`` from the environment; all faults at once, each with its fix."""

from enum import StrEnum
from pathlib import Path

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_DEVELOPMENT_SECRET = "development-only-secret-do-not-use"  # noqa: S105 - refused in production, see below

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


class Env(StrEnum):
    """What this installation is for."""

    DEMO = "demo"
    PRODUCTION = "production"
    TEST = "test"


class SettingsFault(Exception):  # noqa: N818 - it is shown to the operator as it stands
    """The settings cannot be used; one line per fault, each with what to do."""


class Settings(BaseSettings):
    """Everything an operator can set; each field is a row of the settings table in the README."""

    model_config = SettingsConfigDict(env_prefix="MEDIBOOK_", frozen=True, extra="ignore")

    env: Env = Field(default=Env.DEMO, description="`demo`, `production` or `test`")
    clinic_name: str = Field(
        default="MediBook", max_length=80, description="the name on every page and message"
    )
    clinic_phone: str = Field(
        default="+44 20 7946 0100", description="the number to call when a page cannot help"
    )
    data_dir: Path = Field(default=Path("data"), description="folder of the embedded database")
    db_url: str = Field(
        default="", description="database; empty means SQLite under the data folder"
    )
    redis_url: str | None = Field(default=None, description="Redis, for several workers only")
    base_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("http://127.0.0.1:8000"),
        description="the address that people see; used in messages",
    )
    allowed_origins: str = Field(
        default="",
        description="further origins that may open the live connection, separated by commas",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(_DEVELOPMENT_SECRET),
        description="at least 32 random characters in production",
    )
    smtp_url: str | None = Field(
        default=None,
        description="`smtp://user:password@host:587`; empty keeps messages in the mailbox",
    )
    mail_from: str = Field(default="clinic@medibook.example", description="sender of e-mail")
    sendgrid_api_key: SecretStr | None = Field(
        default=None, description="e-mail leaves by SendGrid instead of SMTP"
    )
    sendgrid_base_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://api.sendgrid.com"),
        description="`https://api.eu.sendgrid.com` for an account in the EU",
    )
    sendgrid_webhook_key: str | None = Field(
        default=None, description="public key of SendGrid's signed event webhook"
    )
    twilio_account_sid: str | None = Field(
        default=None, description="SMS leaves by Twilio; needs the next two as well"
    )
    twilio_auth_token: SecretStr | None = Field(
        default=None, description="the account's auth token; signs what Twilio reports, too"
    )
    twilio_from: str | None = Field(
        default=None, description="our number, `+44…`, or a messaging service, `MG…`"
    )
    twilio_base_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://api.twilio.com"), description="where Twilio is asked"
    )
    sms_gateway_url: AnyHttpUrl | None = Field(
        default=None, description="SMS leaves by a gateway of your own, when Twilio is not set"
    )
    sms_gateway_token: SecretStr | None = Field(
        default=None, description="bearer token for that gateway"
    )
    push_hosts: str = Field(
        default="fcm.googleapis.com, *.push.services.mozilla.com, *.push.apple.com, "
        "*.notify.windows.com",
        description="push services that devices may name; empty: no notes on devices",
    )
    trusted_proxy_hops: int = Field(
        default=0, ge=0, le=5, description="reverse proxies in front, for client addresses"
    )
    session_idle_minutes: int = Field(
        default=30, ge=1, le=1440, description="a patient's session ends after this silence"
    )
    staff_idle_minutes: int = Field(
        default=15, ge=1, le=1440, description="the same for doctors, front desk and admins"
    )
    session_hours: int = Field(default=12, ge=1, le=72, description="any session ends after this")
    clock_file: Path | None = Field(
        default=None, description="test only: a file that holds the present instant"
    )
    crash_at: str | None = Field(
        default=None, description="test only: the point at which the process kills itself"
    )

    @field_validator(
        "redis_url",
        "smtp_url",
        "sendgrid_api_key",
        "sendgrid_webhook_key",
        "twilio_account_sid",
        "twilio_auth_token",
        "twilio_from",
        "sms_gateway_url",
        "sms_gateway_token",
        "clock_file",
        "crash_at",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _providers_are_whole(self) -> "Settings":
        twilio = (self.twilio_account_sid, self.twilio_auth_token, self.twilio_from)
        if any(twilio) and not all(twilio):
            raise ValueError(
                "Twilio: set MEDIBOOK_TWILIO_ACCOUNT_SID, MEDIBOOK_TWILIO_AUTH_TOKEN and "
                "MEDIBOOK_TWILIO_FROM, or none of them"
            )
        return self

    @model_validator(mode="after")
    def _fit_for_production(self) -> "Settings":
        if self.env is not Env.PRODUCTION:
            return self
        faults = []
        secret = self.secret_key.get_secret_value()
        if secret == _DEVELOPMENT_SECRET or len(secret) < 32:
            faults.append("secret_key: set MEDIBOOK_SECRET_KEY to 32 or more random characters")
        if "*" in self.allowed_origins:
            faults.append(
                "allowed_origins: name each in MEDIBOOK_ALLOWED_ORIGINS; `*` lets any site in"
            )
        if self.clock_file or self.crash_at:
            faults.append("unset MEDIBOOK_CLOCK_FILE and MEDIBOOK_CRASH_AT: they are for tests")
        if self.base_url.scheme != "https" and self.base_url.host not in _LOOPBACK:
            faults.append("base_url: set MEDIBOOK_BASE_URL to the https address that people see")
        faults += self._readable_ways()
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _readable_ways(self) -> list[str]:
        """Faults of providers' addresses: on an open line everybody reads key, number and text."""
        urls = {
            "SENDGRID_BASE_URL": self.sendgrid_base_url,
            "TWILIO_BASE_URL": self.twilio_base_url,
            "SMS_GATEWAY_URL": self.sms_gateway_url,
        }
        return [
            f"{name.lower()}: set MEDIBOOK_{name} to an https address"
            for name, url in urls.items()
            if url is not None and url.scheme != "https" and url.host not in _LOOPBACK
        ]

    @property
    def callback_origin(self) -> str:
        """Where providers may report deliveries: our address if they can reach it, else ""."""
        is_reachable = self.secure_cookies or self.env is Env.TEST
        return self.origin if is_reachable else ""

    @property
    def database(self) -> str:
        """The database that is used: ``db_url``, or SQLite under the data folder."""
        return self.db_url or f"sqlite:///{self.data_dir.resolve() / 'medibook.db'}"

    @property
    def is_demo(self) -> bool:
        """Tell whether this is the demo clinic, with its open mailbox and one-click sign-in."""
        return self.env is Env.DEMO

    def carries(self, channel: str) -> bool:
        """Tell whether somebody outside carries messages by this channel (`email`, `sms`, `push`)."""
        if channel == "email":
            return self.sendgrid_api_key is not None or self.smtp_url is not None
        if channel == "push":
            return bool(self.push_hosts.strip(" ,"))
        is_sms = channel == "sms"
        return is_sms and (self.twilio_from is not None or self.sms_gateway_url is not None)

    @property
    def sends_sms(self) -> bool:
        """Tell whether an SMS can be promised: a provider carries it, or the demo shows it."""
        return self.is_demo or self.carries("sms")

    @property
    def origin(self) -> str:
        """The address that people see, without a trailing slash."""
        return str(self.base_url).rstrip("/")

    @property
    def origins(self) -> list[str]:
        """Every origin that may open the live connection."""
        further = [o.strip().rstrip("/") for o in self.allowed_origins.split(",") if o.strip()]
        return [self.origin, *further]

    @property
    def secure_cookies(self) -> bool:
        """Tell whether people come by https, so that cookies can be bound to it."""
        return self.base_url.scheme == "https"


def load_settings() -> Settings:
    """Read the settings; raises SettingsFault with every fault at once."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for fault in error.errors():
            name = (
                "MEDIBOOK_" + "_".join(str(part) for part in fault["loc"]).upper()
                if fault["loc"]
                else ""
            )
            message = fault["msg"].removeprefix("Value error, ")
            lines += [f"{name}: {message}"] if name else message.split("; ")
        raise SettingsFault("\n".join(f"- {line}" for line in lines)) from error
