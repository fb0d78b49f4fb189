"""FullCalendar in pure Python: version 7, its MIT parts only, without a toolbar of its own.

The library is loaded by the page that shows it, after the page itself; until then the page shows a
shape of the same height. Times go in and come out as instants; ``time_zone`` says on whose wall they
are drawn. A drop changes nothing here: the page's state says where the event is.
"""

from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars.base import Var, VarData

from medibook.ui.theme import ICONS

_LIBRARY = "@fullcalendar/react"
_PLUGINS = {
    "dayGrid": "daygrid",
    "timeGrid": "timegrid",
    "list": "list",
    "interaction": "interaction",
    "classicTheme": "themes/classic",
}
# Icon and word stand beside the colour. The time is FullCalendar's own, so that it follows a drag.
_CONTENT = """((info) => {
  const said = info.event.extendedProps;
  const part = (name, words) => words ? createElement("span", {className: name, key: name}, words) : null;
  const icon = said.icon && createElement("svg", {
    className: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false", key: "icon",
  }, createElement("use", {href: `ICONS#${said.icon}`}));
  const [from, ...until] = (said.when && info.view.type === "fortnight" ? said.when : info.timeText)
    .split(/(?=[–-])/);
  const time = from && createElement("span", {className: "event__time", key: "time"}, from.trim(),
    createElement("span", {className: "event__until"}, until.join("")));
  return createElement("div", {className: "event"}, [
    icon, time, part("event__word", said.word), part("event__who", info.event.title),
  ]);
})""".replace("ICONS", ICONS)


def _instant(of: str) -> Var[str]:
    return Var(f"({of}?.toISOString() ?? '')", _var_type=str)


def _event(info: Var[Any]) -> tuple[Var[str], Var[str], Var[str]]:
    """Which event, and from when until when it is now."""
    event = f"{info!s}.event"
    return Var(f"{event}.id", _var_type=str), _instant(f"{event}.start"), _instant(f"{event}.end")


def _clicked(info: Var[Any]) -> tuple[Var[str]]:
    return (Var(f"{info!s}.event.id", _var_type=str),)


def _stretch(info: Var[Any]) -> tuple[Var[str], Var[str]]:
    return _instant(f"{info!s}.start"), _instant(f"{info!s}.end")


class FullCalendar(rx.NoSSRComponent):
    """The calendar; its props are FullCalendar's own options."""

    library = f"{_LIBRARY}@7.1.4"
    tag = "FullCalendar"
    is_default = True
    lib_dependencies: list[str] = ["temporal-polyfill@1.0.8"]

    plugins: rx.Var[list]
    initial_view: rx.Var[str]
    initial_date: rx.Var[str]
    views: rx.Var[dict]
    events: rx.Var[list]
    event_content: rx.Var[Any]
    time_zone: rx.Var[str]
    locale: rx.Var[str]
    first_day: rx.Var[int]
    hidden_days: rx.Var[list[int]]
    slot_min_time: rx.Var[str]
    slot_max_time: rx.Var[str]
    slot_duration: rx.Var[str]
    slot_header_interval: rx.Var[str]
    slot_min_height: rx.Var[int]
    snap_duration: rx.Var[str]
    event_time_format: rx.Var[dict]
    slot_header_format: rx.Var[dict]
    all_day_slot: rx.Var[bool]
    now_indicator: rx.Var[bool]
    editable: rx.Var[bool]
    selectable: rx.Var[bool]
    event_interactive: rx.Var[bool]
    day_max_events: rx.Var[bool | int]
    no_events_text: rx.Var[str]
    header_toolbar: rx.Var[bool]
    height: rx.Var[str]

    @classmethod
    def get_event_triggers(cls) -> dict[str, Any]:
        """What the calendar tells: dropped, stretched, chosen, and an empty stretch dragged over."""
        told = {
            "event_drop": _event,
            "event_resize": _event,
            "event_click": _clicked,
            "select": _stretch,
        }
        return {**super().get_event_triggers(), **told}

    def add_imports(self) -> dict[str, Any]:
        """The parts that are used, and the styles that hold them in shape; our own CSS has the colours."""
        parts = {
            f"{_LIBRARY}/{path}": [ImportVar(tag=name, is_default=True, install=False)]
            for name, path in _PLUGINS.items()
        }
        return {"": [f"{_LIBRARY}/skeleton.css", f"{_LIBRARY}/themes/classic/theme.css"], **parts}

    @classmethod
    def create(cls, *children: Any, **props: Any) -> Any:
        """A calendar of all views that we use, with our way to draw an event."""
        react = VarData(imports={"react": [ImportVar(tag="createElement")]})
        props.setdefault("plugins", Var(f"[{', '.join(_PLUGINS)}]", _var_type=list))
        props.setdefault("event_content", Var(_CONTENT, _var_type=Any, _var_data=react))
        return super().create(*children, header_toolbar=False, **props)
