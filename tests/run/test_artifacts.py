"""What is kept, for whose eyes."""

from __future__ import annotations

import json
from pathlib import Path

from harness.run.artifacts import EventLog, item_folder, keep_state, outline
from harness.run.events import Marked
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
    assert keep_state(folder, phone, 4321, lambda text: text) == ()
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

    notes = keep_state(tmp_path, Broken(FakeClock()), None, lambda text: text)
    assert notes == ("no screenshot.png: no screenshot",)
    assert (tmp_path / "screen.txt").exists()


def test_the_outline_can_be_searched(tmp_path: Path) -> None:
    phone = Phone(FakeClock())
    phone.start()
    assert "TextView #consent_accept text='Erlauben' clickable" in outline(phone.hierarchy())


def test_secrets_are_masked(tmp_path: Path) -> None:
    phone = Phone(FakeClock())
    phone.start()
    keep_state(tmp_path, phone, None, lambda text: text.replace("Erlauben", "${env.X}"))
    assert "Erlauben" not in (tmp_path / "screen.txt").read_text()
