"""Contact data and portraits."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image

from medibook.kernel.actor import STRANGER
from medibook.kernel.errors import Invalid, NotFound
from medibook.people import rules
from medibook.people import service as people
from medibook.people.rules import pictures, portrait
from tests.people.test_approval_and_accounts import in_story
from tests.support.visits import at_once


def picture(kind="JPEG", size=(1200, 800), colour="teal", **how):
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, kind, **how)
    return target.getvalue()


def opened(content):
    return Image.open(io.BytesIO(content))


def test_a_patient_changes_contact_data_and_reads_it_back(clinic):
    told = clinic.perform(
        clinic.ada,
        people.change_patient_profile,
        name=" Ada  Abara-Lowe ",
        phone="020 7946 0999",
        address="9 New Row",
    )
    assert (told.name, told.phone, told.address) == ("Ada Abara-Lowe", "+442079460999", "9 New Row")
    assert in_story(clinic, people.person, user_id=clinic.ada.user_id).name == "Ada Abara-Lowe"
    contact = in_story(
        clinic, people.contacts, patient_ids=[clinic.ada.patient_id, clinic.ben.patient_id]
    )
    assert contact[clinic.ada.patient_id].name == "Ada Abara-Lowe"
    assert contact[clinic.ben.patient_id].locale == "de"


@pytest.mark.parametrize(
    "name", ["A\r\nBcc: x@y.example", "Visit http://evil.example", "<b>Ada</b>", "12", ""]
)
def test_names_that_are_something_else_are_refused(clinic, name):
    with pytest.raises(Invalid) as refused:
        clinic.perform(
            clinic.ada, people.change_patient_profile, name=name, phone="nope", address=""
        )
    assert set(refused.value.problems) == {"name", "phone", "address"}


@pytest.mark.parametrize("name", ["Renée O’Connor-Łukasz", "李小龍", "محمد علی", "X Æ A-12"])
def test_names_of_the_world_are_welcome(clinic, name):
    told = clinic.perform(
        clinic.ada, people.change_patient_profile, name=name, phone="+49 30 901820", address="1"
    )
    assert told.name == name


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_portrait_is_drawn_anew_small_and_without_metadata(kind):
    exif = Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    kept = portrait(picture(kind, exif=exif))
    seen = opened(kept.content)
    assert (kept.media_type, seen.format, max(seen.size)) == ("image/webp", "WEBP", 512)
    assert b"SECRET" not in kept.content
    assert not seen.getexif()


def test_a_portrait_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(portrait(picture(size=(400, 200), exif=exif)).content).size == (200, 400)


def test_a_see_through_portrait_stands_on_white():
    target = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(target, "PNG")
    assert min(opened(portrait(target.getvalue()).content).convert("L").getextrema()) > 250


def png_that_claims(width, height):
    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        b"GIF89a" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%PDF-1.7 " + bytes(100),
        b"RIFF\x00\x00\x00\x00AVI LIST" + bytes(100),
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        png_that_claims(50_000, 50_000),
        png_that_claims(20_000, 2_100),
        picture("PNG", (4_100, 3_000)),
        picture()[:600],
        picture() + bytes(5 * 1024 * 1024),
    ],
    ids=[
        "empty",
        "stub",
        "gif",
        "svg",
        "pdf",
        "avi",
        "broken",
        "flood",
        "wide flood",
        "large in memory",
        "cut off",
        "too large",
    ],
)
def test_hostile_files_are_refused_in_words(clinic, content):
    with pytest.raises(rules.UnfitPicture):
        clinic.perform(clinic.ada, people.keep_picture, content=content)


def test_a_page_hidden_behind_a_picture_does_not_survive():
    kept = portrait(picture() + b"<script>alert(1)</script>")
    assert b"script" not in kept.content


def test_a_patients_portrait_is_theirs_alone_and_a_practitioners_is_public(clinic):
    hers = clinic.perform(clinic.ada, people.keep_picture, content=picture())
    cho = clinic.perform(clinic.cho, people.keep_picture, content=picture())
    fay = clinic.perform(clinic.fay, people.keep_picture, content=picture())
    assert clinic.perform(STRANGER, people.picture, picture_id=cho).is_public
    assert not clinic.perform(clinic.ada, people.picture, picture_id=hers).is_public
    assert not clinic.perform(clinic.eve, people.picture, picture_id=fay).is_public
    for who, which in (
        (STRANGER, hers),
        (clinic.ben, hers),
        (clinic.eve, hers),
        (STRANGER, fay),
        (clinic.ada, fay),
    ):
        with pytest.raises(NotFound):
            clinic.perform(who, people.picture, picture_id=which)


def test_a_new_portrait_replaces_the_old_and_can_be_removed(clinic):
    old = clinic.perform(clinic.ada, people.keep_picture, content=picture())
    new = clinic.perform(clinic.ada, people.keep_picture, content=picture(colour="red"))
    assert clinic.perform(clinic.ada, people.my_patient_profile).picture_id == new
    with pytest.raises(NotFound):
        clinic.perform(clinic.ada, people.picture, picture_id=old)
    clinic.perform(clinic.ada, people.remove_picture)
    assert clinic.perform(clinic.ada, people.my_patient_profile).picture_id is None
    assert clinic.rows("SELECT count(*) FROM picture") == [(0,)]


def test_large_pictures_are_drawn_one_after_the_other(monkeypatch):
    drawing, most = [], []

    def slowly(content, kind):
        drawing.append(kind)
        most.append(len(drawing))
        time.sleep(0.02)
        drawing.pop()
        return content

    monkeypatch.setattr(pictures, "_redrawn", slowly)
    at_once(*[lambda: portrait(picture())] * 4)
    assert most == [1, 1, 1, 1]
