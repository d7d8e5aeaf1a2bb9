"""`leak-harness report`: runs and recordings, where it is written, bad input."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from harness.baseline.recorded import stored_run, write_recording
from harness.baseline.store import Store
from harness.cli.report import FORMATS
from harness.detection.sighting import Identifier
from tests.baseline.runs import put_run, record
from tests.cli.stored import call, inside, said, three_releases
from tests.findings.building import facts
from tests.report.items import GAID, tracked


@pytest.fixture
def store(tmp_path: Path) -> str:
    return three_releases(tmp_path / "runs.db")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_written_for_its_owner(tmp_path: Path, store: str, name: str) -> None:
    file = tmp_path / f"out.{name}"
    result = call("report", "r2", "--store", store, "--output", str(file))
    assert result.exit_code == 0, said(result)
    assert f"({name}, leak)" in said(result)
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"api-js.mixpanel.com" in file.read_bytes()
    again = call("report", "r2", "--store", store, "--format", name)
    assert again.stdout_bytes.replace(b"\r\n", b"\n") == file.read_bytes().replace(b"\r\n", b"\n")


def test_the_newest_run_as_markdown_is_the_default(store: str) -> None:
    result = call("report", "--store", store)
    assert result.exit_code == 0
    assert result.stdout.startswith("## INCONCLUSIVE: `org.example.clinic")
    assert "never finished" in result.stdout


def test_the_format_may_differ_from_the_suffix(tmp_path: Path, store: str) -> None:
    file = tmp_path / "out.txt"
    call("report", "r1", "--store", store, "--format", "csv", "--output", str(file))
    assert file.read_text("utf-8-sig").startswith('"run"')


def test_a_suffix_that_is_no_format_is_refused(tmp_path: Path, store: str) -> None:
    file = tmp_path / "out.json"
    result = call("report", "r1", "--store", store, "--output", str(file))
    assert result.exit_code == 2
    assert ".json is none of html, md, sarif, har, csv; say --format" in said(result)
    assert not file.exists()


def test_a_recording_is_reported_too(tmp_path: Path, store: str) -> None:
    file = tmp_path / "r2.jsonl.zst"
    call("runs", "export", "r2", str(file), "--store", store)
    stored = call("report", "r2", "--store", store).stdout.splitlines()
    recorded = call("report", str(file), "--store", str(tmp_path / "none.db"))
    assert recorded.exit_code == 0
    assert recorded.stdout.splitlines()[4:] == stored[4:]


def test_bad_input_overwrites_nothing(tmp_path: Path, store: str) -> None:
    file = tmp_path / "old.md"
    file.write_text("mine")
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{}\n")
    for arguments in (
        ("nosuch", "--store", store),
        ("r1", "--store", str(tmp_path / "missing.db")),
        (str(broken),),
        ("r1", "--store", store, "--format", "docx"),
    ):
        result = call("report", *arguments, "--output", str(file))
        assert result.exit_code == 2, said(result)
        assert "Traceback" not in said(result)
    assert file.read_text() == "mine"
    assert call("report", "r1", "--store", store, "--output", str(tmp_path)).exit_code == 2
    assert call("report", "r1", "--store", store, "--output", "/nowhere/x.md").exit_code == 2


@pytest.mark.parametrize("redacted", [True, False])
def test_no_format_shows_a_token_of_a_redacted_run(tmp_path: Path, redacted: bool) -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"
    beside = Identifier("auth-token", f"Bearer {token}", "header[authorization]")
    sent = tracked()
    sent = replace(sent, scan=replace(sent.scan, identifiers=(GAID, beside)))
    path = str(tmp_path / "runs.db")
    with Store.open(path) as store:
        put_run(store, "one", record(facts(sent)), redact=redacted)
        documents = {"json": json.dumps(store.reader.document("one"))}
        write_recording(stored_run(store.reader, store.reader.find("one")), tmp_path / "r.jsonl")
    documents["recording"] = (tmp_path / "r.jsonl").read_text("utf-8")
    for name in FORMATS:
        documents[name] = call("report", "one", "--store", path, "--format", name).stdout
    for name, text in documents.items():
        assert GAID.value in text, name
        assert (token in text) is not redacted, name


def test_the_commands_of_the_page_can_be_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEAK_STORE")
    sent = tracked("l'asthme")
    request = replace(sent.exchange.request, url="https://api-js.mixpanel.com/?q=l%27asthme")
    sent = replace(sent, exchange=replace(sent.exchange, request=request))
    with inside(tmp_path):
        with Store.open() as store:
            put_run(store, "one", record(facts(sent, term="l'asthme")), redact=False)
        page = call("report", "one", "--format", "html").stdout
        lines = re.findall(r'<pre class="command"[^>]*>(.*?)</pre>', page)
        words = [shlex.split(unescape(line)) for line in lines]
        results = [call(*each[1:]) for each in words]
    assert [each[:2] for each in words] == [["leak-harness", "report"], ["leak-harness", "scan"]]
    assert results[0].exit_code == 0, said(results[0])
    assert (tmp_path / "run.har").is_file()
    assert results[1].exit_code == 1, said(results[1])
    assert "LEAK: " in said(results[1])
