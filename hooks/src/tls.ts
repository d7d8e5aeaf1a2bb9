// Plaintext as it enters a Java TLS implementation: Conscrypt in its packages, JSSE on a plain JVM.
//
// The streams belong to a socket object; its identity is the connection. Handshakes are hooked so that
// the encrypted bytes that they write are known to belong to a connection whose plaintext is seen.

import { once, toNumber, type Bridge, type JavaObject, type Raw } from "./java.js";
import type { Call, Observer, Target } from "./patch.js";
import type { Peer, Recorder } from "./recorder.js";
import { Remembered } from "./threads.js";
import { addressHost } from "./peers.js";
import type { Text } from "./text.js";
import type { Runtime } from "./contract.js";

const MAX_CONNECTIONS = 10_000;
const BYTES = "[B";
/** As an app brings it, as Android does, as Play services do. */
export const CONSCRYPT = ["org.conscrypt", "com.android.org.conscrypt", "com.google.android.gms.org.conscrypt"];
const JSSE = "sun.security.ssl.SSLSocketImpl";

/** Whether the table has rows for TLS sockets of this class. Conscrypt makes subclasses of its own. */
export function isKnownTlsSocket(cls: string): boolean {
  return cls === JSSE || isConscrypt(cls);
}

export function isConscrypt(cls: string): boolean {
  return CONSCRYPT.some((name) => cls.startsWith(`${name}.`));
}

/** The class that has a socket's plaintext streams; `Java8EngineSocket` and its like inherit them. */
export function streamOwner(cls: string): string {
  return cls.replace(/Java\d+(EngineSocket|FileDescriptorSocket)$/, "Conscrypt$1");
}

interface Connection {
  readonly id: number;
  readonly peer: Peer;
}

/** Reads the peer of a TLS socket. */
type PeerOf = (socket: JavaObject) => Peer;

export function tlsTable(recorder: Recorder, text: Text, bridge: Bridge = recorder.bridge): readonly Target[] {
  const { threads } = recorder;
  const connections = new Remembered<Connection>(MAX_CONNECTIONS);

  function connection(raw: Raw, socket: () => JavaObject, peerOf: PeerOf): Connection {
    const key = bridge.identity(raw);
    const known = connections.get(key);
    // A handshake may come before the host is known.
    if (known !== undefined && known.peer.host !== "") {
      return known;
    }
    const made = { id: known?.id ?? recorder.nextConnection(), peer: peerOf(socket()) };
    connections.set(key, made);
    return made;
  }

  function enter(call: Call, conn: Connection): number {
    threads.get(call.thread).tls.push(conn.id);
    return conn.id;
  }

  function leave(call: Call, id: number | undefined): void {
    const tls = threads.get(call.thread).tls;
    if (id !== undefined && tls[tls.length - 1] === id) {
      tls.pop();
    }
    threads.settle(call.thread);
  }

  const handshake = (peerOf: PeerOf): Observer<number> => ({
    before: (call) => enter(call, connection(call.self, () => call.self, peerOf)),
    after: leave,
    failed: leave,
  });

  const write = (socketOf: () => (stream: Raw) => unknown, peerOf: PeerOf): Observer<number> => ({
    before(call) {
      const raw = socketOf()(call.self) as Raw;
      const conn = connection(raw, () => call.self["this$0"].value as JavaObject, peerOf);
      const tls = threads.peek(call.thread)?.tls;
      // One overload calls another: the outermost call has recorded the bytes.
      if (tls === undefined || tls[tls.length - 1] !== conn.id) {
        record(call, conn);
      }
      return enter(call, conn);
    },
    after: leave,
    failed: leave,
  });

  function record(call: Call, conn: Connection): void {
    const [first, from, length] = call.args;
    const array = first as JavaObject;
    const start = from === undefined ? 0 : toNumber(from);
    const size = length === undefined ? toNumber(array["length"]) : toNumber(length);
    if (size > 0 && start >= 0 && start + size <= toNumber(array["length"])) {
      recorder.written(call, "tls", conn.id, conn.peer, size, (offset, count) =>
        bridge.bytes(array, start + offset, count),
      );
    }
  }

  const conscryptPeer: PeerOf = (socket) => {
    const named = socket["getHostname"]?.() ?? null;
    const host = named === null ? (socket["getHostnameOrIP"]?.() ?? "") : named;
    return { host: text(host), port: toNumber(socket["getPort"]()) };
  };
  const jssePeer: PeerOf = (socket) => {
    const host = socket["peerHost"]?.value ?? null;
    const address = host === null || text(host) === "" ? socket["getInetAddress"]() : null;
    return {
      host: address === null ? text(host ?? "") : addressHost(text(address)),
      port: toNumber(socket["getPort"]()),
    };
  };

  function rows(
    runtimes: readonly Runtime[],
    from: Target["from"],
    socket: string,
    inner: string,
    overloads: readonly (readonly string[])[],
    peerOf: PeerOf,
  ): Target[] {
    const stream = `${socket}$${inner}`;
    const classes = from === "boot" ? bridge.boot : bridge.app;
    const type = `L${socket.replace(/\./g, "/")};`;
    const socketOf = once(() => bridge.field(classes.use(stream), "this$0", type));
    const observe = write(socketOf, peerOf);
    return [
      ...overloads.map((overload): Target => ({
        id: `${stream}.write(${overload.join(",")})`,
        layer: "tls",
        runtimes,
        from,
        cls: stream,
        method: "write",
        overload,
        prepare: socketOf,
        observe,
      })),
      {
        id: `${socket}.startHandshake`,
        layer: "tls",
        runtimes,
        from,
        cls: socket,
        method: "startHandshake",
        observe: handshake(peerOf),
      },
    ];
  }

  // `write(int)` of both goes through the overloads below. Sockets on a file descriptor were Android's
  // default before API 30; on a JVM they have to be asked for.
  const engine = (name: string): Target[] =>
    rows(["art", "jvm"], "app", `${name}.ConscryptEngineSocket`, "SSLOutputStream", [[BYTES, "int", "int"], [BYTES]], conscryptPeer);
  const descriptor = (name: string): Target[] =>
    rows(["art"], "app", `${name}.ConscryptFileDescriptorSocket`, "SSLOutputStream", [[BYTES, "int", "int"]], conscryptPeer);
  return [
    ...CONSCRYPT.flatMap((name) => [...engine(name), ...descriptor(name)]),
    ...rows(["jvm"], "boot", JSSE, "AppOutputStream", [[BYTES, "int", "int"]], jssePeer),
  ];
}
