"""Reading what a served clinic answers on the live connection."""

from __future__ import annotations

from typing import Any

import reflex as rx

_MARK = "_rx_state_"  # Reflex puts it behind the name of each var


def shown(answer: dict[str, Any], state: type[rx.State]) -> dict[str, Any]:
    """What an answer says about one state's page."""
    values = (answer.get("delta") or {}).get(state.get_full_name(), {})
    return {name.removesuffix(_MARK): value for name, value in values.items()}


def redirects(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The other pages that an answer sends the browser to."""
    return [event for event in answer.get("events") or () if event["name"] == "_redirect"]
