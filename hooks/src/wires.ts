// Connections on which bytes are seen as they leave: what is plain is recorded, what is TLS is told once.
//
// Bytes that a hooked TLS layer writes are its own encrypted output: only the fact that the connection
// carries that layer is told. Which TLS layer that is, the thread tells that is inside it; where another
// thread or a later call does the writing (an `SSLEngine` and its channel), the random number in the
// client's hello does, which both have seen. A connection that starts to talk TLS by itself is told with
// its first record, and its bytes stay out of the record.

import type { Raw } from "./java.js";
import type { Call } from "./patch.js";
import type { Peer, Recorder, Source } from "./recorder.js";
import { Remembered } from "./threads.js";

const MAX_CONNECTIONS = 10_000;
/** A TLS record is at most 16 KiB and a header. */
const MAX_HELLO_BYTES = 16_389;
const HANDSHAKE = 22;
const TLS_MAJOR = 3;
const CLIENT_HELLO = 1;
/** Record header, handshake header, version (RFC 8446 section 4.1.2). */
const RANDOM_AT = 11;
const RANDOM_BYTES = 32;
/** So much of a hello says whose it is. */
export const HELLO_HEAD_BYTES = RANDOM_AT + RANDOM_BYTES;

interface Connection {
  readonly id: number;
  readonly peer: Peer;
  /** The TLS connection that this one was last told to carry. */
  carries: number;
  encrypted: boolean;
}

/** TLS connections by the random number of their hello. */
export class Hellos {
  readonly #byRandom = new Map<string, number>();
  readonly #order: string[] = [];

  /** `head`: the first bytes of what a TLS layer put out. */
  made(head: Uint8Array, tls: number): void {
    const random = clientRandom(head);
    if (random !== "" && !this.#byRandom.has(random)) {
      this.#byRandom.set(random, tls);
      this.#order.push(random);
      if (this.#order.length > MAX_CONNECTIONS) {
        this.#byRandom.delete(this.#order.shift() ?? "");
      }
    }
  }

  of(head: Uint8Array): number {
    return this.#byRandom.get(clientRandom(head)) ?? 0;
  }
}

function clientRandom(head: Uint8Array): string {
  if (!startsTls(head) || head.length < HELLO_HEAD_BYTES || head[5] !== CLIENT_HELLO) {
    return "";
  }
  return Array.from(head.subarray(RANDOM_AT, HELLO_HEAD_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function startsTls(head: Uint8Array): boolean {
  return head[0] === HANDSHAKE && head[1] === TLS_MAJOR && head.length >= 5;
}

export class Wires {
  readonly hellos = new Hellos();
  readonly #recorder: Recorder;
  readonly #connections = new Remembered<Connection>(MAX_CONNECTIONS);

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** `socket`: what stands for the connection; `peerOf` is asked once. */
  wrote(call: Call, socket: Raw, peerOf: () => Peer, size: number, source: Source): void {
    if (size <= 0) {
      return;
    }
    const conn = this.#connection(socket, peerOf);
    const tls = this.#recorder.threads.peek(call.thread)?.tls;
    const carried = tls?.[tls.length - 1] ?? 0;
    if (carried !== 0) {
      this.#carry(call, conn, carried);
    } else if (!conn.encrypted) {
      this.#plain(call, conn, size, source);
    }
  }

  #connection(socket: Raw, peerOf: () => Peer): Connection {
    const key = this.#recorder.bridge.identity(socket);
    let conn = this.#connections.get(key);
    if (conn === undefined) {
      conn = { id: this.#recorder.nextConnection(), peer: peerOf(), carries: 0, encrypted: false };
      this.#connections.set(key, conn);
    }
    return conn;
  }

  #carry(call: Call, conn: Connection, tls: number): void {
    if (conn.carries !== tls) {
      conn.carries = tls;
      conn.encrypted = true;
      this.#recorder.outbox.put({ k: "carrier", thread: call.thread, conn: conn.id, tls, ...conn.peer });
    }
  }

  #plain(call: Call, conn: Connection, size: number, source: Source): void {
    const head = new Uint8Array(source(0, Math.min(size, HELLO_HEAD_BYTES)));
    if (!startsTls(head)) {
      this.#recorder.written(call, "socket", conn.id, conn.peer, size, source);
      return;
    }
    const known = this.hellos.of(head);
    if (known !== 0) {
      this.#carry(call, conn, known);
      return;
    }
    conn.encrypted = true;
    const record = source(0, Math.min(size, MAX_HELLO_BYTES));
    const { outbox } = this.#recorder;
    const stack = this.#recorder.stackOf(call);
    outbox.put({ k: "cipher", thread: call.thread, conn: conn.id, ...conn.peer }, record, stack);
  }
}
