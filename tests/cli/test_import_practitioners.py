"""A real directory comes in: every row is accounted for, and a second time changes nothing."""

import csv
import json

import pytest
import sqlalchemy as sa

from medibook.directory.schemas import SearchWish
from medibook.directory.service import search
from medibook.kernel.actor import STRANGER
from medibook.kernel.db import make_engine
from medibook.kernel.settings import Env, Settings
from medibook.wiring import build_medibook
from tests.operations.test_directory_file import MAINE, MAPPING, row


@pytest.fixture
def directory(tmp_path):
    """Writes a file of these rows, with the mapping beside it."""
    (tmp_path / "mapping.toml").write_text(MAPPING)

    def write(*rows, name="directory.csv"):
        with (tmp_path / name).open("w", newline="") as lines:
            table = csv.DictWriter(lines, fieldnames=list(row()))
            table.writeheader()
            table.writerows(rows)
        return tmp_path / name

    return write


def take_in(terminal, file, *words):
    mapping = str(file.parent / "mapping.toml")
    done = terminal.run(
        "import", "practitioners", str(file), "--mapping", mapping, "--json", *words
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def rows_of(terminal, statement):
    engine = make_engine(terminal.environment["MEDIBOOK_DB_URL"])
    with engine.connect() as connection:
        found = connection.execute(sa.text(statement)).all()
    engine.dispose()
    return found


def test_the_directory_of_maine_comes_in_whole_and_a_second_time_changes_nothing(
    terminal, tmp_path
):
    terminal.run("migrate")
    (tmp_path / "mapping.toml").write_text(MAPPING)
    (tmp_path / "maine.csv").write_bytes((MAINE / "practitioners.csv").read_bytes())
    report = tmp_path / "report.csv"
    dry = take_in(terminal, tmp_path / "maine.csv", "--dry-run")
    assert (dry["new"], rows_of(terminal, "SELECT count(*) FROM practitioner")) == (3_516, [(0,)])
    first = take_in(terminal, tmp_path / "maine.csv", "--report", str(report))
    assert (first["rows"], first["new"], first["merged"], first["refused"]) == (
        6_090,
        3_516,
        0,
        2_574,
    )
    assert rows_of(terminal, "SELECT count(*) FROM practitioner") == [(3_516,)]
    with report.open(newline="") as lines:
        assert sum(1 for _ in csv.DictReader(lines)) == 6_090
    before = rows_of(terminal, "SELECT * FROM practitioner ORDER BY id")
    second = take_in(terminal, tmp_path / "maine.csv")
    assert (second["new"], second["updated"], second["unchanged"]) == (0, 0, 3_516)
    assert rows_of(terminal, "SELECT * FROM practitioner ORDER BY id") == before
    violations = json.loads(terminal.run("check", "--json").stdout)["violations"]
    assert {v["invariant"] for v in violations} == {"I16"}, "nothing but: there is no admin yet"


def test_a_changed_row_is_brought_up_to_date_unless_the_clinic_has_changed_it_since(
    terminal, directory
):
    terminal.run("migrate")
    take_in(terminal, directory(row(), row(NPI="1003012253", **{"Provider Name": "KIM MILLS"})))
    moved = [
        row(**{"City/Town": "BANGOR"}),
        row(NPI="1003012253", **{"Provider Name": "KIM HILLS"}),
    ]
    statement = "UPDATE practitioner SET version = 2 WHERE licence_number = '1003012253'"
    engine = make_engine(terminal.environment["MEDIBOOK_DB_URL"])
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
    done = take_in(terminal, directory(*moved))
    assert (done["updated"], done["kept"]) == (1, 1)
    names = rows_of(terminal, "SELECT name FROM practitioner ORDER BY name")
    assert names == [("David Gilman",), ("Kim Mills",)]
    cities = (
        "SELECT city FROM practitioner JOIN location ON location.id = location_id ORDER BY city"
    )
    assert rows_of(terminal, cities) == [("Bangor",), ("Portland",)]


def test_namesakes_have_addresses_of_their_own(terminal, directory):
    terminal.run("migrate")
    take_in(terminal, directory(row(), row(NPI="1003012253"), row(NPI="1003025214")))
    slugs = rows_of(terminal, "SELECT slug FROM practitioner ORDER BY slug")
    assert slugs == [("david-gilman",), ("david-gilman-2",), ("david-gilman-3",)]


def test_nobody_signs_in_to_an_imported_account_and_nobody_writes_to_it(terminal, directory):
    terminal.run("migrate")
    take_in(terminal, directory(row()))
    ((email, hashed, verified),) = rows_of(
        terminal, "SELECT email, password_hash, email_verified_at FROM user_account"
    )
    assert email == "1003005174@cms-maine.invalid"
    assert hashed.startswith("$argon2id$")
    assert verified is None


def test_who_came_with_a_directory_is_found_in_the_search(terminal, directory):
    terminal.run("migrate")
    take_in(terminal, directory(row(), row(NPI="1003012253", **{"City/Town": "BANGOR"})))
    settings = Settings(env=Env.TEST, db_url=terminal.environment["MEDIBOOK_DB_URL"])
    medibook = build_medibook(settings)
    try:
        page = medibook.perform(STRANGER, search, wish=SearchWish(city="Bangor"))
    finally:
        medibook.engine.dispose()
    assert [card.name for card in page.cards] == ["David Gilman"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"NPI;Name\n1;2\n", "has no column"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"", "has no column"),
    ],
)
def test_a_file_that_is_no_directory_is_refused_in_words(terminal, tmp_path, content, said):
    (tmp_path / "mapping.toml").write_text(MAPPING)
    (tmp_path / "wrong.csv").write_bytes(content)
    refused = terminal.run(
        "import", "practitioners", str(tmp_path / "wrong.csv"),
        "--mapping", str(tmp_path / "mapping.toml"),
    )  # fmt: skip
    assert refused.exit_code == 2
    assert said in refused.stderr


def test_without_a_mapping_it_says_how_to_name_one(terminal, directory):
    refused = terminal.run("import", "practitioners", str(directory(row(), name="alone.csv")))
    assert refused.exit_code == 2
    assert "--mapping" in refused.stderr


def test_what_looks_like_markup_in_a_file_does_not_end_the_report(terminal, directory):
    terminal.run("migrate")
    twice = directory(row(), row(**{"City/Town": "[/bold] town"}))
    mapping = str(twice.parent / "mapping.toml")
    done = terminal.run("import", "practitioners", str(twice), "--mapping", mapping)
    assert done.exit_code == 0, done.output
    assert "[/bold]" in done.output.lower().replace("\n", "")
