"""The practitioner's calendar: their days at a glance, moved by hand or by keyboard; live."""

import reflex as rx

from medibook.appointments.pages.calendar_block import Blocking, block_dialogs
from medibook.appointments.pages.calendar_dialogs import move_dialog, visit_dialog
from medibook.appointments.pages.calendar_items import LIST_DAYS, View
from medibook.appointments.pages.calendar_state import Calendar
from medibook.ui.components import (
    button,
    empty_state,
    field,
    icon,
    link,
    link_button,
    native_form,
)
from medibook.ui.components.full_calendar import FullCalendar
from medibook.ui.components.keys import Key, keys_button
from medibook.ui.i18n import N_, Translator
from medibook.ui.shell import page

_HOURS_AND_MINUTES = {"hour": "2-digit", "minute": "2-digit", "hour12": False}
_VIEWS = (
    (View.DAY, N_("Day"), "d"),
    (View.WEEK, N_("Week"), "w"),
    (View.MONTH, N_("Month"), "m"),
    (View.LIST, N_("List"), "l"),
)


@page(
    "/calendar",
    title=N_("Calendar"),
    description=N_("Your days at a glance: visits, holds and blocked times."),
    on_load=[Calendar.load, Blocking.leave],
)
def calendar(_: Translator) -> rx.Component:
    """The calendar and what belongs to it."""
    return rx.el.div(
        rx.el.header(
            rx.el.h1(_("Calendar")),
            rx.el.p(Calendar.title, " · ", Calendar.zone_words, class_name="lead", role="status"),
            class_name="page-head calendar-head",
        ),
        _toolbar(_),
        rx.cond(
            Calendar.ready & ~Calendar.has_hours,
            empty_state(
                _("You have no opening hours yet, so nobody can book."),
                link_button(_("Set your hours"), href=_.href("/hours/")),
                icon_name="clock",
            ),
        ),
        rx.el.section(
            _bones(_),
            rx.cond(Calendar.ready, _calendar(_)),
            class_name="calendar",
            aria_label=_("Calendar"),
            data_view=Calendar.view,
        ),
        _done(_),
        visit_dialog(_),
        move_dialog(_),
        block_dialogs(_),
        class_name="stack",
    )


def _done(_: Translator) -> rx.Component:
    """What was just done, with the way back, or why not; over the page, so that nothing moves."""
    refused = Calendar.problem & ~Calendar.is_open
    shown = Calendar.said | refused
    return rx.el.div(
        rx.el.p(Calendar.said, role="status", aria_live="polite"),
        rx.el.p(
            rx.cond(refused, Calendar.problem, ""), role="alert", class_name="calendar-done__no"
        ),
        rx.cond(Calendar.may_undo, button(_("Undo"), kind="small", on_click=Calendar.undo)),
        rx.cond(shown, button(_("Close"), kind="small plain", on_click=Calendar.hush)),
        class_name=rx.cond(shown, "calendar-done calendar-done--shown", "calendar-done"),
    )


def _toolbar(_: Translator) -> rx.Component:
    def there(name: str, words: str, drawing: str, key: str) -> rx.Component:
        look = [icon(drawing), rx.el.span(words, class_name="unheard")] if drawing else [words]
        return link(
            *look, href=Calendar.links[name], class_name="button button--small",
            data_shortcut=key,
        )  # fmt: skip

    return rx.el.div(
        rx.el.div(
            there("today", _("Today"), "", "t"),
            there("earlier", _("Earlier"), "chevron-left", "ArrowLeft"),
            there("later", _("Later"), "chevron-right", "ArrowRight"),
            class_name="row",
        ),
        _views(_),
        native_form(
            field(_, "on", _("Go to date"), kind="date", default_value=Calendar.on, key=Calendar.on),
            rx.el.input(type="hidden", name="view", value=Calendar.view, read_only=True),
            button(_("Show"), submit=True, kind="small"),
            action="", method="get", class_name="row",
        ),
        rx.el.div(
            button(_("Block time"), kind="small", icon_name="plus", on_click=Blocking.begin),
            keys_button(_, _keys(_)),
            class_name="row",
        ),
        class_name="row row--between noprint calendar-bar",
    )  # fmt: skip


def _views(_: Translator) -> rx.Component:
    def one(view: View, words: str, key: str) -> rx.Component:
        def way(**here: str) -> rx.Component:
            return link(
                _(words), href=Calendar.links[view.value], data_shortcut=key,
                data_small_screen="true" if view is View.DAY else "false", **here,
            )  # fmt: skip

        return rx.el.li(
            rx.cond(Calendar.view == view.value, way(aria_current="page"), way()),
            class_name=f"view view--{view.value}",
        )

    return rx.el.nav(
        rx.el.ul(*[one(*each) for each in _VIEWS], class_name="tabs tabs--views"),
        aria_label=_("How much is shown"),
    )


def _keys(_: Translator) -> list[Key]:
    views = [Key(sign=key.upper(), words=_(words)) for _view, words, key in _VIEWS]
    return [
        Key(sign="T", words=_("Today")),
        Key(sign="←", words=_("Earlier")),
        Key(sign="→", words=_("Later")),
        *views,
        Key(sign="Enter", words=_("Open the visit that has the focus")),
    ]


def _calendar(_: Translator) -> rx.Component:
    return FullCalendar.create(
        key=f"{Calendar.view}.{Calendar.first}",
        initial_view=Calendar.drawn_as,
        initial_date=Calendar.first,
        views={"fortnight": {"type": "list", "duration": {"days": LIST_DAYS}}},
        events=Calendar.items,
        time_zone=Calendar.zone,
        locale="en-GB" if _.locale == "en" else _.locale,
        first_day=1,
        hidden_days=Calendar.hidden,
        slot_min_time=Calendar.opens,
        slot_max_time=Calendar.closes,
        slot_duration="00:15:00",
        slot_header_interval="01:00:00",
        snap_duration="00:05:00",
        slot_min_height=26,
        event_time_format=_HOURS_AND_MINUTES,
        slot_header_format=_HOURS_AND_MINUTES,
        all_day_slot=False,
        now_indicator=True,
        editable=True,
        selectable=True,
        event_interactive=True,
        no_events_text=_("Nothing is booked in these days."),
        height="auto",
        event_drop=Calendar.propose,
        event_resize=Calendar.propose,
        event_click=[Calendar.open_visit, Blocking.open_block],
        select=Blocking.begin_at,
    )


def _bones(_: Translator) -> rx.Component:
    """An empty week in the final height, behind the calendar until that stands still."""
    return rx.el.div(
        rx.cond(Calendar.ready, "", rx.el.span(_("Loading…"), class_name="unheard")),
        *[rx.el.div(class_name="calendar__bone") for _column in range(5)],
        class_name="skeleton calendar__bones",
        aria_busy=rx.cond(Calendar.ready, "false", "true"),
    )
