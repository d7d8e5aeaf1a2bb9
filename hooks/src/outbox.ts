// Collects events and sends them in batches: a number for each, bytes as one binary part.
//
// In: events from hooks, on any thread of the app. Out: `Batch` messages through the port, at most
// `delayMs` later. Stacks are made into text only here, away from the app's own work. When the host
// does not keep up, the thread that adds events does the sending itself; only when that is not
// possible are events dropped, counted, and never given a number.

import { CONTRACT_VERSION, type Batch, type Flushed, type WireEvent } from "./contract.js";

/** A stack that was captured and not made into text yet. */
export interface PendingStack {
  /** Texts, innermost first: the sender's stack, then those who scheduled the work. */
  texts(): readonly string[];
}

type Numbered = "n" | "t" | "stack" | "at" | "len";
type Without<E> = E extends unknown ? Omit<E, Numbered> : never;

/** An event as hooks make it: without what the outbox adds. */
export type Draft = Without<WireEvent>;

export interface Port {
  send(batch: Batch, data: ArrayBuffer | null): void;
  later(fn: () => void, delayMs: number): void;
  now(): number;
}

export interface Limits {
  delayMs: number;
  batchEvents: number;
  batchBytes: number;
  /** From here on the adding thread sends at once. */
  highBytes: number;
  maxBytes: number;
  maxEvents: number;
}

export const LIMITS: Limits = {
  delayMs: 50,
  batchEvents: 500,
  batchBytes: 4 << 20,
  highBytes: 8 << 20,
  maxBytes: 64 << 20,
  maxEvents: 50_000,
};

/** A batch must stay far below Frida's 128 MiB a message; stacks are small. */
const MAX_KNOWN_STACKS = 5_000;

interface Entry {
  draft: Draft;
  n: number;
  t: number;
  data: ArrayBuffer | null;
  stack: PendingStack | null;
}

export class Outbox {
  readonly #port: Port;
  readonly #limits: Limits;
  #queue: Entry[] = [];
  #queuedBytes = 0;
  #seq = 0;
  #dropped = 0;
  #scheduled = false;
  #sending = false;
  #stackIds = new Map<string, number>();
  #lastStackId = 0;

  constructor(port: Port, limits: Limits = LIMITS) {
    this.#port = port;
    this.#limits = limits;
  }

  get dropped(): number {
    return this.#dropped;
  }

  get seq(): number {
    return this.#seq;
  }

  put(draft: Draft, data: ArrayBuffer | null = null, stack: PendingStack | null = null): void {
    const size = data === null ? 0 : data.byteLength;
    const { maxEvents, maxBytes, highBytes, delayMs } = this.#limits;
    if (this.#queue.length >= maxEvents || this.#queuedBytes + size > maxBytes) {
      this.#dropped++;
      return;
    }
    this.#queue.push({ draft, n: ++this.#seq, t: this.#port.now(), data, stack });
    this.#queuedBytes += size;
    if (this.#queuedBytes >= highBytes && !this.#sending) {
      this.drain();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      this.#port.later(() => {
        this.#scheduled = false;
        this.drain();
      }, delayMs);
    }
  }

  /** Send all there is. */
  flush(): Flushed {
    this.drain();
    return { seq: this.#seq, dropped: this.#dropped };
  }

  drain(): void {
    if (this.#sending) {
      return;
    }
    this.#sending = true;
    try {
      while (this.#queue.length > 0) {
        this.#sendBatch(this.#take());
      }
    } finally {
      this.#sending = false;
    }
  }

  #take(): Entry[] {
    const { batchEvents, batchBytes } = this.#limits;
    let bytes = 0;
    let count = 0;
    for (const entry of this.#queue) {
      const size = entry.data === null ? 0 : entry.data.byteLength;
      if (count > 0 && (count >= batchEvents || bytes + size > batchBytes)) {
        break;
      }
      bytes += size;
      count++;
    }
    this.#queuedBytes -= bytes;
    return this.#queue.splice(0, count);
  }

  #sendBatch(entries: readonly Entry[]): void {
    const stacks: [number, string][] = [];
    const parts: ArrayBuffer[] = [];
    let at = 0;
    const events = entries.map((entry) => {
      const event: Record<string, unknown> = { ...entry.draft, n: entry.n, t: entry.t };
      if (hasSlice(entry.draft)) {
        event["at"] = at;
        event["len"] = entry.data === null ? 0 : entry.data.byteLength;
      }
      if (entry.data !== null && entry.data.byteLength > 0) {
        parts.push(entry.data);
        at += entry.data.byteLength;
      }
      if (hasStack(entry.draft)) {
        event["stack"] = this.#refs(entry.stack, stacks);
      }
      return event as unknown as WireEvent;
    });
    this.#port.send({ type: "batch", v: CONTRACT_VERSION, stacks, events }, joined(parts, at));
  }

  #refs(stack: PendingStack | null, fresh: [number, string][]): number[] {
    if (stack === null) {
      return [];
    }
    return stack.texts().map((text) => {
      let id = this.#stackIds.get(text);
      if (id === undefined) {
        if (this.#stackIds.size >= MAX_KNOWN_STACKS) {
          this.#stackIds.clear();
        }
        id = ++this.#lastStackId;
        this.#stackIds.set(text, id);
        fresh.push([id, text]);
      }
      return id;
    });
  }
}

const WITH_SLICE = new Set(["body", "answer", "bytes", "cipher", "datagram", "handover", "flow"]);
const WITH_STACK = new Set(["request", "bytes", "cipher", "datagram", "handover", "lookup"]);

function hasSlice(draft: Draft): boolean {
  return WITH_SLICE.has(draft.k);
}

function hasStack(draft: Draft): boolean {
  return WITH_STACK.has(draft.k);
}

function joined(parts: readonly ArrayBuffer[], size: number): ArrayBuffer | null {
  const first = parts[0];
  if (first === undefined) {
    return null;
  }
  if (parts.length === 1) {
    return first;
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return all.buffer;
}
