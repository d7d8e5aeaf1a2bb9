import assert from "node:assert/strict";
import { test } from "node:test";
import { pageTable } from "../../hooks/src/pages.js";
import { FakeOverload, object } from "./fake_bridge.js";
import { Parts } from "./agent_parts.js";

function rig() {
  const parts = new Parts();
  const state = { main: true, switched: [] as unknown[] };
  const engine = parts.bridge.add("android.webkit.WebViewFactory", "getProvider", [], () => "engine");
  const view = new FakeOverload("android.webkit.WebView", ["boolean"], (on) => {
    state.switched.push(on);
    engine.invoke(object({})); // as Android does
  });
  const method = Object.assign((on: boolean) => view.invoke(object({}), on), { overloads: [view] });
  parts.bridge.define("android.webkit.WebView", { setWebContentsDebuggingEnabled: method });
  parts.bridge.define("android.os.Looper", { getMainLooper: () => object({ isCurrentThread: () => state.main }) });
  parts.apply(pageTable(parts.bridge));
  return { parts, state, ask: () => engine.invoke(object({})), turn: (on: boolean) => view.invoke(object({}), on) };
}

test("the first web view opens the DevTools, on the main thread only and once", () => {
  const { parts, state, ask } = rig();
  state.main = false;
  assert.equal(ask(), "engine");
  assert.deepEqual(state.switched, []);
  state.main = true;
  ask();
  ask();
  assert.deepEqual(state.switched, [true]);
  assert.deepEqual(parts.faults, []);
});

test("an app that closes them has them opened again", () => {
  const { parts, state, turn } = rig();
  turn(true);
  turn(false);
  assert.deepEqual(state.switched.slice(-2), [false, true]);
  assert.deepEqual(parts.faults, []);
});
