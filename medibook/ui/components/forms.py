"""Forms: the label above, the hint, the mistake in words, and the field."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from medibook.ui.components.basics import Child, Words, icon
from medibook.ui.i18n import Translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    hint: str = ""


class _NativeForm(BaseHTML):
    """A form that the browser itself sends: Reflex's own prevents that."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]
    enc_type: rx.Var[str]
    no_validate: rx.Var[bool]
    _is_tag_in_global_scope = True


def native_form(
    *children: Child, action: Words, method: str = "post", class_name: str = "form", **props: Any
) -> rx.Component:
    """A form sent by the browser, once: signing in and out, pictures, searches (method="get")."""
    return _NativeForm.create(
        *children, action=action, method=method, class_name=class_name, data_once="true", **props
    )


def form(*children: Child, class_name: str = "form", **props: Any) -> rx.Component:
    """A form answered by a state's handler (``on_submit``); the server checks, in our words.

    Sent before the page is alive it is refused; "get" would write a password into the address.
    """
    return rx.el.form(*children, method="post", no_validate=True, class_name=class_name, **props)


def field(
    _: Translator,
    name: str,
    label: Child,
    *,
    kind: str = "text",
    hint: Words = "",
    error: Words = "",
    optional: bool = False,
    width: str = "",
    **props: Any,
) -> rx.Component:
    """One line to fill in. ``width``: "" | "short" | "tiny".

    Further props go to the input: ``auto_complete``, ``input_mode``, ``default_value``, ``min``…
    """
    shape = f"input input--{width}" if width else "input"
    control = rx.el.input(
        id=name,
        name=name,
        type=kind,
        class_name=shape,
        **_described(name, hint, error),
        **_required(optional),
        **props,
    )
    return _framed(_, control, label, name=name, hint=hint, error=error, optional=optional)


def textarea(
    _: Translator,
    name: str,
    label: Child,
    *,
    hint: Words = "",
    error: Words = "",
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """Several lines to fill in; give ``max_length`` and say it in the hint."""
    control = rx.el.textarea(
        id=name,
        name=name,
        class_name="input",
        **_described(name, hint, error),
        **_required(optional),
        **props,
    )
    return _framed(_, control, label, name=name, hint=hint, error=error, optional=optional)


def select(
    _: Translator,
    name: str,
    label: Child,
    options: list[Option] | rx.Var[list[Option]],
    *,
    hint: Words = "",
    error: Words = "",
    optional: bool = False,
    **props: Any,
) -> rx.Component:
    """One of a list that is too long for radios."""
    control = rx.el.select(
        _each(options, lambda option: rx.el.option(option.label, value=option.value)),
        id=name,
        name=name,
        class_name="input",
        **_described(name, hint, error),
        # Where the first choice is an answer without a value ("anywhere"): required=False.
        **{**_required(optional), **props},
    )
    return _framed(_, control, label, name=name, hint=hint, error=error, optional=optional)


def radios(
    _: Translator,
    name: str,
    legend: Child,
    options: list[Option] | rx.Var[list[Option]],
    *,
    value: Words = "",
    hint: Words = "",
    error: Words = "",
    in_row: bool = False,
    on_change: Any = None,
) -> rx.Component:
    """One of a few, all of them in sight; ``value`` is chosen at first."""
    props = {} if on_change is None else {"on_change": on_change}

    def one(option: Any) -> rx.Component:
        return _choice("radio", name, option, checked=option.value == value, **props)

    return _group(_, name, legend, _each(options, one), hint=hint, error=error, in_row=in_row)


def checkboxes(
    _: Translator,
    name: str,
    legend: Child,
    options: list[Option] | rx.Var[list[Option]],
    *,
    values: list[str] | rx.Var[list[str]] | None = None,
    hint: Words = "",
    error: Words = "",
    in_row: bool = False,
) -> rx.Component:
    """Any of a few. Each sends its own ``name.value``, for Reflex's form data holds one per name."""
    chosen: Any = rx.Var.create([] if values is None else values)

    def one(option: Any) -> rx.Component:
        ticked = chosen.contains(option.value)
        return _choice("checkbox", f"{name}." + option.value, option, checked=ticked)

    return _group(_, name, legend, _each(options, one), hint=hint, error=error, in_row=in_row)


def checkbox(
    _: Translator,
    name: str,
    label: Child,
    *,
    hint: Words = "",
    error: Words = "",
    **props: Any,
) -> rx.Component:
    """One thing to agree to or not; never ticked beforehand."""
    text = rx.el.span(label, _hint_inside(hint))
    ticked = rx.el.input(
        id=name, name=name, type="checkbox", **_described(name, "", error), **props
    )
    return rx.el.div(
        _mistake(_, name, error),
        rx.el.label(ticked, text, class_name="choice", html_for=name),
        class_name="field",
    )


def _choice(kind: str, name: Any, option: Any, *, checked: Any, **props: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type=kind, name=name, value=option.value, default_checked=checked, **props),
        rx.el.span(option.label, _hint_inside(option.hint)),
        class_name="choice",
    )


def _hint_inside(hint: Any) -> Child:
    said = rx.el.span(hint, class_name="hint")
    if isinstance(hint, rx.Var):
        return rx.cond(hint, said, rx.fragment())
    return said if hint else ""


def _group(
    _: Translator,
    name: str,
    legend: Child,
    inside: Child,
    *,
    hint: Words,
    error: Words,
    in_row: bool,
) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="field__label"),
        _hint(name, hint),
        _mistake(_, name, error),
        rx.el.div(inside, class_name="choices choices--row" if in_row else "choices"),
        id=name,
        class_name="field",
        **_described(name, hint, error, invalid=False),
    )


def _framed(
    _: Translator,
    control: rx.Component,
    label: Child,
    *,
    name: str,
    hint: Words,
    error: Words,
    optional: bool,
) -> rx.Component:
    free = rx.el.span(" " + _("(optional)"), class_name="field__optional") if optional else ""
    return rx.el.div(
        rx.el.label(label, free, html_for=name, class_name="field__label"),
        _hint(name, hint),
        _mistake(_, name, error),
        control,
        class_name="field",
    )


def _hint(name: str, hint: Words) -> Child:
    if isinstance(hint, str) and not hint:
        return ""
    return rx.el.p(hint, id=f"{name}-hint", class_name="hint")


def _mistake(_: Translator, name: str, error: Words) -> Child:
    if isinstance(error, str) and not error:
        return ""
    said = rx.el.p(
        icon("triangle-alert"),
        rx.el.span(rx.el.span(_("Mistake:") + " ", class_name="unheard"), error),
        id=f"{name}-error",
        class_name="field__error",
    )
    return rx.cond(error, said, rx.fragment()) if isinstance(error, rx.Var) else said


def _described(name: str, hint: Words, error: Words, *, invalid: bool = True) -> dict[str, Any]:
    hinted = f"{name}-hint" if isinstance(hint, rx.Var) or hint else ""
    wrong = f"{name}-error {hinted}".strip()
    if isinstance(error, rx.Var):
        described: Any = rx.cond(error, wrong, hinted)
        state: Any = rx.cond(error, "true", "false")
    else:
        described, state = (wrong, "true") if error else (hinted, "false")
    props = {"aria_describedby": described} if isinstance(error, rx.Var) or described else {}
    return {**props, "aria_invalid": state} if invalid else props


def _required(optional: bool) -> dict[str, Any]:  # noqa: FBT001 - a fact about the field, not a switch
    return {} if optional else {"required": True}


def _each(things: Any, draw: Any) -> Any:
    if isinstance(things, rx.Var):
        return rx.foreach(things, draw)
    return rx.fragment(*[draw(thing) for thing in things])
