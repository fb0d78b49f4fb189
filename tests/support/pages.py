"""Pages without a browser, in a clinic with accounts.

def test_ada_sees_her_account(clinic):
    async def story(stage):
        tab = stage.tab(cookie=cookie(clinic, "ada@example.org"))
        await tab.opens("/account")
        assert await tab.sees(Account, "name") == "Ada Abara"

    visit(clinic, story, {"/account": [Account.load]})
"""

from __future__ import annotations

from typing import Any

from medibook.kernel import application
from tests.support.clinic import Clinic
from tests.support.events import Stage, Story, apart, play


def visit(clinic: Clinic, story: Story, pages: dict[str, list[Any]]) -> None:
    """Run a story on the stage; its own kernel steps aside for ``clinic``."""

    async def told(stage: Stage) -> None:
        before = list(application._installed)
        application.install(clinic.medibook)
        try:
            await story(stage)
        finally:
            application._installed[:] = before

    # Taken now: pages that another module imports later are part of the clinic, too.
    with apart() as house:
        play(house, told, pages=pages)


def cookie(clinic: Clinic, email: str) -> str:
    """Sign somebody in; returns the Cookie header that their browser will send."""
    return f"mb_session={clinic.signs_in(email).token}"
