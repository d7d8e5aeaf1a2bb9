"""What is kept, for whose eyes."""

from __future__ import annotations

import json
from pathlib import Path

from harness.run.artifacts import EventLog, item_folder, look, outline, read_log, record
from harness.run.events import Marked
from harness.traffic.exchange import Exchange, Kind, Layer, Request
from harness.traffic.redaction import Redactor, fresh_key
from tests.fakes.clock import FakeClock
from tests.fakes.phone import PNG, Phone


def test_events_are_written_as_they_happen(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.jsonl")
    log(Marked("typed", 12.5))
    lines = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"event": "Marked", "name": "typed", "at_s": 12.5}
    ]


def test_a_second_run_starts_a_new_log(tmp_path: Path) -> None:
    EventLog(tmp_path / "events.jsonl")(Marked("old", 1))
    EventLog(tmp_path / "events.jsonl")
    assert (tmp_path / "events.jsonl").read_text() == ""


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = item_folder(tmp_path, "search.flow.yaml::search[hépatite]")
    assert folder.stat().st_mode & 0o077 == 0
    phone = Phone(FakeClock())
    phone.start()
    look(phone, lambda text: text).write(folder)
    read_log(phone, 4321, lambda text: text).write(folder)
    assert (folder / "screenshot.png").read_bytes() == PNG
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    assert {path.name for path in folder.iterdir()} == {
        "screenshot.png",
        "screen.txt",
        "logcat.txt",
    }


def test_what_cannot_be_fetched_is_noted(tmp_path: Path) -> None:
    class Broken(Phone):
        def screenshot(self) -> bytes:
            from harness.errors import LabError

            raise LabError("no screenshot")

    seen = look(Broken(FakeClock()), lambda text: text)
    assert seen.notes == ("no screenshot.png: no screenshot",)
    assert set(seen.files) == {"screen.txt"}


def test_the_outline_can_be_searched(tmp_path: Path) -> None:
    phone = Phone(FakeClock())
    phone.start()
    assert "TextView #consent_accept text='Erlauben' clickable" in outline(phone.hierarchy())


def test_secrets_are_masked(tmp_path: Path) -> None:
    phone = Phone(FakeClock())
    phone.start()
    seen = look(phone, lambda text: text.replace("Erlauben", "${env.X}"))
    assert b"Erlauben" not in seen.files["screen.txt"]


def test_an_app_that_does_not_run_has_no_log() -> None:
    assert read_log(Phone(FakeClock()), None, lambda text: text).files == {}


def test_exchanges_are_redacted_and_replace_those_of_a_former_run(tmp_path: Path) -> None:
    url = "https://a.example/?token=4f3c2b1a9e8d7c6b5a49&q=cancer"
    exchange = Exchange("1", Kind.HTTP, (Layer.TLS,), "a.example", 443, 1.0, Request("GET", url))
    for _ in range(2):
        record(tmp_path / "exchanges.jsonl", [exchange], Redactor(fresh_key(), keep=["cancer"]))
    text = (tmp_path / "exchanges.jsonl").read_text()
    assert "cancer" in text
    assert "4f3c2b1a9e8d7c6b5a49" not in text
    assert len(text.splitlines()) == 2, "a head and one exchange"
