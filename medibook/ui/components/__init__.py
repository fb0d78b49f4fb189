"""The pieces that pages are built from. Every text given to them is already in the reader's language.

Words = str or Var[str]; Child = component, Var or str. `_` is the page's Translator.

Links and buttons
    link(*words, href=, full=False, **props)            pages of ours open without a reload; full=True reloads
    button(label, kind="", icon_name="", busy=None, submit=False, **props)
        kind: "" | primary | danger | danger-solid | plain, plus small, wide ("primary wide")
    link_button(label, href=, kind="", icon_name="", full=False)
    back_link(label, href=)
    icon(name, class_name="")                           ids in assets/pictures/icons.svg; name may be a Var
    avatar(initials, picture="", size="")               size: "" | small | large

Forms (error= is Words; give State.problems["name"]; each control's id is its name)
    form(*children, on_submit=, ...)                    answered by a state's handler
    native_form(*children, action=, method="post")      sent by the browser, once (sign in, search)
    field(_, name, label, kind="text", hint="", error="", optional=False, width="", **input_props)
        width: "" | short | tiny; input_props: auto_complete, input_mode, default_value, min, max …
    textarea(_, name, label, hint="", error="", optional=False, **props)
    select(_, name, label, options, hint="", error="", optional=False, **props)
    radios(_, name, legend, options, value="", hint="", error="", in_row=False, on_change=None)
    checkboxes(_, name, legend, options, values=None, hint="", error="", in_row=False)   sends name.value
    checkbox(_, name, label, hint="", error="", **props)
        options: list[Option] or Var of it; Option(value=, label=, hint="")
    default_value is read once: draw the form under rx.cond(State.ready, …) when its values come later.

Times
    slot_board(_, days, name=)                          days: Var[list[SlotDay]]
    slot_strip(_, chips, label=, more="", more_href="") chips: Var[list[SlotChip]]
    earlier_and_later(_, earlier="", later="", earlier_label="", later_label="")   also a pager
    SlotDay(key=, label=, long_label=, count_label="", chips=[])
    SlotChip(key=, label=, href="", name="", state="free"|"taken"|"chosen"|"part", note="")

To be looked at
    card(*children, quiet=False, class_name="")         class names: person, person__text, name, meta, tags …
    status_pill(_, status, staff=False)                 status: FHIR code or Var; words in ui/theme.py
    tag(words, tone="slate", icon_name="")              teal amber leaf coral sky plum slate
    banner(*children, tone="sky", icon_name="info", heard=False)      sky amber coral leaf teal
    panel(title, *children, icon_name="circle-check")   done; title is the h1
    appointment_card(*main, stub=[…])                   perforated edge; class ticket__when for the time
    empty_state(sentence, *actions, icon_name="inbox")
    check_answers(_, [Answer(label=, value=, change_href="")])
    table(caption, [Column(label=, draw=lambda row: …, header=False, number=False)], rows)
    tabs([Tab(label=, href=, current=False, count=None)], name=)
    filters(_, *children)                               in columns columns--side-first, first child
    disclosure(summary, *children) · timeline(*moments) · care_card(title, *children)
    progress(value, most, label=) · count_badge(count)

Answers of the page
    error_summary(_, problem, problems=None)            Var[str], Var[dict[str, str]]; takes the focus
    status_line(message)                                polite live region
    skeleton(_, kind="rows"|"cards"|"board"|"lines", rows=3)
    dialog(_, name, title, *children, actions=[…], open_when=None, on_dismiss=None, dismiss_label="")
    dialog_button(label, opens=name, kind="")

Layout words (class_name on rx.el.*): stack, stack--tight, stack--loose, row, row--between, columns,
columns--side-first, columns--even, tiles, narrow, page-head, cards, lead, meta, hint, small, eyebrow,
reference, struck, unheard, noprint, commit, commit--sticky, form, fields-row, search.
"""

from medibook.ui.components.basics import avatar, back_link, button, icon, link, link_button
from medibook.ui.components.board import (
    SlotChip,
    SlotDay,
    earlier_and_later,
    slot_board,
    slot_strip,
)
from medibook.ui.components.feedback import (
    dialog,
    dialog_button,
    error_summary,
    skeleton,
    status_line,
)
from medibook.ui.components.forms import (
    Option,
    checkbox,
    checkboxes,
    field,
    form,
    native_form,
    radios,
    select,
    textarea,
)
from medibook.ui.components.pieces import (
    Answer,
    Tab,
    appointment_card,
    banner,
    card,
    care_card,
    check_answers,
    count_badge,
    disclosure,
    empty_state,
    filters,
    panel,
    progress,
    status_pill,
    tabs,
    tag,
    timeline,
)
from medibook.ui.components.tables import Column, table

__all__ = [
    "Answer",
    "Column",
    "Option",
    "SlotChip",
    "SlotDay",
    "Tab",
    "appointment_card",
    "avatar",
    "back_link",
    "banner",
    "button",
    "card",
    "care_card",
    "check_answers",
    "checkbox",
    "checkboxes",
    "count_badge",
    "dialog",
    "dialog_button",
    "disclosure",
    "earlier_and_later",
    "empty_state",
    "error_summary",
    "field",
    "filters",
    "form",
    "icon",
    "link",
    "link_button",
    "native_form",
    "panel",
    "progress",
    "radios",
    "select",
    "skeleton",
    "slot_board",
    "slot_strip",
    "status_line",
    "status_pill",
    "table",
    "tabs",
    "tag",
    "textarea",
    "timeline",
]
