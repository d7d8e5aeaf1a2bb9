"""The plugin from outside: whole pytest runs over a fake phone, one behaviour a test.

The other side is pytest itself: outcomes as its own summary counts them, JUnit as it writes it,
workers as pytest-xdist runs them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from harness.baseline.store import Store

FLOW = """\
appId: org.example.clinic
terms: [hépatite, cancer]
tags: [health]
consent: accepted
leakCheck: {allow: [clinic.example], control: clinic.example, settleMs: 20}
---
- launchApp: {clearState: true}
- acceptConsent
- tapOn: {id: search_field}
- inputTerm
- submitSearch
- assertVisible: "Ergebnisse.*"
- assertNoLeak
"""

CONFTEST = """\
import os, pytest
from harness.clock import SystemClock
from tests.fakes.phone import Faults, Hands, Phone, Provider

FAULTS = {faults}

@pytest.fixture(scope="session")
def leak_provider(leak_clock):
    phone = Phone(leak_clock, Faults(**FAULTS))
    provider = Provider(phone)
    yield provider
    assert not provider.closed
    provider.close()

@pytest.fixture(scope="session")
def leak_hands(leak_device):
    return Hands(leak_device)
"""

ROOT = Path(__file__).parent.parent


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("ANDROID_SERIAL", "LEAK_DEVICE", "LEAK_OUTPUT", "LEAK_TERMS", "LEAK_STORE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    return Suite(pytester)


class Suite:
    """A throw-away project with one scenario and a fake phone."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester

    def prepare(self, flow: str = FLOW, **faults: object) -> Suite:
        self.pytester.makeconftest(CONFTEST.format(faults=faults))
        (self.pytester.path / "search.flow.yaml").write_text(flow, encoding="utf-8")
        return self

    def run(self, *arguments: str) -> pytest.RunResult:
        return self.pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)

    def command(self, *arguments: str) -> pytest.RunResult:
        """`leak-harness ...` in the project's folder."""
        code = "from harness.cli import main; main()"
        return self.pytester.run(sys.executable, "-c", code, *arguments)

    def report(self) -> Any:
        return json.loads((self.pytester.path / "leak-results/report.json").read_text("utf-8"))


def test_nothing_leaks(suite: Suite) -> None:
    result = suite.prepare(leaky=False).run("-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "*search.flow.yaml::search[[]hépatite] PASSED*",
            "*who received what was typed*",
            "2 items: 2 pass",
            "*the term reached api.clinic.example",
            "report: *report.json",
        ]
    )
    report = suite.report()
    assert (report["schema"], report["verdict"], len(report["scenarios"])) == (1, "pass", 2)
    first = report["scenarios"][0]
    assert (first["term"], first["consent"]) == ("hépatite", "accepted")
    assert first["app"]["version_name"] == "2.4.1"
    assert first["allowed"][0]["allowed_by"] == "clinic.example"


def test_a_leak_is_a_failed_test_that_names_the_recipient(suite: Suite) -> None:
    result = suite.prepare(leaky=True).run()
    result.assert_outcomes(failed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "api.mixpanel.com got hépatite (leak, consent accepted)",
            "*Mixpanel*api.mixpanel.com*",
            "*body*query*",
            "Who was sent anything at all",
            "  - api.mixpanel.com: 2 requests, 2 since typing (Mixpanel Android, Mixpanel)",
            "  - api.clinic.example: * (first party)",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    findings = suite.report()["scenarios"][0]["findings"]
    assert findings[0]["recipient"]["sdk"] == "Mixpanel Android"
    assert findings[0]["stack"][0].startswith("com.mixpanel.android")
    folder = suite.pytester.path / "leak-results"
    kept = {path.name for path in folder.glob("*/*") if path.parent.name != "parts"}
    assert {"screenshot.png", "screen.txt", "logcat.txt", "events.jsonl"} <= kept


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"hooks": "failed"}, "*layer*"),
        ({"backend": False}, "*clinic.example*"),
        ({"garbled": "hepatitis"}, "*'hepatitis'*"),
        ({"detached": "process-terminated"}, "*process-terminated*"),
        ({"crashing": True}, "*FATAL EXCEPTION*"),
        ({"missing": True}, "*is not installed*"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_blindness_is_an_error_and_never_a_pass(
    suite: Suite, faults: dict[str, object], words: str
) -> None:
    flow = FLOW.replace('- assertVisible: "Ergebnisse.*"\n', "")  # it would wait for its deadline
    result = suite.prepare(flow, **faults).run("-k", "cancer", "-v")
    result.assert_outcomes(errors=1, deselected=1)
    result.stdout.fnmatch_lines([words])
    result.stdout.no_fnmatch_line("*Traceback*")
    report = suite.report()
    assert report["verdict"] == "inconclusive"
    assert [item["verdict"] for item in report["scenarios"]] == ["inconclusive"]


def test_a_device_that_is_not_there_is_an_error_in_its_own_words(suite: Suite) -> None:
    suite.prepare()
    conftest = suite.pytester.path / "conftest.py"
    conftest.write_text(
        "import pytest\n"
        "from harness.errors import LabError\n"
        "from harness.fixtures import told\n"
        '@pytest.fixture(scope="session")\n'
        "def leak_provider():\n"
        "    with told():\n"
        '        raise LabError("no such device", action="plug it in")\n'
    )
    result = suite.run("-k", "cancer")
    result.assert_outcomes(errors=1, deselected=1)
    result.stdout.fnmatch_lines(["no such device", "  do:       plug it in"], consecutive=True)
    result.stdout.no_fnmatch_line("*above exception*")
    (item,) = suite.report()["scenarios"]
    (reason,) = item["reasons"]
    assert (item["verdict"], item["term"]) == ("inconclusive", "cancer")
    assert (reason["detail"], reason["action"]) == ("no such device", "plug it in")


def test_a_leak_is_told_even_when_the_hooks_die_later(suite: Suite) -> None:
    """Proof beats blindness: the missing control does not hide the leak."""
    result = suite.prepare(leaky=True, backend=False).run("-k", "cancer")
    result.assert_outcomes(failed=1, deselected=1)


def test_what_is_sent_late_revises_the_earlier_verdict(suite: Suite) -> None:
    """The first item passes; its word leaves while the second one runs."""
    result = suite.prepare(leaky=True, late=True).run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    items = {item["term"]: item for item in suite.report()["scenarios"]}
    assert (items["hépatite"]["verdict"], items["hépatite"]["revised"]) == ("leak", "pass")
    assert items["hépatite"]["findings"][0]["late"] is True


def test_a_scenario_with_a_mistake_is_a_collection_error(suite: Suite) -> None:
    result = suite.prepare(FLOW.replace("inputTerm", "inputTrem")).run()
    result.assert_outcomes(errors=1)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        [
            "search.flow.yaml:10:3: unknown step `inputTrem`",
            "   10 | - inputTrem",
            "      |   ^",
            "  do:       did you mean `inputTerm`?",
        ],
        consecutive=True,
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_workers_write_parts_and_one_report_comes_out(suite: Suite) -> None:
    flow = FLOW.replace("[hépatite, cancer]", "[hépatite, cancer, covid, asthma]")
    result = suite.prepare(flow, leaky=True).run("-n", "2")
    result.assert_outcomes(failed=4)
    report = suite.report()
    assert sorted(item["term"] for item in report["scenarios"]) == [
        "asthma",
        "cancer",
        "covid",
        "hépatite",
    ]
    result.stdout.fnmatch_lines(["4 items: 4 leak"])


def test_a_worker_that_dies_leaves_an_inconclusive_item(suite: Suite) -> None:
    suite.prepare(leaky=False)
    conftest = suite.pytester.path / "conftest.py"
    text = conftest.read_text() + (
        "\n@pytest.fixture(autouse=True)\n"
        "def _die(request):\n"
        "    if 'cancer' in request.node.name:\n"
        "        os._exit(9)\n"
    )
    conftest.write_text(text)
    result = suite.run("-n", "1", "--max-worker-restart=0")
    assert result.ret != pytest.ExitCode.OK
    verdicts = {item["id"]: item["verdict"] for item in suite.report()["scenarios"]}
    assert verdicts["search.flow.yaml::search[hépatite]"] == "pass"
    assert verdicts["search.flow.yaml::search[cancer]"] == "inconclusive"


def test_junit_says_term_verdict_and_recipients(suite: Suite) -> None:
    suite.prepare(leaky=True).run("--junitxml=junit.xml", "-k", "cancer")
    case = ET.parse(suite.pytester.path / "junit.xml").getroot().find(".//testcase")
    assert case is not None
    properties = {each.get("name"): each.get("value") for each in case.iter("property")}
    assert properties["leak.term"] == "cancer"
    assert properties["leak.verdict"] == "leak"
    assert "Mixpanel" in (properties["leak.recipients"] or "")
    assert case.find("failure") is not None


def test_last_failed_marks_and_node_ids_work(suite: Suite) -> None:
    suite.prepare(hooks="failed")
    run = suite.pytester.runpytest_subprocess
    run("-m", "health", "--strict-markers").assert_outcomes(errors=2)
    run("search.flow.yaml::search[cancer]").assert_outcomes(errors=1)
    again = run("--lf", "search.flow.yaml")
    again.stdout.fnmatch_lines(["run-last-failure: rerun previous 2 failures*"])


def test_consent_cells(suite: Suite) -> None:
    flow = FLOW.replace("consent: accepted", "consent: [accepted, rejected]").replace(
        "acceptConsent", "applyConsent"
    )
    result = suite.prepare(flow, leaky=True).run("-v", "-k", "cancer")
    result.assert_outcomes(failed=1, passed=1, deselected=2)
    result.stdout.fnmatch_lines(
        ["*search[[]cancer-accepted] FAILED*", "*search[[]cancer-rejected] PASSED*"]
    )


PYTHON_TEST = """\
import pytest
from harness.findings.expectations import LeakCheck

CHECK = LeakCheck(allow=["clinic.example"], settle_s=0.02)

@pytest.mark.leak_terms("hépatite", "cancer")
def test_search(leak_run, leak_term):
    with leak_run("org.example.clinic", leak_term, consent="accepted", check=CHECK) as app:
        app.launch(clear_state=True)
        app.accept_consent()
        app.tap(id="search_field")
        app.input_term()
        app.submit_search()
        app.play("- assertVisible: Ergebnisse.*")
"""


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        ({}, {"passed": 2}),
        ({"leaky": True}, {"failed": 2}),
        ({"hooks": "failed"}, {"errors": 2}),
    ],
    ids=["pass", "leak", "inconclusive"],
)
def test_the_same_from_python(
    suite: Suite, faults: dict[str, object], outcome: dict[str, int]
) -> None:
    suite.prepare(**faults)
    (suite.pytester.path / "search.flow.yaml").unlink()
    suite.pytester.makepyfile(PYTHON_TEST)
    result = suite.run("--strict-markers")
    result.assert_outcomes(**outcome)
    assert len(suite.report()["scenarios"]) == 2


def test_terms_of_the_run_replace_those_of_the_file(suite: Suite) -> None:
    suite.prepare()
    (suite.pytester.path / "words.txt").write_text("grippe\n", encoding="utf-8")
    result = suite.run("--leak-terms", "words.txt", "-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*search[[]grippe] PASSED*"])


def test_a_wrong_option_is_refused_before_anything_runs(suite: Suite) -> None:
    result = suite.prepare().run("--leak-typing", "frda")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--leak-typing: unknown value*", "*did you mean frida?*"])


def test_foreign_yaml_is_left_alone(suite: Suite) -> None:
    pytester = suite.pytester
    (pytester.path / "test_types.yml").write_text("- case: mypy\n  main: x\n")
    (pytester.path / "maestro.yaml").write_text("appId: a.b\n---\n- tapOn: x\n")
    (pytester.path / "deploy.yaml").write_text("apiVersion: v1\n---\n- a\n")
    pytester.makepyfile("def test_mine(): pass")
    suite.run().assert_outcomes(passed=1)
    assert not (pytester.path / "leak-results").exists()


def test_a_file_that_is_named_is_taken_if_it_is_a_scenario(suite: Suite) -> None:
    suite.prepare()
    flow = suite.pytester.path / "search.flow.yaml"
    flow.rename(suite.pytester.path / "search.yaml")
    suite.run("search.yaml").assert_outcomes(passed=2)


def test_the_plugin_costs_nothing_without_scenarios() -> None:
    """Neither Frida, nor adb, nor YAML may be imported by a suite that has no scenario."""
    code = (
        "import pytest, sys, time\n"
        "start = time.perf_counter(); import harness.plugin, harness.fixtures\n"
        "took = time.perf_counter() - start\n"
        "heavy = {'frida', 'adbutils', 'yaml', 'mitmproxy'} & set(sys.modules)\n"
        "print(took, sorted(heavy))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    took_s, heavy = done.stdout.strip().split(" ", 1)
    assert heavy == "[]"
    assert float(took_s) < 0.5, "imports 50 ms on a quiet machine"


def test_ctrl_c_gives_the_device_back(suite: Suite) -> None:
    suite.prepare(leaky=False)
    conftest = suite.pytester.path / "conftest.py"
    text = conftest.read_text().replace(
        "    provider.close()", "    provider.close()\n    open('given-back', 'w').close()"
    )
    conftest.write_text(
        text
        + "\n@pytest.fixture(autouse=True)\n"
        + "def _interrupt(request):\n"
        + "    yield\n"
        + "    import signal; os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    result = suite.run()
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert (suite.pytester.path / "given-back").exists()
    assert suite.report()["scenarios"]


def test_python_tests_have_answers_beside_them_too(suite: Suite) -> None:
    suite.prepare()
    (suite.pytester.path / "search.flow.yaml").unlink()
    suite.pytester.makepyfile(PYTHON_TEST)
    (suite.pytester.path / "internet").symlink_to("nowhere")
    result = suite.run()
    result.stdout.fnmatch_lines(["*`internet` beside the scenario is no folder*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_term_that_was_not_declared_is_told_without_a_traceback(suite: Suite) -> None:
    suite.prepare()
    suite.pytester.makepyfile(
        PYTHON_TEST.replace(
            'leak_run("org.example.clinic", leak_term',
            'leak_run("org.example.clinic", "x" + leak_term',
        )
    )
    result = suite.run("-k", "test_search")
    result.stdout.fnmatch_lines(["*was not declared before the run*", "*leak_terms('x*"])
    result.stdout.no_fnmatch_line("*harness/fixtures.py*")
    assert "ScenarioError" not in result.stdout.str()


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--leak-output=/proc/nope", "*--leak-output: this folder cannot be written to*"),
        ("--leak-app=search.flow.yaml", "*this file is not an APK*"),
    ],
)
def test_what_needs_no_device_is_refused_before_one_starts(
    suite: Suite, option: str, words: str
) -> None:
    result = suite.prepare().run(option)
    result.stdout.fnmatch_lines([words])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stderr.no_fnmatch_line("*Traceback*")
    assert result.ret != 0


def test_a_term_selects_python_tests_too(suite: Suite) -> None:
    suite.prepare()
    (suite.pytester.path / "search.flow.yaml").unlink()
    suite.pytester.makepyfile(PYTHON_TEST)
    suite.run("-k", "hépatite").assert_outcomes(passed=1, deselected=1)


def test_the_list_of_failed_tests_names_the_recipient_in_eighty_columns(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = suite.prepare(leaky=True).run()
    result.stdout.fnmatch_lines(["FAILED search.flow.yaml::search*hépatite* - LeakFound: api.mix*"])


def test_a_workflow_on_github_gets_annotations(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(suite.pytester.path))
    result = suite.prepare(leaky=True).run()
    result.stdout.fnmatch_lines(["::error file=search.flow.yaml,title=leak%3A hépatite*::*"])
    monkeypatch.delenv("GITHUB_ACTIONS")
    suite.run().stdout.no_fnmatch_line("::error*")


def test_every_run_is_stored(suite: Suite) -> None:
    path = suite.pytester.path / ".leak" / "runs.db"
    result = suite.prepare(leaky=True).run()
    result.stdout.fnmatch_lines(
        ["stored: run * in *runs.db", "as a page: leak-harness report * -o report.html"]
    )
    with Store.open(str(path), create=False) as store:
        run = store.reader.find(suite.report()["run"])
        assert (run.complete, run.verdict.value, run.items) == (True, "leak", 2)
        assert run.about.agent
        assert {item.scenario for item in store.reader.items(run.id)} == {"search.flow.yaml"}
    suite.run("--leak-store", "none").stdout.no_fnmatch_line("stored: *")
    with Store.open(str(path), create=False) as store:
        assert len(store.reader.runs()) == 1


def test_workers_share_one_stored_run(suite: Suite) -> None:
    suite.prepare().run("-n", "2").assert_outcomes(passed=2)
    with Store.open(str(suite.pytester.path / ".leak" / "runs.db"), create=False) as store:
        (run,) = store.reader.runs()
        assert (run.complete, run.items) == (True, 2)


def test_a_store_that_cannot_be_used_is_told_before_a_device_starts(suite: Suite) -> None:
    (suite.pytester.path / "runs.db").write_bytes(b"something else " * 20)
    result = suite.prepare().run("--leak-store", "runs.db")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*the run store is damaged, or is no run store*"])
    assert suite.report()["verdict"] == "inconclusive"
    assert (suite.pytester.path / "runs.db").read_bytes() == b"something else " * 20
