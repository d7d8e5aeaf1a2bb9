"""What the comparison of three recordings does to the verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from harness.cli.scan_differential import compare_files, judged, unread_followers
from harness.cli.scanner import Task
from harness.cli.scanning import scan_file
from harness.findings.finding import Verdict
from harness.findings.scan_verdict import ScanJudgement, judge_scan
from tests.bench.bulk import har_text

TASK = Task(("covid", "grippe"), first_party=("clinic.example",))
PAGE = "https://t.example/e"


def recorded(tmp_path: Path, name: str, *urls: str, body: Any = None) -> Path:
    post = {"postData": {"text": body}} if body is not None else {}
    entries = [{"request": {"method": "GET", "url": url, "headers": [], **post}} for url in urls]
    path = tmp_path / name
    path.write_text(har_text(entries), "utf-8")
    return path


def judge(*files: Path) -> ScanJudgement:
    entries = [entry for path in files for entry in scan_file(path, TASK).entries]
    return judge_scan(entries, terms=TASK.terms)


def verdict(*files: Path) -> ScanJudgement:
    return judged(judge(*files), compare_files(files), TASK)


def test_nothing_in_common_is_no_pass(tmp_path: Path) -> None:
    names = ("a", "a2", "b")
    files = [recorded(tmp_path, name, f"https://{name}.clinic.example/") for name in names]
    outcome = verdict(*files)
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert "nothing could be compared" in outcome.reasons[0]


def test_a_host_of_which_nothing_could_be_compared_is_no_pass(tmp_path: Path) -> None:
    own = "https://api.clinic.example/s"
    files = [recorded(tmp_path, name, own) for name in ("a", "a2", "b")]
    assert verdict(*files).verdict is Verdict.PASS
    files[0] = recorded(tmp_path, "a", own, PAGE)
    outcome = verdict(*files)
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert outcome.reasons[0].startswith("t.example: 1 request")


def test_a_second_request_of_a_kind_that_was_compared_is_no_pass(tmp_path: Path) -> None:
    files = [recorded(tmp_path, name, f"{PAGE}?v=1", f"{PAGE}?d=Qf8x1") for name in ("a", "a2")]
    outcome = verdict(*files, recorded(tmp_path, "b", f"{PAGE}?v=1"))
    assert outcome.verdict is Verdict.INCONCLUSIVE
    assert outcome.reasons[0].startswith("t.example: 2 requests without a counterpart")
    assert verdict(
        *files, recorded(tmp_path, "b", *[f"{PAGE}?v=1", f"{PAGE}?d=Qf8x1"])
    ).verdict is (Verdict.PASS)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("t.example", Verdict.INCONCLUSIVE), ("api.clinic.example", Verdict.PASS)],
)
def test_an_unread_follower_decides_only_at_others(
    tmp_path: Path, host: str, expected: Verdict
) -> None:
    values = {"a": "Qf8/x1", "a2": "Qf8/x1", "b": "Zk2/y9"}
    files = [
        recorded(tmp_path, name, f"https://{host}/e", body=json.dumps({"blob": blob}))
        for name, blob in values.items()
    ]
    assert verdict(*files).verdict is expected
    assert [item.location for item in compare_files(files).followers] == ["body.json$.blob"]


def test_a_sighting_in_another_file_does_not_read_a_field(tmp_path: Path) -> None:
    words = {"a": "Qf8x1", "a2": "Qf8x1", "b": "grippe"}
    files = [recorded(tmp_path, name, f"{PAGE}?q={word}") for name, word in words.items()]
    found = unread_followers(judge(*files), compare_files(files).followers, TASK)
    assert [(item.location, item.value_b) for item in found] == [("url.query[q]", b"grippe")]


def test_a_field_that_is_read_is_no_doubt(tmp_path: Path) -> None:
    words = {"a": "covid", "a2": "covid", "b": "grippe"}
    inner = {
        name: quote(f"https://clinic.example/?k={word}", safe="") for name, word in words.items()
    }
    files = [
        recorded(tmp_path, name, f"{PAGE}?dl={url}&{words[name]}=1") for name, url in inner.items()
    ]
    assert unread_followers(judge(*files), compare_files(files).followers, TASK) == []
