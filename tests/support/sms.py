"""What goes to a telephone, in a clinic with a name and an address as they are."""

import sqlalchemy as sa

from tests.support.visits import OpenClinic

CLINIC, ORIGIN = "Rosenheim Family Clinic", "https://book.clinic.example"
_WISH = (
    "INSERT INTO message_wish (user_id, topic, channel, is_wanted) "
    "SELECT id, 'visits', 'sms', true FROM user_account WHERE email = 'ada@example.org'"
)


def by_sms(clinic: OpenClinic, locale: str) -> None:
    """Ada wants all of it by SMS, in this language; the clinic has an ordinary name and address."""
    named = {"clinic_name": CLINIC, "base_url": ORIGIN}
    clinic.medibook.settings = clinic.medibook.settings.model_copy(update=named)
    with clinic.medibook.engine.begin() as raw:
        raw.execute(sa.text(_WISH))
        change = "UPDATE user_account SET locale = :locale WHERE email = 'ada@example.org'"
        raw.execute(sa.text(change), {"locale": locale})


def texts(clinic: OpenClinic, kind: str) -> list[str]:
    """What was promised to telephones, oldest first."""
    clinic.work_off()
    rows = clinic.rows(
        "SELECT body FROM message WHERE channel = 'sms' AND kind = :kind ORDER BY created_at",
        kind=kind,
    )
    return [row.body for row in rows]
