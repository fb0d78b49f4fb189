"""Everything that a person reads can be read in every language of the clinic."""

import ast
import re
import string
from collections.abc import Iterator

import pytest

from medibook.ui.catalogues import catalogue_of, untranslated, words_in_code
from medibook.ui.i18n import DEFAULT_LOCALE, LOCALES
from tests.architecture.source import Module, dotted, modules, violations

FURTHER = [locale for locale in LOCALES if locale != DEFAULT_LOCALE]
# Names are the same in every language.
NAMES = {"MediBook", "Deutsch", "English"}
WORD = re.compile(r"[^\W\d_]+")
READ_ALOUD = {"placeholder", "aria_label", "title", "alt", "label", "aria_description"}


def bare_words(module: Module) -> Iterator[str]:
    """Texts that reach a reader without passing the translator."""
    if not (module.is_page or module.name.startswith(("medibook/ui/", "medibook/medibook.py"))):
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        shown = list(node.args) if dotted(node.func).startswith("rx.el.") else []
        shown += [k.value for k in node.keywords if k.arg in READ_ALOUD]
        for text in (t for value in shown for t in _literals(value)):
            if set(WORD.findall(text)) - NAMES and not says_it_in_each_language(text):
                yield f"{module.at(node)} {text!r} is shown without _( )"


def says_it_in_each_language(text: str) -> bool:
    """A page that broke knows no reader: it speaks all languages at once, with a dot between."""
    parts = text.split(" · ")
    return len(parts) == len(LOCALES) and all(set(WORD.findall(part)) - NAMES for part in parts)


def _literals(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield from (
                t for part in parts if isinstance(part, ast.Constant) for t in _literals(part)
            )
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from (*_literals(left), *_literals(right))
        case ast.IfExp(body=then, orelse=other):
            yield from (*_literals(then), *_literals(other))
        case ast.Call(func=func, args=[_, *shown]) if dotted(func) == "rx.cond":
            yield from (t for each in shown for t in _literals(each))
        case _:
            pass


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("locale", FURTHER)
def test_every_text_of_the_code_is_in_the_catalogue_and_translated(locale):
    catalogue = catalogue_of(locale)
    known = {_key(m.id) for m in catalogue if m.id}
    wanted = {_key(m.id) for m in words_in_code() if m.id}
    assert sorted(wanted - known) == [], (
        "take new texts in: "
        "python -c 'from medibook.ui.catalogues import update_catalogues as u; print(u())'"
    )
    assert untranslated(catalogue) == []


@pytest.mark.parametrize("locale", FURTHER)
def test_a_translation_leaves_the_same_blanks_to_fill_in(locale):
    wrong = []
    for message in catalogue_of(locale):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        allowed = set().union(*map(blanks, ids))
        wrong += [s for s in said if s and not blanks(s) <= allowed]
        # A plural form may leave the number out ("one visit"); a single text may leave out nothing.
        if len(ids) == 1 and said[0] and blanks(said[0]) != allowed:
            wrong.append(said[0])
    assert wrong == []


def test_no_text_is_shown_without_the_translator():
    assert violations(bare_words, modules()) == []


def test_the_check_sees_bare_words():
    planted = Module(
        "medibook/appointments/pages/book.py",
        'rx.el.h1("Book a visit")\n'
        'rx.el.p(rx.cond(S.late, "Too late", _("In time")))\n'
        'rx.el.p(f"at {time}")\n'
        'field(_("Name"), placeholder="Ada", class_name="wide")\n'
        'rx.el.span("·", _("ok"), class_name="dot")\n'
        'rx.el.p("It has stopped · Es hat angehalten", title="Find · MediBook")\n',
    )
    assert len(list(bare_words(planted))) == 5


def unmarked_words(module: Module) -> Iterator[str]:
    """Texts handed to a translator that has no name: the catalogues never take them in."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Call(), args=[ast.Constant(value=str(text)), *_]):
                yield f"{module.at(node)} {text!r} needs N_( ), or a translator that is named _"


def test_every_text_that_is_said_at_run_time_is_marked():
    assert violations(unmarked_words, modules()) == []


def test_the_check_sees_unmarked_words():
    planted = Module(
        "medibook/appointments/pages/day.py",
        'self.said = self._words()("Saved.")\nself.said = self._words()(N_("Saved."))\n',
    )
    assert len(list(unmarked_words(planted))) == 1


def _key(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]
