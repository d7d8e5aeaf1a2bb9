import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Batch } from "../../hooks/src/contract.js";
import { LIMITS, Outbox, type Draft, type Limits } from "../../hooks/src/outbox.js";

class Port {
  readonly sent: { batch: Batch; data: ArrayBuffer | null }[] = [];
  readonly timers: { fn: () => void; delayMs: number }[] = [];
  time = 1_795_572_882_465;

  send(batch: Batch, data: ArrayBuffer | null): void {
    this.sent.push({ batch, data });
  }

  later(fn: () => void, delayMs: number): void {
    this.timers.push({ fn, delayMs });
  }

  now(): number {
    return this.time++;
  }
}

function outbox(limits: Partial<Limits> = {}): { port: Port; box: Outbox } {
  const port = new Port();
  return { port, box: new Outbox(port, { ...LIMITS, ...limits }) };
}

const carrier: Draft = { k: "carrier", thread: 1, conn: 2, tls: 3, host: "h", port: 1 };
const part = (size: number): Draft => ({ k: "body", thread: 1, ex: 1, unread: "", size });

test("events wait for the timer and go out together, numbered from one", () => {
  const { port, box } = outbox();
  box.put(carrier);
  box.put(carrier);
  assert.equal(port.sent.length, 0);
  assert.deepEqual(port.timers.map((timer) => timer.delayMs), [50]);
  port.timers[0]?.fn();
  assert.deepEqual(port.sent[0]?.batch.events.map((event) => event.n), [1, 2]);
  box.put(carrier);
  assert.equal(port.timers.length, 2);
});

test("bytes become one binary part with a slice for each event", () => {
  const { port, box } = outbox();
  box.put(part(3), Uint8Array.from([1, 2, 3]).buffer);
  box.put(carrier);
  box.put(part(2), Uint8Array.from([4, 5]).buffer);
  box.flush();
  const { batch, data } = port.sent[0] ?? assert.fail("nothing was sent");
  assert.deepEqual([...new Uint8Array(data ?? new ArrayBuffer(0))], [1, 2, 3, 4, 5]);
  const slices = batch.events.map((event) => ("at" in event ? [event.at, event.len] : null));
  assert.deepEqual(slices, [[0, 3], null, [3, 2]]);
});

test("a stack's text is made when the event goes out, and sent once", () => {
  const { port, box } = outbox();
  let made = 0;
  const stack = {
    texts: () => {
      made++;
      return ["a.B.c(B.java:1)", "d.E.f(E.java:2)"];
    },
  };
  const cipher: Draft = { k: "cipher", thread: 1, conn: 1, host: "", port: 0 };
  box.put(cipher, null, stack);
  assert.equal(made, 0);
  box.flush();
  box.put(cipher, null, stack);
  box.flush();
  assert.deepEqual(port.sent.map(({ batch }) => batch.stacks.length), [2, 0]);
  assert.deepEqual(port.sent.map(({ batch }) => batch.events.map((event) => "stack" in event && event.stack)), [
    [[1, 2]],
    [[1, 2]],
  ]);
});

test("batches are cut by count and by bytes; one large event goes alone", () => {
  const { port, box } = outbox({ batchEvents: 2, batchBytes: 10 });
  for (const size of [1, 1, 1, 100, 1]) {
    box.put(part(size), new ArrayBuffer(size));
  }
  box.flush();
  assert.deepEqual(port.sent.map(({ batch }) => batch.events.length), [2, 1, 1, 1]);
});

test("a thread that adds too much sends itself; nothing is lost", () => {
  const { port, box } = outbox({ highBytes: 10 });
  for (let i = 0; i < 20; i++) {
    box.put(part(4), new ArrayBuffer(4));
  }
  box.flush();
  const numbers = port.sent.flatMap(({ batch }) => batch.events.map((event) => event.n));
  assert.deepEqual(numbers, Array.from({ length: 20 }, (_, index) => index + 1));
  assert.equal(box.dropped, 0);
});

test("what finds the outbox full is counted and gets no number", () => {
  const { port, box } = outbox({ maxEvents: 2 });
  for (let i = 0; i < 5; i++) {
    box.put(carrier);
  }
  assert.deepEqual(box.flush(), { seq: 2, dropped: 3 });
  box.put(carrier);
  assert.deepEqual(box.flush(), { seq: 3, dropped: 3 });
  assert.deepEqual(port.sent.flatMap(({ batch }) => batch.events.map((event) => event.n)), [1, 2, 3]);
});

test("a large event that finds no room is dropped, a small one after it is not", () => {
  const { box } = outbox({ maxBytes: 10, highBytes: 1_000 });
  box.put(part(11), new ArrayBuffer(11));
  box.put(part(5), new ArrayBuffer(5));
  assert.deepEqual(box.flush(), { seq: 1, dropped: 1 });
});

interface Corpus {
  drafts: readonly { draft: Draft; data: string; stack: readonly string[] | null }[];
  message: Batch;
  data: string;
}

test("the message is the one of the corpus, which the host's decoder reads too", () => {
  const path = process.env["LEAK_WIRE_CORPUS"] ?? assert.fail("LEAK_WIRE_CORPUS names the folder");
  const corpus = JSON.parse(readFileSync(`${path}/batch.json`, "utf8")) as Corpus;
  const { port, box } = outbox();
  for (const { draft, data, stack } of corpus.drafts) {
    const bytes = Buffer.from(data, "base64");
    const buffer = bytes.length === 0 ? null : Uint8Array.from(bytes).buffer;
    box.put(draft, buffer, stack === null ? null : { texts: () => stack });
  }
  box.flush();
  const { batch, data } = port.sent[0] ?? assert.fail("nothing was sent");
  assert.deepEqual(JSON.parse(JSON.stringify(batch)), corpus.message);
  assert.equal(Buffer.from(data ?? new ArrayBuffer(0)).toString("base64"), corpus.data);
});
