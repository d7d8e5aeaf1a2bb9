// Bytes of NIO channels: what Netty, Ktor CIO and their like write to.
//
// A channel takes as much as it can: what it took is known, and recorded, when the call has ended. An
// asynchronous channel takes a buffer at once and tells later; a call that goes on with the rest of the
// same buffer adds nothing to what was recorded.

import type { Buffers, Held } from "./buffers.js";
import { toNumber, type Bridge, type Raw } from "./java.js";
import { socketPeer } from "./peers.js";
import type { Call, Observer, Target } from "./patch.js";
import type { Peer, Recorder } from "./recorder.js";
import { Remembered } from "./threads.js";
import type { Runtime } from "./contract.js";
import type { Wires } from "./wires.js";

const BUFFER = "java.nio.ByteBuffer";
export const BUFFERS = "[Ljava.nio.ByteBuffer;";
const CHANNEL = "sun.nio.ch.SocketChannelImpl";
const ASYNC = "sun.nio.ch.AsynchronousSocketChannelImpl";
const BOTH = ["art", "jvm"] as const;
const MAX_PENDING = 1_000;

/** Peer of a channel by its own `getRemoteAddress`. */
export function channelPeer(bridge: Bridge, cls: string): (channel: Raw) => Peer {
  const remote = bridge.method(bridge.boot.use(cls), "getRemoteAddress", "()Ljava/net/SocketAddress;");
  return (channel) => {
    const address = remote(channel) as Raw | null;
    return address === null ? { host: "", port: 0 } : socketPeer(bridge.text(address));
  };
}

export function channelTable(recorder: Recorder, wires: Wires, buffers: () => Buffers): readonly Target[] {
  const { bridge } = recorder;
  const peers = new Map<string, (channel: Raw) => Peer>();
  const pending = new Remembered<number>(MAX_PENDING);

  function record(call: Call, size: number, held: Pick<Held, "source">): void {
    const peerOf = peers.get(call.target.cls);
    wires.wrote(call, call.self, () => peerOf?.(call.self) ?? { host: "", port: 0 }, size, held.source);
  }

  /** The result is how much was taken; negative values say why nothing was. */
  const counted = (heldOf: (call: Call) => Held): Observer<Held> => ({
    before: heldOf,
    after: (call, held, result) => {
      if (held !== undefined) {
        record(call, Math.min(toNumber(result), held.size), held);
      }
    },
  });

  const one = counted((call) => buffers().held(call.args[0] as Raw));
  const several = counted((call) => {
    const [array, first, count] = call.args;
    return buffers().heldBy(array as Raw[], toNumber(first), toNumber(count));
  });
  /** Of the channel's own `Socket`: blocks until all is written. */
  const whole: Observer = {
    before(call) {
      const [array, start, size] = call.args;
      const source = (offset: number, length: number) => bridge.bytes(array as Raw, toNumber(start) + offset, length);
      record(call, toNumber(size), { source });
    },
  };
  const later: Observer = {
    before(call) {
      const [gathering, buffer, array] = call.args;
      const many = gathering === true || toNumber(gathering) === 1;
      const held = many
        ? buffers().held(...(array as Raw[]))
        : buffers().held(buffer as Raw);
      if (many || !isRest(buffer as Raw, held.size)) {
        record(call, held.size, held);
      }
    },
  };

  /** Whether the buffer is on its way already and only its rest is written. */
  function isRest(buffer: Raw, size: number): boolean {
    const key = bridge.identity(buffer);
    const position = buffers().position(buffer);
    const end = position + size;
    const rest = position > 0 && pending.get(key) === end;
    pending.set(key, end);
    return rest;
  }

  const row = (
    cls: string,
    runtimes: readonly Runtime[],
    method: string,
    overload: readonly string[],
    observe: Target["observe"],
  ): Target => ({
    id: `${cls}.${method}(${overload.join(",")})`,
    layer: "socket",
    runtimes,
    from: "boot",
    cls,
    method,
    overload,
    prepare: () => {
      buffers();
      peers.set(cls, peers.get(cls) ?? channelPeer(bridge, cls));
    },
    observe,
  });
  const handler = ["long", "java.util.concurrent.TimeUnit", "java.lang.Object", "java.nio.channels.CompletionHandler"];
  return [
    row(CHANNEL, BOTH, "write", [BUFFER], one),
    row(CHANNEL, BOTH, "write", [BUFFERS, "int", "int"], several),
    row(CHANNEL, ["jvm"], "blockingWriteFully", ["[B", "int", "int"], whole),
    row(ASYNC, BOTH, "write", ["boolean", BUFFER, BUFFERS, ...handler], later),
  ];
}
