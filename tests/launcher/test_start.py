"""The launcher: which port, what to rebuild, what it says; without starting anything."""

import ast
import json
import socket
import sys

import pytest

import start


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_free_port_is_taken_as_wished(taken):
    free = start.free_port("127.0.0.1", taken + 1)
    assert start.free_port("127.0.0.1", free) == free


def test_a_busy_port_gives_way_to_the_next_free_one(taken):
    assert taken < start.free_port("127.0.0.1", taken) <= taken + 100


def test_without_any_free_port_the_launcher_says_so(monkeypatch):
    def refuse(*_):
        raise OSError("in use")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(start.Stop, match="Choose another with --port") as stop:
        start.free_port("127.0.0.1", 8000)
    assert stop.value.code == 2


@pytest.fixture
def tree(tmp_path):
    for name in (
        "medibook/ui/shell.py",
        "medibook/cli/run.py",
        "assets/css/a.css",
        "reflex.lock/package-lock.json",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "rxconfig.py").write_text("")
    return tmp_path


@pytest.mark.parametrize("name", ["medibook/ui/shell.py", "assets/css/a.css", "rxconfig.py"])
def test_a_changed_source_asks_for_a_new_front_end(tree, name):
    before = start.sources_fingerprint(tree)
    (tree / name).write_text("something else")
    assert start.sources_fingerprint(tree) != before


@pytest.mark.parametrize("name", ["medibook/cli/run.py", "assets/locales.mo", "README.md"])
def test_what_the_browser_never_sees_asks_for_none(tree, name):
    before = start.sources_fingerprint(tree)
    (tree / name).write_text("something else")
    assert start.sources_fingerprint(tree) == before


def test_a_moved_source_is_a_change(tree):
    before = start.sources_fingerprint(tree)
    (tree / "medibook/ui/shell.py").rename(tree / "medibook/ui/frame.py")
    assert start.sources_fingerprint(tree) != before


def test_other_packages_of_the_front_end_are_a_change(tree):
    before = start.lock_fingerprint(tree)
    (tree / "reflex.lock/package-lock.json").write_text("{}")
    assert start.lock_fingerprint(tree) != before


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8099/"),
        ("0.0.0.0", "http://127.0.0.1:8099/"),
        ("::1", "http://[::1]:8099/"),
        ("clinic.local", "http://clinic.local:8099/"),
    ],
)
def test_the_address_is_one_that_a_browser_can_open(host, url):
    assert start.address(host, 8099) == url


def test_the_last_words_say_where_as_whom_and_how_to_stop(tmp_path, monkeypatch):
    account = {"role": "Patient", "email": "ada@medibook.example", "passphrase": "a long secret"}
    (tmp_path / "demo-accounts.json").write_text(json.dumps({"accounts": [account]}))
    monkeypatch.setenv("MEDIBOOK_DATA_DIR", str(tmp_path))
    words = start.box("http://127.0.0.1:8001/", wished=8000, seconds=3.2)
    for part in (
        "http://127.0.0.1:8001/",
        "port 8000 was taken",
        *account.values(),
        "Ctrl-C",
        "--reset",
    ):
        assert part in words
    assert len({len(line) for line in words.splitlines()}) == 1


def test_the_applicant_is_not_taken_for_a_second_doctor(tmp_path, monkeypatch):
    accounts = [
        {"role": "practitioner", "email": f"{who}@demo.example", "passphrase": "a long secret"}
        for who in ("doctor", "applicant")
    ]
    (tmp_path / "demo-accounts.json").write_text(json.dumps({"accounts": accounts}))
    monkeypatch.setenv("MEDIBOOK_DATA_DIR", str(tmp_path))
    lines = start.box("http://127.0.0.1:8000/", wished=8000, seconds=1).splitlines()
    kinds = [line.split()[1] for line in lines if "@demo.example" in line]
    assert kinds == ["doctor", "applicant"]


def test_without_a_demo_there_are_no_accounts_to_show(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDIBOOK_DATA_DIR", str(tmp_path))
    assert start.demo_accounts() == []
    assert "port 8000 was taken" not in start.box("http://127.0.0.1:8000/", wished=8000, seconds=1)


def test_every_step_is_numbered_and_timed(capsys):
    steps = start.Steps(2)
    with steps.step("Packages") as say:
        say("there already")
    with pytest.raises(ValueError), steps.step("Database"):  # noqa: PT011 - any will do
        raise ValueError
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("[1/2] Packages")
    assert first.endswith("s  there already")
    assert second.startswith("[2/2] Database")


def test_the_launcher_needs_the_standard_library_alone():
    tree = ast.parse((start.HERE / "start.py").read_text(encoding="utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_stands_at_one_exact_version(file):
    lines = (start.HERE / file).read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-r "))]
    assert wanted
    assert [line for line in wanted if line.count("==") != 1] == []


def test_an_unknown_option_is_refused_except_for_the_tests(capsys):
    with pytest.raises(SystemExit):
        start.main(["run", "--prot", "1"])
    assert "--prot" in capsys.readouterr().err
