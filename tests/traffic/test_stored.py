"""Terms that wait in files of the app."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from harness.attribution.catalogue import Catalogue
from harness.detection.engine import Engine
from harness.device.facts import AppFile
from harness.findings.coverage import Queued
from harness.traffic.stored import Waiting, waiting

PACKAGE = "org.example.clinic"
DATA = f"/data/data/{PACKAGE}"
ENGINE = Engine(["hépatite", "cancer"])


def found(path: str, data: bytes) -> tuple[Waiting, ...]:
    return waiting([AppFile(path, 0, data)], ENGINE, Catalogue.load(), PACKAGE)


def test_a_term_is_found_under_its_clothes_and_its_sdk_by_the_name_of_the_file() -> None:
    prefs = b'<map><string name="EVENTS">{"q":"h\\u00e9patite"}:::h%C3%A9patite</string></map>'
    (only,) = found(f"{DATA}/shared_prefs/COUNTLY_STORE.xml", prefs)
    assert only.term == "hépatite"
    assert only.queued.file == "shared_prefs/COUNTLY_STORE.xml"
    assert only.queued.detail == "percent > nfc; by its name a file of Countly"


def test_each_term_once_per_file_and_foreign_paths_stay_whole() -> None:
    rows = found("/sdcard/Android/data/x/log.txt", "hépatite cancer hépatite".encode())
    assert [(row.term, row.queued.file) for row in rows] == [
        ("hépatite", "/sdcard/Android/data/x/log.txt"),
        ("cancer", "/sdcard/Android/data/x/log.txt"),
    ]
    assert rows[1].queued == Queued("/sdcard/Android/data/x/log.txt", "nfc")


def test_beginnings_and_near_misses_do_not_wait() -> None:
    assert found(f"{DATA}/files/x", b"hepat h\xc3\xa9pat cancerous") == ()


def test_common_words_name_no_sdk() -> None:
    (row,) = found(f"{DATA}/files/batch-segment-google.db", b"cancer")
    assert "by its name" not in row.queued.detail


def database(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE events(event TEXT)")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        return connection.serialize()


def test_a_row_that_waits_and_one_that_was_sent_and_deleted() -> None:
    insert = 'INSERT INTO events VALUES(\'{"q":"h\\u00e9patite"}\')'
    (row,) = found(f"{DATA}/databases/q.db", database(insert))
    assert row.queued == Queued("databases/q.db", "json-escape > nfc")
    assert found(f"{DATA}/databases/q.db", database(insert, "DELETE FROM events")) == ()


def test_companions_of_a_database_that_was_read_are_not_searched_again() -> None:
    files = [
        AppFile(f"{DATA}/databases/q.db", 0, database()),
        AppFile(f"{DATA}/databases/q.db-journal", 0, b"cancer"),
        AppFile(f"{DATA}/databases/r.db-journal", 0, b"cancer"),
    ]
    rows = waiting(files, ENGINE, Catalogue.load(), PACKAGE)
    assert [row.queued.file for row in rows] == ["databases/r.db-journal"]
