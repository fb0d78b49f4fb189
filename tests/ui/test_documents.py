"""A prerendered file says which language it is written in."""

from pathlib import Path

import pytest

from medibook.ui.documents import declare_languages


@pytest.mark.parametrize(
    ("name", "locale"),
    [
        ("index.html", "en"),
        ("find.html", "en"),
        ("de.html", "de"),
        ("de/index.html", "de"),
        ("de/find.html", "de"),
        ("de/find/index.html", "de"),
        ("demo/mailbox.html", "en"),
    ],
)
def test_a_file_declares_the_language_of_its_address(
    tmp_path: Path, name: str, locale: str
) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('<!DOCTYPE html><html class="x" lang="en"><body lang="en">Tag</body></html>')
    declare_languages(tmp_path)
    assert file.read_text() == (
        f'<!DOCTYPE html><html class="x" lang="{locale}"><body lang="en">Tag</body></html>'
    )


def test_a_file_without_a_page_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "fallback.html").write_text("<!DOCTYPE html><html></html>")
    declare_languages(tmp_path)
    assert (tmp_path / "fallback.html").read_text() == "<!DOCTYPE html><html></html>"
