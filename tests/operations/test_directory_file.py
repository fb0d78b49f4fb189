"""What a directory file says, before anything is written: tidied, merged or refused, with the reason."""

import csv
import tomllib
from pathlib import Path

import pytest

from medibook.operations.rules import tidying
from medibook.operations.rules.directory_file import Outcome, gather
from medibook.operations.rules.directory_mapping import MappingFault, read_mapping

MAINE = Path(__file__).parents[1] / "data" / "doctors_maine"
MAPPING = (MAINE / "mapping.toml").read_text()


def row(**said):
    usual = {
        "NPI": "1003005174", "Provider Name": "DAVID GILMAN", "Primary Specialty": "DERMATOLOGY",
        "Address": "22 BRAMHALL ST", "City/Town": "PORTLAND", "ZIP Code": "41023134",
    }  # fmt: skip
    return usual | said


def read(*rows):
    return gather(rows, read_mapping(MAPPING))


@pytest.mark.parametrize(
    ("shouted", "written"),
    [
        ("KATHLEEN O'BRIEN-MCLEOD III", "Kathleen O'Brien-McLeod III"),
        ("JOSÉ  NÚÑEZ ", "José Núñez"),
        ("MACY MC", "Macy Mc"),
        ("Anna van der Berg", "Anna van der Berg"),
    ],
)
def test_a_name_in_capitals_is_written_as_on_a_door_and_any_other_is_left(shouted, written):
    assert tidying.person(shouted) == written


@pytest.mark.parametrize(
    ("shouted", "written"),
    [
        ("489 STATE ST E", "489 State St E"),
        ("100 2ND AVE", "100 2nd Ave"),
        ("100 US ROUTE 1", "100 US Route 1"),
        ("PO BOX 7", "PO Box 7"),
    ],
)
def test_streets_keep_their_abbreviations(shouted, written):
    assert tidying.place(shouted) == written


def test_a_specialty_in_capitals_keeps_only_its_abbreviations():
    assert tidying.specialty("CERTIFIED NURSE MIDWIFE (CNM)") == "Certified nurse midwife (CNM)"
    assert tidying.specialty("CRITICAL CARE (INTENSIVISTS)") == "Critical care (intensivists)"


@pytest.mark.parametrize(
    ("eaten", "whole"),
    [("4416", "04416"), ("41023134", "04102-3134"), ("551081737", "55108-1737"), ("55110", "55110"),
     ("04102-3134", "04102-3134"), ("ME", None), ("12", None), ("123456", None)],
)  # fmt: skip
def test_a_zip_code_gets_the_zeros_back_that_a_spreadsheet_has_eaten(eaten, whole):
    assert tidying.zip_code(eaten) == whole


def test_an_npi_fits_its_check_digit():
    assert tidying.is_npi("1003005174")
    assert not any(map(tidying.is_npi, ("1003005175", "100300517", "10030051740", "١٠٠٣٠٠٥١٧٤")))


def test_a_row_says_everything_that_was_changed_on_the_way():
    (report,) = read(row()).reports
    assert report.outcome is Outcome.NEW
    assert "name: DAVID GILMAN → David Gilman" in report.notes
    assert "postcode: 41023134 → 04102-3134" in report.notes
    assert "specialty: DERMATOLOGY → dermatology" in report.notes


def test_what_cannot_be_a_practitioner_is_refused_with_the_reason():
    empty = dict.fromkeys(row(), "")
    wrong = [empty, row(**{"Provider Name": ""}), row(NPI="1003005175"),
             row(**{"Provider Name": "X" * 121})]  # fmt: skip
    found = read(*wrong)
    assert found.entries == ()
    assert [r.outcome for r in found.reports] == [Outcome.REFUSED] * 4
    assert [r.notes[0] for r in found.reports] == [
        "the row is empty", "has no name", "the NPI does not fit its check digit", "too long: name",
    ]  # fmt: skip


def test_a_key_that_comes_again_is_merged_into_its_first_row_and_says_what_is_lost():
    found = read(row(), row(Address="1 CITY CTR"))
    assert len(found.entries) == 1
    assert found.reports[1].outcome is Outcome.MERGED
    assert any("also works at 1 City Ctr, Portland" in note for note in found.reports[1].notes)


def test_the_same_file_gives_the_same_ids_and_one_address_is_one_location():
    first, again = read(row(), row(NPI="1003012253")), read(row(), row(NPI="1003012253"))
    assert first == again
    assert len({entry.place.location_id for entry in first.entries}) == 1


def test_a_place_outside_the_region_is_kept_and_pointed_at():
    (report,) = read(row(**{"City/Town": "SAINT PAUL", "ZIP Code": "551081737"})).reports
    assert report.outcome is Outcome.NEW
    assert any("not from the region" in note for note in report.notes)


def test_every_row_of_the_file_of_maine_is_accounted_for():
    with (MAINE / "practitioners.csv").open(newline="") as lines:
        found = gather(csv.DictReader(lines), read_mapping(MAPPING))
    outcomes = [report.outcome for report in found.reports]
    assert (len(outcomes), len(found.entries)) == (6_090, 3_516)
    assert (outcomes.count(Outcome.NEW), outcomes.count(Outcome.REFUSED)) == (3_516, 2_574)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('zone = "America/New_York"', 'zone = "Maine"', "zone is a name"),
        ('currency = "USD"', 'currency = "DOLLAR"', "currency is a code"),
        ('fee = "120.00"', 'fee = "1.234"', "fee is an amount"),
        ('fee = "120.00"', 'fee = "NaN"', "fee is an amount"),
        ('city = "City/Town"', "", "which column is city"),
        ('city = "City/Town"', 'town = "City/Town"', "not town"),
        ('opens = "09:00"', 'opens = "17:00"', "closes after it opens"),
        ('"mon", "tue"', '"someday"', "days ="),
        ('source = "cms-maine"', 'source = "../x"', "source is a short name"),
        ('postcodes = "^0(39|4)"', 'postcodes = "("', "no pattern"),
        ("[place]", "[plaice]", "a part [place]"),
        ("[columns]", "[columns", "not TOML"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_what_to_change(before, after, said):
    assert before in MAPPING
    with pytest.raises(MappingFault, match=said.replace("[", r"\[")):
        read_mapping(MAPPING.replace(before, after))


def test_the_mapping_of_the_tests_is_plain_toml():
    assert tomllib.loads(MAPPING)["source"] == "cms-maine"
