"""What the documents promise is so: settings, words of the domain, links."""

import re
import subprocess
from pathlib import Path

from medibook.kernel.settings import Settings
from tests.architecture.source import ROOT, modules

SETTING_ROW = re.compile(r"^\|\s*`(MEDIBOOK_[A-Z_]+)`\s*\|(.*)\|\s*$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
HTML_SOURCE = re.compile(r"""<(?:img|source|a)\b[^>]*?\b(?:src|srcset|href)=["']([^"']+)["']""")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
# Settings that other tools read, or that only the tests set, stand in the text and not in the table.
OTHERS = {
    "MEDIBOOK_EXAMPLES",
    "MEDIBOOK_MAIL_DUE",
    "MEDIBOOK_MAIL_FROZEN",
    "MEDIBOOK_MAIL_KILLS",
    "MEDIBOOK_REMINDERS",
    "MEDIBOOK_CHANGES",
    "MEDIBOOK_STEPS",
    "MEDIBOOK_TEST_PG_URL",
}


def documents() -> list[Path]:
    """Every Markdown file that belongs to the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).exists()]


def settings_in(text: str) -> dict[str, str]:
    return dict(SETTING_ROW.findall(text))


def broken_links(document: Path, text: str) -> list[str]:
    """Links of one document that lead to no file or to no heading."""
    prose = FENCE.sub("", text)
    broken = []
    for target in [*LINK.findall(prose), *HTML_SOURCE.findall(prose)]:
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if file != document and not (file.exists() and file.is_relative_to(ROOT)):
            broken.append(f"{document.relative_to(ROOT)}: {target}")
        elif anchor and file.suffix == ".md" and anchor not in _anchors(file, document, text):
            broken.append(f"{document.relative_to(ROOT)}: {target} (no such heading)")
    return broken


def _anchors(file: Path, document: Path, text: str) -> set[str]:
    return {_slug(h) for h in HEADING.findall(text if file == document else file.read_text())}


def _slug(heading: str) -> str:
    """The anchor that a forge makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def test_the_settings_table_of_the_readme_is_the_settings():
    rows = settings_in((ROOT / "README.md").read_text())
    wanted = {f"MEDIBOOK_{name.upper()}": f for name, f in Settings.model_fields.items()}
    missing = [
        f"| `{name}` | … | {f.description} |" for name, f in wanted.items() if name not in rows
    ]
    assert (missing, sorted(set(rows) - set(wanted))) == ([], []), "README.md, settings table"
    other = [n for n, f in wanted.items() if f.description and f.description not in rows[n]]
    assert other == [], "README.md says something else than Settings about these"


def test_no_document_names_a_setting_that_is_none():
    known = {f"MEDIBOOK_{name.upper()}" for name in Settings.model_fields} | OTHERS
    named = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in documents()
        for name in re.findall(r"\bMEDIBOOK_[A-Z_]*[A-Z]\b", path.read_text())
        if name not in known
    }
    assert sorted(named) == []


def test_every_link_of_the_documents_leads_somewhere():
    assert [b for path in documents() for b in broken_links(path, path.read_text())] == []


def test_every_table_of_the_domain_has_its_word_in_the_glossary():
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    assert sorted(name for name in table_classes() if f"`{name}`" not in glossary) == []


def table_classes() -> set[str]:
    """Classes declared with ``table=True``, read from the source."""
    return {
        name
        for module in modules()
        for name in re.findall(r"^class (\w+)\([^)]*\btable=True", module.text, re.MULTILINE)
    }


def test_the_checks_see_a_dead_link_and_a_missing_setting():
    text = "# Top\n[a](nowhere.md) [b](#top) [c](#gone) [d](https://example.org)\n```\n[e](no.md)\n```\n"
    assert len(broken_links(ROOT / "README.md", text)) == 2
    assert settings_in("| `MEDIBOOK_ENV` | demo | what for |\n") == {
        "MEDIBOOK_ENV": " demo | what for "
    }
