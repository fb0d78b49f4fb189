"""The providers in a process of their own: ``python -m tests.support.providers``.

It says where they are in one line of JSON. Then each line of stdin is the misfortune of every
request from now on: ``healthy``, or a name below; it is answered with how many were accepted.
"""

import json
import sys

from tests.support.providers import (
    SendGridServer,
    TwilioServer,
    babbles,
    busy,
    drips,
    fails,
    resets,
    stays_silent,
)

MISFORTUNES = {
    "healthy": None,
    "429": busy(retry_after=1),
    "500": fails(500),
    "silence": stays_silent(60, accepts=False),
    "reset in mid reply": resets(0.3),
    "byte by byte": drips(1),
    "bad JSON": babbles(),
}


def main() -> None:
    with SendGridServer() as mail, TwilioServer() as phone:
        where = {
            "sendgrid_api_key": mail.key,
            "sendgrid_base_url": mail.url,
            "twilio_account_sid": phone.sid,
            "twilio_auth_token": phone.token,
            "twilio_from": phone.number,
            "twilio_base_url": phone.url,
        }
        print(json.dumps(where), flush=True)  # noqa: T201 - whoever started it reads it
        for line in sys.stdin:
            mail.always = phone.always = MISFORTUNES[line.strip()]
            print(len(mail.accepted) + len(phone.accepted), flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    main()
