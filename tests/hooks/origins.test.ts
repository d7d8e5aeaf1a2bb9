import assert from "node:assert/strict";
import { test } from "node:test";
import { Parts } from "./agent_parts.js";
import { object } from "./fake_bridge.js";

const TPE = "java.util.concurrent.ThreadPoolExecutor";

/** A pool with one worker on thread 2, made of the very methods that Java has. */
function pool(parts: Parts) {
  const { bridge } = parts;
  const queue: object[] = [];
  const before = bridge.add(TPE, "beforeExecute", ["java.lang.Thread", "java.lang.Runnable"], () => undefined);
  const after = bridge.add(TPE, "afterExecute", ["java.lang.Runnable", "java.lang.Throwable"], () => undefined);
  const execute = bridge.add(TPE, "execute", ["java.lang.Runnable"], (task) => void queue.push(task as object));
  const start = bridge.add("java.lang.Thread", "start", [], () => undefined);
  parts.apply(parts.origins.table);
  const run = (work: () => void): void => {
    bridge.thread = 2;
    const task = queue.shift();
    before.invoke(object({}), bridge.javaThread(), task);
    work();
    after.invoke(object({}), task, null);
    bridge.thread = 1;
  };
  return { execute, run, start };
}

/** Stacks that a sender on the current thread would report. */
function sender(parts: Parts): readonly string[] {
  const state = parts.threads.peek(parts.bridge.thread);
  return parts.stacks.sender(parts.origins.current(state)).texts();
}

test("a task carries the stack of whoever submitted it, for as long as it runs", () => {
  const parts = new Parts();
  const { execute, run } = pool(parts);
  execute.invoke(object({}), object({}));
  run(() => assert.deepEqual(sender(parts), ["here.Number2.go(Here.java:1)", "here.Number1.go(Here.java:1)"]));
  parts.bridge.thread = 2;
  assert.deepEqual(sender(parts), ["here.Number3.go(Here.java:1)"]);
  assert.deepEqual(parts.faults, []);
});

test("origins of origins are kept, newest first, up to four", () => {
  const parts = new Parts();
  const { execute, run } = pool(parts);
  let deepest: readonly string[] = [];
  execute.invoke(object({}), object({}));
  for (let hop = 0; hop < 6; hop++) {
    run(() => {
      execute.invoke(object({}), object({}));
      deepest = sender(parts);
    });
  }
  assert.equal(deepest.length, 5);
  assert.deepEqual(
    deepest.map((stack) => Number(/\d+/.exec(stack)?.[0])).every((number, index, all) => index === 0 || number < (all[index - 1] ?? 0)),
    true,
  );
});

test("a call keeps the stamp of its enqueuing when another thread submits it", () => {
  const parts = new Parts();
  const made = parts.bridge.add("okhttp3.Dispatcher", "enqueue$okhttp", ["AsyncCall"], () => undefined);
  const { execute, run } = pool(parts);
  const call = object({});
  made.invoke(object({}), call);
  parts.bridge.thread = 3;
  execute.invoke(object({}), call);
  parts.bridge.thread = 1;
  run(() => assert.equal(sender(parts)[1], "here.Number1.go(Here.java:1)"));
});

test("a message that is used again carries its newest sender", () => {
  const parts = new Parts();
  const { bridge } = parts;
  const handler = "android.os.Handler";
  const enqueue = bridge.add(handler, "enqueueMessage", ["Q", "M", "long"], () => true);
  let seen: readonly string[] = [];
  const dispatch = bridge.add(handler, "dispatchMessage", ["M"], () => {
    seen = sender(parts);
  });
  parts.apply(parts.origins.table);
  const message = object({});
  for (const expected of ["here.Number1.go(Here.java:1)", "here.Number3.go(Here.java:1)"]) {
    enqueue.invoke(object({}), object({}), message, 0);
    dispatch.invoke(object({}), message);
    assert.equal(seen[1], expected);
  }
});

test("a plain thread knows who started it; a pool's worker does not inherit a stranger", () => {
  const parts = new Parts();
  const { start } = pool(parts);
  start.invoke(parts.bridge.javaThread(5));
  parts.bridge.thread = 5;
  assert.deepEqual(sender(parts), ["here.Number2.go(Here.java:1)", "here.Number1.go(Here.java:1)"]);

  const grown = new Parts();
  const growing = pool(grown);
  grown.bridge.frame = () => "java.util.concurrent.ThreadPoolExecutor.addWorker(ThreadPoolExecutor.java:945)";
  growing.start.invoke(grown.bridge.javaThread(6));
  grown.bridge.thread = 6;
  assert.equal(sender(grown).length, 1);
});

test("switched off, nothing is carried", () => {
  const parts = new Parts();
  const { execute, run } = pool(parts);
  parts.origins.enabled = false;
  execute.invoke(object({}), object({}));
  run(() => assert.equal(sender(parts).length, 1));
});
