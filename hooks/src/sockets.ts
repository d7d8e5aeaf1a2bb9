// Bytes of plain sockets, the net below all Java HTTP clients.
//
// Bytes that a hooked TLS layer writes are its own encrypted output: only the fact that the socket
// carries that connection is told. A socket that starts to talk TLS by itself is told once, with the
// first record, and its bytes stay out of the record.

import { toNumber, type JavaObject } from "./java.js";
import type { Call, Observer, Target } from "./patch.js";
import type { Peer, Recorder } from "./recorder.js";
import { Remembered } from "./threads.js";
import type { Text } from "./text.js";
import { addressHost } from "./tls.js";

const MAX_CONNECTIONS = 10_000;

interface Connection {
  readonly id: number;
  readonly peer: Peer;
  /** The TLS connection that this socket was last told to carry. */
  carries: number;
  encrypted: boolean;
}

export function socketTable(recorder: Recorder, text: Text): readonly Target[] {
  const { bridge, threads, outbox } = recorder;
  const connections = new Remembered<Connection>(MAX_CONNECTIONS);

  function connection(impl: JavaObject): Connection {
    const key = bridge.identity(impl);
    let conn = connections.get(key);
    if (conn === undefined) {
      conn = { id: recorder.nextConnection(), peer: peerOf(impl), carries: 0, encrypted: false };
      connections.set(key, conn);
    }
    return conn;
  }

  /** Peer of a `java.net.SocketImpl`. */
  function peerOf(impl: JavaObject): Peer {
    const address = impl["address"].value as JavaObject | null;
    const host = address === null ? "" : addressHost(text(address));
    return { host, port: toNumber(impl["port"].value) };
  }

  function observer(implOf: (call: Call) => JavaObject, arrayAt: number): Observer {
    return {
      before(call) {
        const array = call.args[arrayAt] as JavaObject;
        const start = toNumber(call.args[arrayAt + 1]);
        const size = toNumber(call.args[arrayAt + 2]);
        if (size <= 0) {
          return;
        }
        const conn = connection(implOf(call));
        const tls = threads.peek(call.thread)?.tls;
        const carried = tls?.[tls.length - 1] ?? 0;
        if (carried !== 0) {
          carry(call, conn, carried);
        } else if (!conn.encrypted) {
          plain(call, conn, size, (offset, length) => bridge.bytes(array, start + offset, length));
        }
      },
    };
  }

  function carry(call: Call, conn: Connection, tls: number): void {
    if (conn.carries !== tls) {
      conn.carries = tls;
      conn.encrypted = true;
      outbox.put({ k: "carrier", thread: call.thread, conn: conn.id, tls });
    }
  }

  function plain(call: Call, conn: Connection, size: number, source: (offset: number, length: number) => ArrayBuffer): void {
    const head = new Uint8Array(source(0, Math.min(size, 5)));
    if (!startsTls(head)) {
      recorder.written(call, "socket", conn.id, conn.peer, size, source);
      return;
    }
    conn.encrypted = true;
    const record = source(0, Math.min(size, MAX_HELLO_BYTES));
    outbox.put({ k: "cipher", thread: call.thread, conn: conn.id, ...conn.peer }, record, recorder.stackOf(call));
  }

  return [
    {
      id: "sun.nio.ch.NioSocketImpl.write",
      layer: "socket",
      runtimes: ["jvm"],
      from: "boot",
      cls: "sun.nio.ch.NioSocketImpl",
      method: "write",
      overload: ["[B", "int", "int"],
      observe: observer((call) => call.self, 0),
    },
    {
      id: "java.net.SocketOutputStream.socketWrite0",
      layer: "socket",
      runtimes: ["art"],
      from: "boot",
      cls: "java.net.SocketOutputStream",
      method: "socketWrite0",
      overload: ["java.io.FileDescriptor", "[B", "int", "int"],
      observe: observer((call) => call.self["impl"].value as JavaObject, 1),
    },
  ];
}

/** A TLS record is at most 16 KiB and a header. */
const MAX_HELLO_BYTES = 16_389;
const HANDSHAKE = 22;
const TLS_MAJOR = 3;

function startsTls(head: Uint8Array): boolean {
  return head[0] === HANDSHAKE && head[1] === TLS_MAJOR && head.length >= 5;
}
