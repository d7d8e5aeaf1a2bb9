import assert from "node:assert/strict";
import { test } from "node:test";
import { Walks } from "../../hooks/src/hotspot.js";

test("walks of an operation run once each at its end, in the order in which they were first asked for", () => {
  const walks = new Walks();
  const ran: string[] = [];
  walks.during(() => {
    for (const method of ["a", "b", "c"]) {
      walks.ask("classes", () => ran.push("classes"));
      walks.ask("lists", () => ran.push("lists"));
      ran.push(method);
    }
  });
  assert.deepEqual(ran, ["a", "b", "c", "classes", "lists"]);
});

test("outside an operation a walk runs at once, and each operation has walks of its own", () => {
  const walks = new Walks();
  const ran: number[] = [];
  walks.ask("classes", () => ran.push(1));
  walks.during(() => walks.ask("classes", () => ran.push(2)));
  walks.ask("classes", () => ran.push(3));
  walks.during(() => undefined);
  assert.deepEqual(ran, [1, 2, 3]);
});

test("an operation that fails has its walks all the same, for methods were replaced already", () => {
  const walks = new Walks();
  const ran: string[] = [];
  const failing = (): void =>
    walks.during(() => {
      walks.ask("classes", () => ran.push("walked"));
      throw new Error("no memory");
    });
  assert.throws(failing, /no memory/);
  assert.deepEqual(ran, ["walked"]);
});
