import assert from "node:assert/strict";
import { test } from "node:test";
import type { SinkRow } from "../../hooks/src/contract.js";
import type { JavaObject } from "../../hooks/src/java.js";
import { flushSdk, sinkTable } from "../../hooks/src/sinks.js";
import { Values } from "../../hooks/src/values.js";
import { object } from "./fake_bridge.js";
import { Parts, text } from "./agent_parts.js";

const SDK = "com.vendor.Sdk";
const MAP = "java.util.Map";

/** Classes whose `isInstance` goes by the names that an object claims. */
function types(parts: Parts): void {
  const names = ["java.lang.Class", MAP, "java.util.Map$Entry", "java.util.Collection", "java.lang.reflect.Field", "java.lang.CharSequence", "java.lang.Number", "java.lang.Boolean", "java.lang.Enum", "java.lang.Throwable", "java.net.URL", "java.net.URI", "java.util.Date", "java.util.UUID", "java.util.Locale"];
  for (const name of names) {
    parts.bridge.define(name, { class: { isInstance: (each: JavaObject) => (each["is"] as string[]).includes(name) } });
  }
}

const called = <T>(value: T) => Object.assign(() => value, { overload: () => () => value });
const words = (content: string): JavaObject => object({ is: ["java.lang.CharSequence"], toString: () => content });

function table(parts: Parts, ...rows: SinkRow[]): Values {
  types(parts);
  const values = new Values(parts.bridge, text);
  parts.apply(sinkTable(rows, parts.bridge, parts.recorder, values));
  return values;
}

const row = (method: string, ...overload: string[]): SinkRow => ({ cls: SDK, method, overload });

test("what an SDK is handed is told, the outermost call only, and a class that is not there is no row", () => {
  const parts = new Parts();
  const inner = parts.bridge.add(SDK, "track", ["java.lang.String", "java.lang.Object"], () => "tracked");
  const outer = parts.bridge.add(SDK, "track", ["java.lang.String"], (name) => inner.invoke(object({}), name, null));
  table(parts, row("track", "java.lang.String", "java.lang.Object"), row("track", "java.lang.String"), { ...row("x"), cls: "com.other.Gone" });
  assert.equal(outer.invoke(object({}), "hépatite"), "tracked");
  inner.invoke(object({}), "again", 7);
  const seen = parts.events();
  assert.deepEqual(seen.map(({ bytes }) => bytes), ['["hépatite"]', '["again",7]']);
  assert.ok(seen[0]?.event.k === "handover");
  assert.deepEqual([seen[0].event.layer, seen[0].event.size, seen[0].stack.length], ["sdk-api", 13, 1]);
  assert.deepEqual(parts.patcher.statuses.map(({ state }) => state), ["installed", "installed"]);
  assert.deepEqual(parts.faults, []);
});

test("a renamed method is found by its types if there is just one", () => {
  const parts = new Parts();
  const renamed = parts.bridge.add(SDK, "a", ["java.lang.String", "android.os.Bundle"], () => null);
  parts.bridge.add(SDK, "b", ["int"], () => null);
  parts.bridge.add(SDK, "c", ["int"], () => null);
  table(parts, row("logEvent", "java.lang.String", "android.os.Bundle"), row("other", "int"));
  renamed.invoke(object({}), "search", null);
  assert.equal(parts.events().length, 1);
  assert.deepEqual(parts.patcher.statuses.map(({ state }) => state), ["installed", "missing"]);
});

test("maps, lists, texts, numbers and the fields of unknown objects become JSON", () => {
  const parts = new Parts();
  const values = table(parts);
  const entry = object({ getKey: () => "q", getValue: () => words("a😀") });
  const map = object({ is: [MAP], entrySet: () => object({ toArray: called([entry]) }) });
  const field = object({ getModifiers: () => 2, getName: () => "term", setAccessible: () => undefined, getType: () => object({ isPrimitive: () => false }), get: () => words("covid") });
  const cls = object({ isArray: () => false, getName: () => "com.vendor.Event", getDeclaredFields: () => [field], getSuperclass: () => object({ getName: () => "java.lang.Object" }) });
  const event = object({ is: [], getClass: () => cls });
  const list = object({ is: ["java.util.Collection"], toArray: called([words("x"), map]) });
  const long = { valueOf: () => 5, toString: () => "5" };
  assert.equal(values.json([list, event, 1, true, null, long]), '[["x",{"q":"a😀"}],{"term":"covid"},1,true,null,"5"]');
});

test("an SDK's flush is a static method, or one of each live object", () => {
  const parts = new Parts();
  const { bridge } = parts;
  let flushed = 0;
  const flush = (): null => {
    flushed++;
    return null;
  };
  bridge.define(SDK, {});
  bridge.alive.set(SDK, [object({ flush }), object({ flush })]);
  assert.equal(flushSdk(bridge, `${SDK}#flush()`), 2);
  bridge.define("com.vendor.Static", { statics: ["shared"], shared: () => object({ queue: () => object({ send: flush }) }) });
  assert.equal(flushSdk(bridge, "com.vendor.Static#shared().queue().send()"), 1);
  assert.equal(flushed, 3);
  assert.equal(flushSdk(bridge, "com.vendor.Gone#flush()"), 0);
});
