"""The command as people run it: exit codes, one-line errors, JSON that is clean on stdout."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner, Result
from mitmproxy import dns
from mitmproxy.test import tflow

from harness.cli.scan import command
from tests.bench.bulk import bulk, har_text
from tests.traffic.flow_files import written

TERM = "hépatite"
PIXEL = "https://www.facebook.com/tr/?id=1&ev=PageView&dl="
PAGE = quote(f"https://www.clinic.example/s?keyword={quote(TERM)}", safe="")


def entry(url: str, **request: Any) -> dict[str, Any]:
    return {"request": {"method": "GET", "url": url, "headers": [], **request}}


def har(tmp_path: Path, *entries: dict[str, Any], name: str = "x.har") -> str:
    path = tmp_path / name
    path.write_text(har_text(list(entries)), "utf-8")
    return str(path)


def scan(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def document(*arguments: str) -> dict[str, Any]:
    result = scan(*arguments, "--json", "-")
    made: dict[str, Any] = json.loads(result.stdout)
    return made


OWN = entry(f"https://api.clinic.example/s?q={quote(TERM)}")


def test_a_leak(tmp_path: Path) -> None:
    result = scan(har(tmp_path, OWN, entry(PIXEL + PAGE)), "--term", TERM)
    assert result.exit_code == 1
    assert result.stdout.startswith("LEAK: 2 findings in 2 entries")
    assert "\x1b" not in result.stdout


def test_the_document_is_the_contract(tmp_path: Path) -> None:
    file = har(tmp_path, OWN, entry(PIXEL + PAGE))
    made = document(file, "--term", TERM, "--first-party", "clinic.example")
    assert (made["schema"], made["verdict"], made["entries"]) == (1, "leak", 2)
    leaks = [one for one in made["sightings"] if one["finding"]]
    (leak,) = leaks
    assert (leak["entry"], leak["file"], leak["term"]) == (1, file, TERM)
    assert leak["location"] == "url.query[dl].url.query[keyword]"
    assert leak["decoding"] == ["percent", "percent"]
    start, end = leak["range"]
    assert (PIXEL + PAGE)[start:end] == quote(quote(TERM))
    assert leak["recipient"] == {
        "host": "www.facebook.com",
        "domain": "facebook.com",
        "company": "Meta",
        "sdk": "Facebook Pixel in a WebView",
        "party": "third",
    }


def test_first_party_and_control(tmp_path: Path) -> None:
    file = har(tmp_path, OWN)
    ours = ("--term", TERM, "--first-party", "clinic.example")
    result = scan(file, *ours, "--control", "api.clinic.example")
    assert result.exit_code == 0
    assert "nothing found in what was read" not in scan(har(tmp_path, OWN), "--term", TERM).stdout
    assert scan(file, *ours, "--control", "other.example").exit_code == 3
    result = scan(har(tmp_path, entry("https://t.example/")), *ours)
    assert (result.exit_code, "nothing found in what was read" in result.stdout) == (0, True)


def test_an_unread_body_is_inconclusive_only_at_others(tmp_path: Path) -> None:
    post = {"text": "AAECAwQFBgcICQ==", "_encoding": "base64"}
    other = har(tmp_path, entry("https://t.example/", postData=post))
    result = scan(other, "--term", TERM)
    assert result.exit_code == 3
    assert "unread: entry 0, t.example, body:" in result.stdout
    assert scan(other, "--term", TERM, "--first-party", "t.example").exit_code == 0
    assert document(other, "--term", TERM)["unread"][0]["entry"] == 0


def test_a_bad_entry_is_told_by_its_index_and_the_rest_is_read(tmp_path: Path) -> None:
    made = document(har(tmp_path, {"request": 7}, OWN), "--term", TERM)
    assert made["verdict"] == "leak"
    assert [one["entry"] for one in made["unread"]] == [0]
    assert made["sightings"][0]["entry"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such file"),
        ("", "the file is empty"),
        ("hello", "not JSON"),
        ('{"log": {}}', "not a HAR file"),
        ('{"log": {"entries": [{"request"', "cut short"),
    ],
)
def test_unreadable_files_are_one_line(tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "x.har"
    if content is not None:
        path.write_text(content, "utf-8")
    result = scan(str(path), "--term", TERM)
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert str(path) in line
    assert said in line
    assert "expected" in line


def test_a_folder_and_one_without_permission(tmp_path: Path) -> None:
    assert "is a directory" in scan(str(tmp_path), "--term", TERM).stderr
    path = Path(har(tmp_path, OWN))
    path.chmod(0)
    if os.access(path, os.R_OK):  # root may read everything
        assert scan(str(path), "--term", TERM).exit_code == 1
    else:
        assert scan(str(path), "--term", TERM).exit_code == 2


def test_sightings_before_a_cut_are_told(tmp_path: Path) -> None:
    path = Path(har(tmp_path, OWN, OWN))
    path.write_text(path.read_text("utf-8")[:-40], "utf-8")
    result = scan(str(path), "--term", TERM)
    assert result.exit_code == 2
    assert "LEAK: 1 finding in 1 entry" in result.stdout
    assert "cut short" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--term", " "),
        ("--term", "x", "--explain", "5"),
        ("--term-a", "x"),
        ("--differential", "--term-a", "x", "--term-b", "y"),
        ("--term", "x", "--jobs", "0"),
    ],
)
def test_usage_errors(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = scan(har(tmp_path, OWN), *arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_explaining_a_sighting(tmp_path: Path) -> None:
    result = scan(har(tmp_path, entry(PIXEL + PAGE)), "--term", TERM, "--explain", "1")
    assert "sighting 1, step by step:" in result.stdout
    assert f"⟦{TERM}⟧" in result.stdout


@pytest.mark.parametrize("salt_first", [True, False])
def test_explaining_a_digest_salted_by_another_entry(tmp_path: Path, salt_first: bool) -> None:
    salt = "9774d56d682e549c"
    mixed = hashlib.sha256(f"{salt}{TERM}".encode()).hexdigest()
    entries = [
        entry(f"https://t.example/?android_id={salt}"),
        entry(f"https://t.example/?q={mixed}"),
    ]
    file = har(tmp_path, *(entries if salt_first else reversed(entries)))
    result = scan(file, "--term", TERM, "--explain", "1")
    assert f"⟦{mixed}⟧" in result.stdout
    assert f"with the salt '{salt}'" in result.stdout
    assert f"in other requests to this recipient: android-id {salt}" in result.stdout
    (sighting,) = document(file, "--term", TERM)["sightings"]
    (beside,) = sighting["identifiers"]
    assert (beside["value"], beside["entry"]) == (salt, 1 - sighting["entry"])


def test_an_identifier_of_one_file_explains_a_digest_of_another(tmp_path: Path) -> None:
    salt = "9774d56d682e549c"
    mixed = hashlib.sha256(f"{salt}{TERM}".encode()).hexdigest()
    sent = har(tmp_path, entry(f"https://t.example/?q={mixed}"), name="sent.har")
    told = har(tmp_path, entry(f"https://t.example/?android_id={salt}"), name="told.har")
    assert scan(sent, "--term", TERM).exit_code == 0
    result = scan(sent, told, "--term", TERM, "--explain", "1")
    assert result.exit_code == 1
    assert f"with the salt '{salt}'" in result.stdout


def test_a_differential_run(tmp_path: Path) -> None:
    def run(name: str, blob: str, nonce: str) -> str:
        body = {"text": json.dumps({"blob": blob, "nonce": nonce})}
        return har(tmp_path, entry("https://t.example/e", postData=body), name=name)

    files = (run("a", "Qf8/x1", "1"), run("a2", "Qf8/x1", "2"), run("b", "Zk2/y9", "3"))
    terms = ("--term-a", "covid", "--term-b", "grippe")
    made = document("--differential", *files, *terms)
    assert [one["location"] for one in made["follows"]] == ["body.json$.blob"]
    assert made["verdict"] == "inconclusive"
    same = scan("--differential", files[0], files[0], files[0], *terms)
    assert same.exit_code == 0
    assert scan("--differential", *files, "--term-a", "x", "--term-b", "x").exit_code == 2


def test_a_differential_run_over_a_name_that_is_no_host(tmp_path: Path) -> None:
    flow = tflow.tdnsflow()
    flow.request.questions = [dns.Question("[covid.t.example", 1, 1)]
    path = tmp_path / "x.flows"
    path.write_bytes(written(flow))
    files = [str(path)] * 3
    assert scan("--differential", *files, "--term-a", "fever", "--term-b", "cough").exit_code == 0


def test_the_result_is_written_for_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    scan(har(tmp_path, OWN), "--term", TERM, "--json", str(target))
    assert json.loads(target.read_text("utf-8"))["verdict"] == "leak"
    assert target.stat().st_mode & 0o077 == 0


def test_gzipped_files(tmp_path: Path) -> None:
    path = tmp_path / "x.har.gz"
    path.write_bytes(gzip.compress(har_text([row.entry for row in bulk(TERM, 5)]).encode()))
    assert document(str(path), "--term", TERM)["entries"] == 5


def test_a_recording_without_requests_is_no_pass(tmp_path: Path) -> None:
    empty = har(tmp_path)
    result = scan(empty, "--term", TERM)
    assert result.exit_code == 3
    assert "no requests in the recording" in result.stdout
    assert document(empty, "--term", TERM)["verdict"] == "inconclusive"
    own = har(tmp_path, entry("https://clinic.example/"), name="own.har")
    assert scan(empty, own, "--term", TERM, "--first-party", "clinic.example").exit_code == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--first-party", "https://clinic.example/"), "--first-party: 'https://clinic.example/'"),
        (("--control", "clinic.example:443"), "--control: 'clinic.example:443'"),
        (("--first-party", "com"), "is a public suffix"),
        (("--first-party", "*.clinic.example"), "has a wildcard"),
        (("--term", "x"), "the term 'x' is a single letter"),
    ],
)
def test_options_that_would_never_fit_are_refused(
    tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    result = scan(har(tmp_path, OWN), "--term", TERM, *options)
    assert result.exit_code == 2
    assert words in result.output


def test_a_host_may_be_spelled_in_any_way(tmp_path: Path) -> None:
    file = har(tmp_path, entry(f"https://api.xn--kln-sna.example/?q={quote(TERM)}"))
    assert scan(file, "--term", TERM, "--first-party", "Köln.Example.").exit_code == 0


def test_a_short_term_is_told_to_count_only_alone(tmp_path: Path) -> None:
    assert "'hiv' is short" in scan(har(tmp_path, OWN), "--term", "hiv").stdout
    assert "is short" not in scan(har(tmp_path, OWN), "--term", TERM).stdout


@pytest.mark.parametrize("text", ["[1,2]", '"a"', "12", "null", '{"log": 3}', '{"log": []}'])
def test_json_that_is_no_har_is_called_that(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.har"
    path.write_text(text, "utf-8")
    result = scan(str(path), "--term", TERM)
    assert result.exit_code == 2
    assert "not a HAR file" in result.stderr


def test_a_leak_is_told_although_another_file_cannot_be_read(tmp_path: Path) -> None:
    bad = tmp_path / "bad.har"
    bad.write_text("{", "utf-8")
    result = scan(str(bad), har(tmp_path, OWN), "--term", TERM)
    assert result.exit_code == 2
    assert result.stdout.startswith("LEAK: ")
    assert "bad.har" in result.stderr
