"""The style sheets keep their promises: any direction of writing, nothing from other hosts, no dead names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from medibook.ui.theme import (
    ICONS,
    NIGHT_STYLESHEET,
    PLAIN_STYLESHEETS,
    PRELOADED_FONTS,
    SCRIPTS,
    STATUSES,
    STYLESHEETS,
)

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "assets"
SHEETS = sorted((ASSETS / "css").glob("*.css"))
SCRIPT_FILES = sorted((ASSETS / "js").glob("*.js"))
# Sideways words of the physical page; the logical ones turn round with the language.
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height"
    r"|(?:min|max)-(?:width|height)|float|clear)\s*:"
)


def _rules(sheet: Path) -> str:
    """The sheet without comments and without the conditions of media queries, which are physical."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    return re.sub(r"@(?:media|supports)[^{]*", "", text)


def _python() -> Iterator[tuple[Path, ast.AST]]:
    for file in sorted((ROOT / "medibook").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            yield file, node


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_uses_logical_properties_only(sheet: Path) -> None:
    assert PHYSICAL.findall(_rules(sheet)) == []
    assert not re.search(r"text-align:\s*(left|right)", _rules(sheet))


@pytest.mark.parametrize("file", [*SHEETS, *SCRIPT_FILES], ids=lambda file: file.name)
def test_nothing_is_loaded_from_another_host(file: Path) -> None:
    assert not re.search(r"https?://|url\(\s*[\"']?//|@import", file.read_text())


@pytest.mark.parametrize("script", SCRIPT_FILES, ids=lambda script: script.name)
def test_a_script_needs_no_unsafe_permission(script: Path) -> None:
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write", script.read_text())


def test_every_file_of_the_look_is_named_once_and_exists() -> None:
    named = {*STYLESHEETS, *PLAIN_STYLESHEETS, NIGHT_STYLESHEET}
    assert {f"/css/{sheet.name}" for sheet in SHEETS} == named
    assert {f"/js/{script.name}" for script in SCRIPT_FILES} == set(SCRIPTS)
    fonts = re.findall(r"url\((/fonts/[^)]+)\)", (ASSETS / "css" / "tokens.css").read_text())
    for path in [*fonts, *PRELOADED_FONTS, ICONS]:
        assert (ASSETS / path.lstrip("/")).is_file()


def test_every_font_and_drawing_comes_with_its_licence() -> None:
    for font in (ASSETS / "fonts").glob("*.woff2"):
        family = font.name.split("-latin")[0]
        assert (ASSETS / "fonts" / f"{family}.LICENSE.txt").is_file()
    assert (ASSETS / "pictures" / "lucide.LICENSE.txt").is_file()


def test_a_colour_is_written_as_a_token() -> None:
    for sheet in SHEETS:
        if sheet.name in (
            "tokens.css",
            "night.css",
            "modes.css",
        ):  # the palette, and ink on white paper
            continue
        found = re.findall(r"#[0-9A-Fa-f]{3,8}\b", _rules(sheet))
        assert set(found) <= {"#FFFFFF"}, sheet.name  # the white a QR code needs


def test_the_night_of_pages_without_a_script_is_that_of_the_others() -> None:
    tokens, night = ((ASSETS / "css" / name).read_text() for name in ("tokens.css", "night.css"))
    inside = r"\{(.*?)\}"
    (dark,) = re.findall(rf"\.dark {inside}", tokens, re.DOTALL)
    assert re.findall(rf":root {inside}", night, re.DOTALL) == [dark]


def test_every_class_that_the_code_uses_is_styled() -> None:
    styled = {name for sheet in SHEETS for name in re.findall(r"\.([a-z][\w-]*)", _rules(sheet))}
    used = {
        (name, file.name)
        for file, node in _python()
        if isinstance(node, ast.keyword)
        and node.arg == "class_name"
        and isinstance(node.value, ast.Constant)
        for name in str(node.value.value).split()
    }
    assert {(name, file) for name, file in used if name not in styled} == set()


def test_every_icon_that_the_code_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ASSETS / ICONS.lstrip("/")).read_text()))
    named = {status.icon for status in STATUSES.values()}
    for _file, node in _python():
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "icon" and node.args:
            named |= {a.value for a in node.args[:1] if isinstance(a, ast.Constant)}
        if isinstance(node, ast.keyword) and node.arg == "icon_name":
            named |= {node.value.value} if isinstance(node.value, ast.Constant) else set()
    assert named - drawn - {""} == set()


def test_a_status_is_never_told_by_colour_alone() -> None:
    sheet = (ASSETS / "css" / "pieces.css").read_text()
    for status in STATUSES.values():
        assert status.patient
        assert status.staff
        assert status.icon
        assert re.search(rf"\.{status.tone}\b", sheet)
