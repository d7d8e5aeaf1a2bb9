"""A layer's state follows from its hooks, what fired and what was seen."""

from __future__ import annotations

from dataclasses import dataclass

from harness.findings.coverage import LayerState, layer_states
from harness.traffic.exchange import Layer


@dataclass(frozen=True)
class Row:
    layer: str
    target: str
    state: str
    detail: str = ""


def one(*hooks: Row, **fields: object) -> LayerState:
    fired = fields.pop("fired", {})
    (state,) = layer_states(hooks, fired, **fields)  # type: ignore[arg-type]
    return state


def test_a_layer_is_installed_when_one_hook_is_and_none_failed() -> None:
    state = one(Row("tls", "a", "installed"), Row("tls", "b", "missing"))
    assert (state.layer, state.installed, state.in_use, state.detail) == (Layer.TLS, True, True, "")
    assert not state.proved


def test_a_failed_hook_makes_its_layer_dead_and_says_which() -> None:
    state = one(Row("tls", "a", "installed"), Row("tls", "b", "failed", "no such overload"))
    assert not state.installed
    assert state.in_use
    assert state.detail == "b: no such overload"
    assert one(Row("tls", "b", "failed")).detail == "b: failed"


def test_a_required_layer_without_hooks_is_dead_and_in_use() -> None:
    state = one()
    assert state == LayerState(
        Layer.TLS, False, 0, False, "no hook of it could be installed", in_use=True
    )


def test_a_layer_whose_classes_the_app_lacks_is_not_in_use() -> None:
    state = one(Row("webview", "a", "missing"), required=())
    assert not state.installed
    assert not state.in_use


def test_firing_seeing_or_a_canary_proves_a_layer() -> None:
    hook = Row("tls", "a", "installed")
    assert one(hook, hook, fired={"a": 2, "z": 9}).fired == 2
    assert one(hook, fired={"a": 1}).proved
    assert one(hook, seen=[Layer.TLS]).proved
    state = one(hook, canaries=[Layer.TLS])
    assert state.proved
    assert state.canary
    assert not one(hook, seen=[Layer.JAVA_HTTP]).proved


def test_layers_come_in_the_order_of_the_enumeration() -> None:
    states = layer_states([Row("tls", "a", "installed"), Row("java-http", "b", "installed")], {})
    assert [state.layer for state in states] == [Layer.JAVA_HTTP, Layer.TLS]


def test_a_layer_of_which_nothing_is_told_did_nothing() -> None:
    bare = LayerState(Layer.TLS, False)
    assert (bare.fired, bare.proved, bare.in_use, bare.canary) == (0, False, True, False)
