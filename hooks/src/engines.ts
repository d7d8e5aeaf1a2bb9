// Plaintext as it enters an `SSLEngine`, which encrypts without a socket: Netty, Ktor, gRPC on Netty.
//
// How much is taken shows when the call has ended, so the record is made then. An engine may not
// know its peer; the connection that carries its output does (`wires`).

import type { Buffers, Held } from "./buffers.js";
import { BUFFERS } from "./channels.js";
import { once, toNumber, type Raw } from "./java.js";
import type { Call, Observer, Target } from "./patch.js";
import type { Peer, Recorder } from "./recorder.js";
import { Remembered } from "./threads.js";
import { CONSCRYPT } from "./tls.js";
import { HELLO_HEAD_BYTES, type Wires } from "./wires.js";

const MAX_CONNECTIONS = 10_000;
const BUFFER = "java.nio.ByteBuffer";
const RESULT = "javax.net.ssl.SSLEngineResult";

interface Connection {
  readonly id: number;
  readonly peer: Peer;
  /** Its hello has been seen. */
  begun: boolean;
}

interface Wrapping {
  readonly conn: Connection;
  readonly held: Held;
}

export function engineTable(recorder: Recorder, wires: Wires, buffers: () => Buffers): readonly Target[] {
  const { bridge, threads } = recorder;
  const connections = new Remembered<Connection>(MAX_CONNECTIONS);
  const reader = once(() => {
    const engine = bridge.boot.use("javax.net.ssl.SSLEngine");
    const result = bridge.boot.use(RESULT);
    return {
      host: bridge.method(engine, "getPeerHost", "()Ljava/lang/String;"),
      port: bridge.method(engine, "getPeerPort", "()I"),
      consumed: bridge.method(result, "bytesConsumed", "()I"),
      produced: bridge.method(result, "bytesProduced", "()I"),
    };
  });

  function connection(engine: Raw): Connection {
    const key = bridge.identity(engine);
    let conn = connections.get(key);
    if (conn === undefined) {
      const { host, port } = reader();
      const peer = { host: String(host(engine) ?? ""), port: Math.max(0, toNumber(port(engine))) };
      conn = { id: recorder.nextConnection(), peer, begun: false };
      connections.set(key, conn);
    }
    return conn;
  }

  /** A TLS socket that works with an engine inside: the socket's stream has recorded the bytes. */
  const insideSocket = (call: Call): boolean => (threads.peek(call.thread)?.tls.length ?? 0) > 0;

  /** JSSE: all of it in one method, the output is its last argument. */
  const wrap: Observer<(Wrapping & { readonly start: number }) | undefined> = {
    before(call) {
      if (insideSocket(call)) {
        return undefined;
      }
      const [array, first, count, target] = call.args;
      const held = buffers().heldBy(array as Raw[], toNumber(first), toNumber(count));
      return { conn: connection(call.self), held, start: buffers().position(target as Raw) };
    },
    after(call, wrapping, result) {
      if (wrapping !== undefined && result !== null) {
        const { consumed, produced } = reader();
        output(wrapping.conn, call.args[3] as Raw, wrapping.start, toNumber(produced(result as Raw)));
        taken(call, wrapping, toNumber(consumed(result as Raw)));
      }
    },
  };

  /** Conscrypt: what of a buffer went in, as the result. */
  const plaintext: Observer<Wrapping | undefined> = {
    before: (call) =>
      insideSocket(call) ? undefined : { conn: connection(call.self), held: buffers().held(call.args[0] as Raw) },
    after: (call, wrapping, result) => {
      if (wrapping !== undefined) {
        taken(call, wrapping, toNumber(result));
      }
    },
  };

  /** Conscrypt: what came out, into the buffer. */
  const encrypted: Observer<number | undefined> = {
    before: (call) => (insideSocket(call) ? undefined : buffers().position(call.args[0] as Raw)),
    after: (call, start, result) => {
      if (start !== undefined) {
        output(connection(call.self), call.args[0] as Raw, start, toNumber(result));
      }
    },
  };

  function output(conn: Connection, target: Raw, start: number, produced: number): void {
    if (!conn.begun && produced > 0) {
      conn.begun = true;
      const head = buffers().read(target, start, Math.min(produced, HELLO_HEAD_BYTES));
      wires.hellos.made(new Uint8Array(head), conn.id);
    }
  }

  function taken(call: Call, { conn, held }: Wrapping, size: number): void {
    if (size > 0) {
      recorder.written(call, "tls", conn.id, conn.peer, Math.min(size, held.size), held.source);
    }
  }

  const prepare = () => {
    buffers();
    reader();
  };
  /** On a class of the app's loader no array of objects may be an argument: the bridge cannot hand it on. */
  const conscrypt = (name: string): Target[] =>
    (
      [
        ["writePlaintextData", plaintext],
        ["readEncryptedData", encrypted],
      ] as const
    ).map(([method, observe]) => ({
      id: `${name}.ConscryptEngine.${method}`,
      layer: "tls",
      runtimes: ["art", "jvm"],
      from: "app",
      cls: `${name}.ConscryptEngine`,
      method,
      overload: [BUFFER, "int"],
      prepare,
      observe,
    }));
  return [
    ...CONSCRYPT.flatMap(conscrypt),
    {
      id: "sun.security.ssl.SSLEngineImpl.wrap",
      layer: "tls",
      runtimes: ["jvm"],
      from: "boot",
      cls: "sun.security.ssl.SSLEngineImpl",
      method: "wrap",
      overload: [BUFFERS, "int", "int", BUFFER],
      prepare,
      observe: wrap,
    },
  ];
}
