// What the hook tables share: numbering requests and connections, and handing events to the outbox.
//
// Large byte arrays go out in pieces of any total size; a body beyond the cap is recorded up to the cap
// and says so in every later event.

import type { HandedLayer, Header, Layer } from "./contract.js";
import type { Bridge } from "./java.js";
import type { Origins } from "./origins.js";
import type { Outbox, PendingStack } from "./outbox.js";
import type { Call } from "./patch.js";
import type { Stacks } from "./stacks.js";
import { encodeUtf8 } from "./text.js";
import { Remembered, type Threads } from "./threads.js";

/** Bytes of one event. */
export const PIECE_BYTES = 1 << 20;

/** Bytes recorded of one answer: what a note on it needs. */
const ANSWER_CAP_BYTES = 128 << 10;
const MAX_ANSWERS = 4_000;

export interface Peer {
  readonly host: string;
  readonly port: number;
}

/** Who is handed something: a package, or the host that it will be sent to. */
export interface Receiver {
  readonly package: string;
  readonly host: string;
}

/** Reads `length` bytes at `offset` of what is being written. */
export type Source = (offset: number, length: number) => ArrayBuffer;

export class Recorder {
  #requests = 0;
  #connections = 0;
  readonly #bodies = new Map<number, number>();
  readonly #answers = new Remembered<number>(MAX_ANSWERS);
  bodyCapBytes = 0;

  constructor(
    readonly bridge: Bridge,
    readonly outbox: Outbox,
    readonly threads: Threads,
    readonly stacks: Stacks,
    readonly origins: Origins,
  ) {}

  nextRequest(): number {
    return ++this.#requests;
  }

  nextConnection(): number {
    return ++this.#connections;
  }

  stackOf(call: Call): PendingStack {
    return this.stacks.sender(this.origins.current(this.threads.peek(call.thread)));
  }

  request(call: Call, ex: number, head: RequestHead): void {
    const { thread, target } = call;
    this.outbox.put(
      { k: "request", layer: "java-http", target: target.id, thread, ex, ...head },
      null,
      this.stackOf(call),
    );
  }

  body(call: Call, ex: number, size: number, source: Source): void {
    const before = this.#bodies.get(ex) ?? 0;
    this.#bodies.set(ex, before + size);
    const kept = this.bodyCapBytes === 0 ? size : Math.min(size, Math.max(0, this.bodyCapBytes - before));
    this.#pieces(size, kept, source, (data, spoken, unread) =>
      this.outbox.put({ k: "body", thread: call.thread, ex, unread, size: spoken }, data),
    );
  }

  /** How many bytes of a body went by so far. */
  bodyBytes(ex: number): number {
    return this.#bodies.get(ex) ?? 0;
  }

  /** `size` bytes of the answer went to the app; only the beginning of a long one is kept. */
  answerBody(call: Call, ex: number, size: number, source: Source): void {
    const before = this.#answers.get(ex) ?? 0;
    this.#answers.set(ex, before + size);
    const kept = Math.min(size, Math.max(0, ANSWER_CAP_BYTES - before));
    if (before >= ANSWER_CAP_BYTES) {
      return; // the event at the limit has said so
    }
    const unread = kept < size ? `cut at ${ANSWER_CAP_BYTES} bytes` : "";
    this.outbox.put({ k: "answer", thread: call.thread, ex, unread, size }, source(0, kept));
  }

  response(call: Call, ex: number, answer: Answer): void {
    this.#bodies.delete(ex);
    this.outbox.put({ k: "response", thread: call.thread, ex, ...answer });
  }

  written(call: Call, layer: Exclude<Layer, "java-http">, conn: number, peer: Peer, size: number, source: Source): void {
    const { thread, target } = call;
    const ex = this.threads.peek(thread)?.request ?? 0;
    // Inside a request of the HTTP layer that request's own stack says who sends.
    let stack = ex === 0 ? this.stackOf(call) : null;
    this.#pieces(size, size, source, (data, spoken, unread) => {
      this.outbox.put(
        { k: "bytes", layer, target: target.id, thread, conn, ...peer, ex, unread, size: spoken },
        data,
        stack,
      );
      stack = null;
    });
  }

  datagram(call: Call, peer: Peer, size: number, source: Source): void {
    const { thread, target } = call;
    const draft = { k: "datagram", target: target.id, thread, ...peer, size } as const;
    this.outbox.put(draft, source(0, size), this.stackOf(call));
  }

  /** `told`: JSON. */
  handover(call: Call, layer: HandedLayer, receiver: Receiver, told: string): void {
    const bytes = encodeUtf8(told);
    const draft = { ...this.#handed(call, layer, receiver), parcel: false, unread: "", size: bytes.length };
    this.outbox.put(draft, bytes.buffer as ArrayBuffer, this.stackOf(call));
  }

  /** `bytes`: of a parcel; null where they cannot be had. */
  parcel(call: Call, receiver: Receiver, bytes: ArrayBuffer | null): void {
    const unread = bytes === null ? "the parcel holds live objects" : "";
    const draft = { ...this.#handed(call, "ipc", receiver), parcel: true, unread, size: bytes?.byteLength ?? 0 };
    this.outbox.put(draft, bytes, this.stackOf(call));
  }

  /** An operation of `how` turned `input` into `output`. */
  flow(call: Call, how: string, input: Uint8Array, output: Uint8Array): void {
    const both = new Uint8Array(input.length + output.length);
    both.set(input);
    both.set(output, input.length);
    const { thread, target } = call;
    this.outbox.put({ k: "flow", target: target.id, thread, how, split: input.length }, both.buffer);
  }

  #handed(call: Call, layer: HandedLayer, receiver: Receiver) {
    return { k: "handover", layer, target: call.target.id, thread: call.thread, ...receiver } as const;
  }

  #pieces(
    size: number,
    kept: number,
    source: Source,
    put: (data: ArrayBuffer, spoken: number, unread: string) => void,
  ): void {
    let offset = 0;
    while (offset < kept) {
      const length = Math.min(PIECE_BYTES, kept - offset);
      put(source(offset, length), length, "");
      offset += length;
    }
    if (kept < size) {
      put(new ArrayBuffer(0), size - kept, `cut at ${this.bodyCapBytes} bytes`);
    }
  }
}

export interface RequestHead {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly version: string;
  readonly error: string;
}

export function noAnswer(error: string): Answer {
  return { status: 0, headers: [], version: "", error };
}
