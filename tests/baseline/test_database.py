"""Opening: new, damaged, foreign, newer, full, locked; the databases answer for themselves."""

from __future__ import annotations

import os
import resource
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from harness.baseline import database
from harness.baseline.database import open_database
from harness.baseline.store import Store
from harness.errors import HarnessError, LabError, ScenarioError
from tests.baseline.postgres import Server
from tests.baseline.runs import put_run

ROOT = Path(__file__).resolve().parents[2]


def test_a_new_file_is_its_owners_and_in_wal_mode(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "runs.db"
    open_database(str(path)).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    raw.close()
    assert [each.name for each in path.parent.iterdir() if "." in each.name] == ["runs.db"]


def test_opening_again_keeps_what_is_there(location: str) -> None:
    with Store.open(location) as store:
        put_run(store, "one")
    with Store.open(location, create=False) as store:
        assert [run.id for run in store.reader.runs()] == ["one"]


def test_nothing_is_made_for_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    with pytest.raises(ScenarioError, match="there is no run store"):
        open_database(str(path), create=False)
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "seen"), [(b"not a database at all, but long enough" * 9, "no SQLite file")]
)
def test_a_file_of_something_else_is_left_alone(tmp_path: Path, content: bytes, seen: str) -> None:
    path = tmp_path / "runs.db"
    path.write_bytes(content)
    with pytest.raises(LabError, match="damaged, or is no run store") as raised:
        open_database(str(path))
    assert raised.value.seen == seen
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE notes (text)")
    raw.commit()
    raw.close()
    before = path.read_bytes()
    with pytest.raises(LabError, match="no run store") as raised:
        open_database(str(path))
    assert raised.value.seen == "another SQLite database"
    assert path.read_bytes() == before


def test_a_damaged_file_is_told_not_repaired(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    with Store.open(str(path)) as store:
        put_run(store, "one")
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * (path.stat().st_size - 100))
    before = path.read_bytes()
    with pytest.raises(LabError) as raised:
        open_database(str(path))
    assert "damaged" in raised.value.what
    assert raised.value.action
    assert path.read_bytes() == before


def test_a_newer_schema_is_left_alone(location: str) -> None:
    with Store.open(location) as store:
        put_run(store, "one")
        with store.database.writing() as connection:
            connection.execute(text("UPDATE leak_schema SET version_num = '9999'"))
    with pytest.raises(LabError, match="newer version") as raised:
        open_database(location)
    assert (raised.value.seen, raised.value.expected) == ("schema 9999", "schema 0001 or older")


@pytest.mark.parametrize(
    ("location", "what"),
    [
        ("mysql://somebody:secret@host/db", "no such kind of run store"),
        ("sqlite://", "no such kind of run store"),
        ("postgresql+psycopg://:::x", "URL cannot be read"),
    ],
)
def test_a_location_that_is_none_is_refused(location: str, what: str) -> None:
    with pytest.raises(ScenarioError, match=what) as raised:
        open_database(location)
    assert "secret" not in str(raised.value)


def test_a_folder_or_an_unwritable_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="is a folder"):
        open_database(str(tmp_path))
    (tmp_path / "file").write_text("x")
    with pytest.raises(LabError, match="cannot be opened"):
        open_database(str(tmp_path / "file" / "runs.db"))


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://me:secret@/db?host={tmp_path}"
    with pytest.raises(LabError, match="server cannot be reached") as raised:
        open_database(url)
    assert "secret" not in str(raised.value)


@pytest.mark.xdist_group("postgres")
def test_tables_of_others_with_our_names_are_left_alone(postgres: Server) -> None:
    url = postgres.fresh_url()
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE leak_runs (mine text)")
    with pytest.raises(LabError, match="no revision of it") as raised:
        open_database(url)
    assert raised.value.seen == "leak_runs"


def test_without_psycopg_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ScenarioError, match="needs the package psycopg") as raised:
        open_database("postgresql://me@/db")
    assert "leak-harness[postgres]" in raised.value.action


OPEN_AT_ONCE = """
import sys
from harness.baseline.store import Store
from tests.baseline.runs import put_run, record
with Store.open(sys.argv[1]) as store:
    for number in range(5):
        put_run(store, "shared", record(name=f"{sys.argv[2]}-{number}"))
"""


def test_several_processes_make_and_write_one_store(location: str) -> None:
    workers = [
        subprocess.Popen([sys.executable, "-c", OPEN_AT_ONCE, location, str(number)], cwd=ROOT)
        for number in range(4)
    ]
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0, 0, 0]
    with Store.open(location, create=False) as store:
        (run,) = store.reader.runs()
        assert (run.id, run.items) == ("shared", 20)


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize("links", [True, False])
def test_a_store_made_and_written_by_a_quicker_process_stays(
    tmp_path: Path, prepared: bool, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one comes between the look at the place and the making."""
    path = tmp_path / "runs.db"
    if prepared:
        path.touch()
    make = database._make

    def overtaken(at: Path) -> None:
        monkeypatch.setattr(database, "_make", make)
        with Store.open(str(at)) as quicker:
            put_run(quicker, "theirs")
        make(at)

    def refuse(*_: object) -> None:
        raise PermissionError("a file system without hard links")

    monkeypatch.setattr(database, "_make", overtaken)
    if not links:
        monkeypatch.setattr(os, "link", refuse)
    with Store.open(str(path)) as store:
        put_run(store, "ours")
        assert {run.id for run in store.reader.runs()} == {"theirs", "ours"}
    assert [each.name for each in tmp_path.iterdir() if "-" not in each.name] == ["runs.db"]


FILL = """
import sys
from dataclasses import replace
from harness.baseline.store import Store
from harness.errors import HarnessError
from tests.baseline.runs import put_run, record
from tests.findings.building import exchange, facts, silent
import os, resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Store.open(sys.argv[1]) as store:
    put_run(store, "kept")
    size = os.path.getsize(sys.argv[1]) + 100_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    noise = silent(exchange("a.example", body=os.urandom(3_000_000)))
    try:
        put_run(store, "lost", record(facts(noise)), redact=False)
    except HarnessError as error:
        print(error)
        raise SystemExit(2)
"""


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """The kernel's own limit on a file's size stands for the disk."""
    path = tmp_path / "runs.db"
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "the disk is full or failing" in done.stdout
    with Store.open(str(path), create=False) as store:
        runs = {run.id: run for run in store.reader.runs()}
        assert runs["kept"].items == 1
        assert "lost" not in runs or runs["lost"].items == 0
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_writer_that_never_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "runs.db")
    open_database(path).close()
    monkeypatch.setattr(database, "_PRAGMAS", ("PRAGMA busy_timeout=50",))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store.open(path) as store:
        assert store.reader.runs() == (), "who only reads need not wait"
        with pytest.raises(HarnessError, match="another process has held the run store"):
            put_run(store, "one")
        other.execute("ROLLBACK")
        other.close()
        put_run(store, "one")


def test_an_empty_file_becomes_a_store_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    path.touch()
    open_database(str(path)).close()
    assert path.stat().st_size > 0
    assert os.listdir(tmp_path) == ["runs.db"]
