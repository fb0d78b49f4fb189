"""How much and what a browser may send: pace and shape of events, before anybody looks at them."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from time import monotonic
from typing import Any, get_origin

MOST_VALUES = 2_000
MOST_TEXT = 64_000  # characters in all texts of one event together
MOST_DEPTH = 8
_KEPT = 20_000  # full buckets are forgotten beyond this number


@dataclass(frozen=True)
class Rate:
    """So many events at once, then so many each second."""

    burst: int
    per_second: float


class Buckets:
    """One token bucket for each page or session; monotonic seconds."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._left: dict[str, tuple[float, float]] = {}

    def admit(self, key: str, now: float | None = None) -> bool:
        """Count one event; False when ``key`` has been too fast."""
        now = monotonic() if now is None else now
        left, since = self._left.get(key, (self._rate.burst, now))
        left = min(self._rate.burst, left + (now - since) * self._rate.per_second)
        self._left[key] = (max(left - 1, 0), now)
        if len(self._left) > _KEPT:
            self._forget_full(now)
        return left >= 1

    def _forget_full(self, now: float) -> None:
        fills = self._rate.burst / self._rate.per_second
        self._left = {k: v for k, v in self._left.items() if now - v[1] < fills}


def fault_in(payload: object, parameters: Mapping[str, inspect.Parameter]) -> str:
    """Why a handler must not see these arguments; "" when it may.

    ``parameters`` are the handler's, ``self`` left out. Only those that can be given by position
    and do not start with an underscore are public.
    """
    if not isinstance(payload, Mapping):
        return "payload_shape"
    public = {name for name, parameter in parameters.items() if _is_public(name, parameter)}
    if not public.issuperset(payload):
        return "hidden_argument"
    if any(parameters[n].default is inspect.Parameter.empty and n not in payload for n in public):
        return "missing_argument"
    if any(_is_other_kind(payload[name], parameters[name].annotation) for name in payload):
        return "argument_type"
    return _excess(payload)


def _is_public(name: str, parameter: inspect.Parameter) -> bool:
    by_position = parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    return by_position and not name.startswith("_")


def _is_other_kind(value: object, hint: object) -> bool:
    """Plain kinds only. Digits pass for a number: an input sends text, and Reflex converts it."""
    match hint:
        case _ if hint is str:
            return not isinstance(value, str)
        case _ if hint is bool:
            return not isinstance(value, bool)
        case _ if hint is int or hint is float:
            return isinstance(value, bool) or not _is_number(value)
        case _ if get_origin(hint) is dict:  # a form
            return not isinstance(value, Mapping)
        case _:
            return False


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        try:
            return len(value) < 40 and isfinite(float(value))
        except ValueError:
            return False
    return isinstance(value, int | float)


def _excess(payload: Mapping[Any, Any]) -> str:
    """Walk without recursion, so that a deep payload costs no more than a flat one."""
    values, text = 0, 0
    todo: list[tuple[object, int]] = [(payload, 0)]
    while todo:
        value, depth = todo.pop()
        values += 1
        inside: list[object] = []
        if isinstance(value, Mapping):
            inside = [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple):
            inside = list(value)
        elif isinstance(value, str):
            text += len(value)
            if _is_unstorable(value):
                return "unstorable_text"
        elif isinstance(value, float) and not isfinite(value):
            return "not_a_number"
        if values + len(inside) > MOST_VALUES or text > MOST_TEXT or depth > MOST_DEPTH:
            return "too_much"
        todo += [(item, depth + 1) for item in inside]
    return ""


def _is_unstorable(text: str) -> bool:
    """NUL (PostgreSQL refuses it) and lone surrogates (UTF-8 has none)."""
    return "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text)
