import assert from "node:assert/strict";
import { test } from "node:test";
import { Remembered, Threads } from "../../hooks/src/threads.js";

test("a thread that is done is forgotten, a busy one is not", () => {
  const threads = new Threads();
  threads.get(1).requests.push(7);
  threads.settle(1);
  assert.equal(threads.peek(1)?.request, 7);
  threads.get(1).requests.pop();
  threads.settle(1);
  assert.equal(threads.peek(1), undefined);
});

test("the oldest entries go first, and setting again makes young", () => {
  const remembered = new Remembered<string>(2);
  remembered.set(1, "a");
  remembered.set(2, "b");
  remembered.set(1, "c");
  remembered.set(3, "d");
  assert.deepEqual([remembered.get(1), remembered.get(2), remembered.get(3)], ["c", undefined, "d"]);
  assert.equal(remembered.take(1), "c");
  assert.equal(remembered.has(1), false);
});
