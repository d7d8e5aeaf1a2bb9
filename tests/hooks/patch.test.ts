import assert from "node:assert/strict";
import { test } from "node:test";
import { Patcher, type Observer, type Target } from "../../hooks/src/patch.js";
import { FakeBridge, object } from "./fake_bridge.js";

function target(observe: Target["observe"], more: Partial<Target> = {}): Target {
  return {
    id: "Door.open",
    layer: "socket",
    runtimes: ["art", "jvm"],
    from: "app",
    cls: "Door",
    method: "open",
    observe,
    ...more,
  };
}

function patched(bridge: FakeBridge, ...table: Target[]) {
  const faults: string[] = [];
  const patcher = new Patcher(bridge, "jvm", (where, error) => faults.push(`${where}: ${String(error)}`));
  patcher.apply(table);
  return { patcher, faults };
}

test("each row gets a status: installed, missing class, missing method, failed", () => {
  const bridge = new FakeBridge();
  bridge.add("Door", "open", ["int"], () => 1);
  const broken = bridge.add("Gate", "open", [], () => 1);
  Object.defineProperty(broken, "implementation", {
    set: () => {
      throw new Error("no room");
    },
  });
  const { patcher } = patched(
    bridge,
    target({}),
    target({}, { id: "Window.open", cls: "Window" }),
    target({}, { id: "Door.close", method: "close" }),
    target({}, { id: "Door.open(long)", overload: ["long"] }),
    target({}, { id: "Gate.open", cls: "Gate" }),
    target({}, { id: "only on art", runtimes: ["art"] }),
  );
  assert.deepEqual(
    patcher.statuses.map((status) => [status.target, status.state]),
    [
      ["Door.open", "installed"],
      ["Window.open", "missing"],
      ["Door.close", "missing"],
      ["Door.open(long)", "missing"],
      ["Gate.open", "failed"],
    ],
  );
  assert.match(patcher.statuses[4]?.detail ?? "", /no room/);
});

test("a method that a base class declares is not hooked for all its heirs", () => {
  const bridge = new FakeBridge();
  const inherited = bridge.add("Door", "open", [], () => 1, "Opening");
  const { patcher } = patched(bridge, target({}));
  assert.equal(patcher.statuses[0]?.state, "missing");
  assert.equal(inherited.implementation, null);
});

test("a constructor whose parameters the bridge does not know is left alone", () => {
  const bridge = new FakeBridge();
  bridge.define("Door$Lock", { hides: true });
  const made = bridge.add("Door$Lock", "$init", ["int"], () => undefined);
  const { patcher } = patched(bridge, target({}, { cls: "Door$Lock", method: "$init" }));
  assert.equal(patcher.statuses[0]?.state, "failed");
  assert.equal(made.implementation, null);
});

test("the observer sees the call, and the app gets the original's very result", () => {
  const bridge = new FakeBridge();
  const answer = { answer: 42 };
  const seen: unknown[] = [];
  const open = bridge.add("Door", "open", ["int"], function (this, ...args) {
    seen.push(["original", this, args]);
    return answer;
  });
  const observe: Observer<string> = {
    before: (call) => {
      seen.push(["before", call.args]);
      return "state";
    },
    after: (_call, state, result) => seen.push(["after", state, result]),
  };
  const { patcher } = patched(bridge, target(observe));
  const self = object({});
  assert.equal(open.invoke(self, 7), answer);
  assert.deepEqual(seen, [["before", [7]], ["original", self, [7]], ["after", "state", answer]]);
  assert.equal(patcher.fired["Door.open"], 1);
});

test("what recording throws reaches the host, never the app", () => {
  const bridge = new FakeBridge();
  let calls = 0;
  const open = bridge.add("Door", "open", [], () => ++calls);
  const { faults } = patched(
    bridge,
    target({
      before: () => {
        throw new Error("broken before");
      },
      after: () => {
        throw new Error("broken after");
      },
    }),
  );
  assert.equal(open.invoke(object({})), 1);
  assert.equal(calls, 1);
  assert.deepEqual(faults, ["Door.open: Error: broken before", "Door.open: Error: broken after"]);
});

test("the app's own exception passes through unchanged and is observed", () => {
  const bridge = new FakeBridge();
  const thrown = new Error("java.io.IOException: gone");
  const open = bridge.add("Door", "open", [], () => {
    throw thrown;
  });
  const failures: unknown[] = [];
  const observe = {
    failed: (_call: unknown, _state: unknown, error: unknown) => {
      failures.push(error);
      throw new Error("and recording breaks too");
    },
  };
  const { faults } = patched(bridge, target(observe));
  assert.throws(() => open.invoke(object({})), (error) => error === thrown);
  assert.deepEqual(failures, [thrown]);
  assert.equal(faults.length, 1);
});

test("hooks do not see what an observer calls, but see it on other threads and afterwards", () => {
  const bridge = new FakeBridge();
  const open = bridge.add("Door", "open", [], () => 1);
  let nested = true;
  const { patcher } = patched(
    bridge,
    target({
      before: () => {
        if (nested) {
          nested = false;
          open.invoke(object({}));
          bridge.thread = 2;
          open.invoke(object({}));
          bridge.thread = 1;
        }
      },
    }),
  );
  open.invoke(object({}));
  open.invoke(object({}));
  assert.equal(patcher.fired["Door.open"], 3);
});

test("a nested call of the original is seen", () => {
  const bridge = new FakeBridge();
  const inner = bridge.add("Lock", "turn", [], () => 1);
  const open = bridge.add("Door", "open", [], () => inner.invoke(object({})));
  const { patcher } = patched(bridge, target({}), target({}, { id: "Lock.turn", cls: "Lock", method: "turn" }));
  open.invoke(object({}));
  assert.deepEqual(patcher.fired, { "Door.open": 1, "Lock.turn": 1 });
});

test("code of the app that a transparent observer runs is seen", () => {
  const bridge = new FakeBridge();
  const inner = bridge.add("Lock", "turn", [], () => 1);
  const open = bridge.add("Door", "open", [], () => 1);
  const { patcher } = patched(
    bridge,
    target({ transparent: true, before: () => inner.invoke(object({})) }),
    target({}, { id: "Lock.turn", cls: "Lock", method: "turn" }),
  );
  open.invoke(object({}));
  assert.equal(patcher.fired["Lock.turn"], 1);
});

test("undo gives the methods back; applying twice installs once", () => {
  const bridge = new FakeBridge();
  const open = bridge.add("Door", "open", [], () => 1);
  const { patcher } = patched(bridge, target({}));
  const first = open.implementation;
  patcher.apply([target({})]);
  assert.equal(open.implementation, first);
  patcher.undo();
  assert.equal(open.implementation, null);
  assert.deepEqual(patcher.statuses, []);
});
