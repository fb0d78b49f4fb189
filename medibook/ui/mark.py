"""The house's mark."""

import reflex as rx


def mark() -> rx.Component:
    """A sun coming up over the line of the horizon."""
    return rx.el.svg(
        rx.el.svg.path(d="M4 17a8 8 0 0 1 16 0", fill="currentColor"),
        rx.el.svg.path(
            d="M1.5 20.5h21M12 2.5v3M3.8 6.3l2.1 2.1M20.2 6.3l-2.1 2.1",
            stroke="currentColor",
            stroke_width="2",
            stroke_linecap="round",
        ),
        view_box="0 0 24 24",
        width="28",
        height="28",
        fill="none",
        aria_hidden="true",
    )
