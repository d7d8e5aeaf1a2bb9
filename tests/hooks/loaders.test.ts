import assert from "node:assert/strict";
import { test } from "node:test";
import { Loaders } from "../../hooks/src/loaders.js";
import type { Target } from "../../hooks/src/patch.js";
import { FakeBridge, object } from "./fake_bridge.js";
import { Parts } from "./agent_parts.js";

const LOADER = "java.net.URLClassLoader";

function rig() {
  const parts = new Parts();
  const soon: (() => void)[] = [];
  const fired: string[] = [];
  let settled = 0;
  const row = (id: string, from: Target["from"] = "app"): Target => ({
    id, layer: "java-http", runtimes: ["jvm"], from, cls: id, method: "go", observe: { before: () => void fired.push(id) },
  });
  const made = parts.bridge.add(LOADER, "$init", [], () => undefined);
  const loaders = new Loaders(parts.bridge, {
    tables: () => [row("Client"), row("Gone"), row("Platform", "boot")],
    apply: (table) => parts.apply(table),
    soon: (fn) => void soon.push(fn),
    settle: () => void settled++,
    fault: (where, error) => void parts.faults.push(`${where}: ${String(error)}`),
  });
  parts.apply(loaders.table);
  return { parts, fired, soon, settled: () => settled, make: (sees: FakeBridge) => made.invoke(object({ sees })) };
}

test("a loader with a class of its own gets hooks, after the constructor and only once", () => {
  const { parts, fired, soon, settled, make } = rig();
  parts.bridge.add("Client", "go", [], () => 1);
  const other = new FakeBridge();
  const own = other.add("Client", "go", [], () => 2);
  other.add("Platform", "go", [], () => 3);
  make(other);
  assert.equal(own.implementation, null);
  soon.forEach((fn) => fn());
  assert.equal(own.invoke(object({})), 2);
  assert.deepEqual([fired, settled()], [["Client"], 1]);
  make(other);
  soon.forEach((fn) => fn());
  own.invoke(object({}));
  assert.deepEqual([fired, settled()], [["Client", "Client"], 1]);
  const ids = parts.patcher.statuses.map(({ target, state }) => [target, state]);
  assert.deepEqual(ids, [[`${LOADER}.$init`, "installed"], ["Client @1", "installed"]]);
  assert.deepEqual(parts.faults, []);
});

test("a loader that only hands on the app's classes gets none", () => {
  const { parts, soon, settled, make } = rig();
  const client = parts.bridge.add("Client", "go", [], () => 1);
  make(parts.bridge);
  soon.forEach((fn) => fn());
  assert.deepEqual([client.implementation, settled()], [null, 0]);
});

test("an app that makes loaders without end is told of once", () => {
  const { parts, make } = rig();
  for (let i = 0; i < 203; i++) {
    make(parts.bridge);
  }
  assert.deepEqual(parts.faults, ["loaders: the app makes more than 200 class loaders"]);
});
