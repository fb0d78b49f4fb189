"""A telephone can keep the clinic on its home screen: iPhones bring notes only there."""

import json
from mimetypes import guess_type

from medibook.ui.shell import HEAD
from tests.architecture.source import ROOT

ASSETS = ROOT / "assets"


def test_every_page_names_the_manifest_and_what_it_names_is_there():
    head = " ".join(str(each) for each in HEAD)
    assert "/manifest.webmanifest" in head
    assert "/pictures/touch-icon.png" in head
    manifest = json.loads((ASSETS / "manifest.webmanifest").read_text())
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    for icon in manifest["icons"]:
        assert (ASSETS / icon["src"].lstrip("/")).is_file()
        assert guess_type(icon["src"])[0] == icon["type"]
