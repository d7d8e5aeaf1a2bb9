"""Steps that hold steps, and other files."""

from __future__ import annotations

import pytest

from harness.device.selectors import Selector
from harness.scenario.model import Condition, Repeat, Retry, RunFlow
from harness.scenario.place import PlacedError
from tests.scenario.reading import HEADER, one, read, steps

LOGIN = "appId: org.example.clinic\nenv: {USER: test}\n---\n- inputText: ${USER}\n"


def test_a_condition_and_commands() -> None:
    args = one("- runFlow: {when: {visible: x, platform: android}, commands: [back, scroll]}").args
    assert isinstance(args, RunFlow)
    assert args.when == Condition(Selector(text="x"), None, "Android")
    assert [step.kind for step in args.steps] == ["back", "scroll"]


def test_a_file_brings_its_variables_and_the_caller_overrides_them() -> None:
    text = f"{HEADER}---\n- runFlow: {{file: parts/in.yaml, env: {{USER: me}}}}\n"
    args = read(text, files={"parts/in.yaml": LOGIN}).steps[0].args
    assert isinstance(args, RunFlow)
    assert (args.file, dict(args.env)) == ("parts/in.yaml", {"USER": "me"})
    assert args.steps[0].place.file == "parts/in.yaml"


def test_an_error_in_another_file_is_placed_there() -> None:
    broken = LOGIN.replace("inputText", "inputTxt")
    with pytest.raises(PlacedError) as caught:
        read(f"{HEADER}---\n- runFlow: in.yaml\n", files={"in.yaml": broken})
    assert caught.value.where == "in.yaml:4:3"


def test_a_circle_over_two_files_is_refused() -> None:
    other = "appId: a.b\n---\n- runFlow: a.flow.yaml\n"
    with pytest.raises(PlacedError, match="leads back to itself"):
        read(f"{HEADER}---\n- runFlow: b.yaml\n", files={"b.yaml": other})


def test_files_that_multiply_are_stopped() -> None:
    files = {
        f"{level}.yaml": "appId: a.b\n---\n" + f"- runFlow: {level + 1}.yaml\n" * 9
        for level in range(6)
    }
    files["6.yaml"] = "appId: a.b\n---\n- back\n"
    with pytest.raises(PlacedError, match="too many steps"):
        read(f"{HEADER}---\n- runFlow: 0.yaml\n", files=files)


def test_repeat_and_retry() -> None:
    assert one("- repeat: {times: 2, commands: [back]}").args == Repeat(
        steps("- repeat: {times: 2, commands: [back]}")[0].args.steps,  # type: ignore[union-attr]
        times=2,
    )
    args = one("- retry: {maxRetries: 3, commands: [back]}").args
    assert isinstance(args, Retry)
    assert args.max_retries == 3


@pytest.mark.parametrize(
    ("step", "what"),
    [
        ("- runFlow: {file: a, commands: [back]}", "step `runFlow` takes `file` or `commands`"),
        ("- runFlow: {when: {}, commands: [back]}", "`when` has no condition"),
        ("- runFlow: {when: {visble: a}, commands: [back]}", "unknown property of `when`"),
        ("- retry: {maxRetries: 4, commands: [back]}", "`maxRetries` is out of range"),
        ("- repeat: {commands: [back]}", "step `repeat` needs `times` or `while`"),
        ("- repeat: {times: 2}", "step `repeat` needs `commands`"),
    ],
)
def test_refusals(step: str, what: str) -> None:
    with pytest.raises(PlacedError) as caught:
        steps(step)
    assert caught.value.what.startswith(what)
