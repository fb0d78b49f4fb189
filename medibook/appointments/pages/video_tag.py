"""The mark of a video visit in the clinic's own lists, beside the place where the practitioner is."""

import reflex as rx

from medibook.ui.components import tag
from medibook.ui.i18n import Translator


def video_tag(_: Translator, is_video: rx.Var[bool]) -> rx.Component:
    """The mark where nobody will come through the door; nothing at any other visit."""
    return rx.cond(is_video, tag(_("Video"), tone="plum", icon_name="video"))
