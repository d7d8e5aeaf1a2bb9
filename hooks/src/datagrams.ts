// Datagrams: each is recorded whole, before it is sent, so that one that the network refuses is seen too.

import type { Buffers } from "./buffers.js";
import { channelPeer } from "./channels.js";
import { once, toNumber, type JavaObject, type Raw } from "./java.js";
import { addressHost, socketPeer } from "./peers.js";
import type { Call, Observer, Target } from "./patch.js";
import type { Peer, Recorder, Source } from "./recorder.js";
import type { Text } from "./text.js";

const BOTH = ["art", "jvm"] as const;
const CHANNEL = "sun.nio.ch.DatagramChannelImpl";
const BUFFER = "java.nio.ByteBuffer";

export function datagramTable(recorder: Recorder, buffers: () => Buffers, text: Text): readonly Target[] {
  const { bridge } = recorder;
  const sending = new Set<number>();
  const connected = once(() => channelPeer(bridge, CHANNEL));

  const packets = once(() => {
    const cls = bridge.boot.use("java.net.DatagramPacket");
    return {
      data: bridge.method(cls, "getData", "()[B"),
      offset: bridge.method(cls, "getOffset", "()I"),
      size: bridge.method(cls, "getLength", "()I"),
      address: bridge.method(cls, "getAddress", "()Ljava/net/InetAddress;"),
      port: bridge.method(cls, "getPort", "()I"),
    };
  });

  function put(call: Call, peer: Peer, size: number, source: Source): void {
    recorder.datagram(call, peer, size, source);
  }

  /** A `DatagramSocket` hands the packet on to another one inside. */
  const packet: Observer<boolean> = {
    before(call) {
      if (sending.has(call.thread)) {
        return false;
      }
      sending.add(call.thread);
      const sent = call.args[0] as JavaObject;
      const read = packets();
      const data = read.data(sent) as Raw;
      const start = toNumber(read.offset(sent));
      const source = (offset: number, length: number) => bridge.bytes(data, start + offset, length);
      put(call, packetPeer(call.self, sent), toNumber(read.size(sent)), source);
      return true;
    },
    after: leave,
    failed: leave,
  };

  function leave(call: Call, outermost: boolean | undefined): void {
    if (outermost !== false) {
      sending.delete(call.thread);
    }
  }

  /** The packet's own address; a connected socket's packets may have none. */
  function packetPeer(socket: JavaObject, sent: JavaObject): Peer {
    const address = packets().address(sent) as Raw | null;
    if (address !== null) {
      return { host: addressHost(bridge.text(address)), port: toNumber(packets().port(sent)) };
    }
    const remote = socket["getRemoteSocketAddress"]() as JavaObject | null;
    return remote === null ? { host: "", port: 0 } : socketPeer(text(remote));
  }

  const buffered: Observer = {
    before(call) {
      if (sending.has(call.thread)) {
        return;
      }
      const held = buffers().held(call.args[0] as Raw);
      const address = call.args[1] as JavaObject | undefined;
      const peer = address === undefined ? connected()(call.self) : socketPeer(text(address));
      put(call, peer, held.size, held.source);
    },
  };

  const prepare = () => {
    buffers();
    connected();
  };
  const row = (cls: string, method: string, overload: readonly string[], observe: Target["observe"]): Target => ({
    id: `${cls}.${method}(${overload.join(",")})`,
    layer: "socket",
    runtimes: BOTH,
    from: "boot",
    cls,
    method,
    overload,
    prepare: cls === CHANNEL ? prepare : () => void packets(),
    observe,
  });
  return [
    row("java.net.DatagramSocket", "send", ["java.net.DatagramPacket"], packet),
    row("sun.nio.ch.DatagramSocketAdaptor", "send", ["java.net.DatagramPacket"], packet),
    row(CHANNEL, "send", [BUFFER, "java.net.SocketAddress"], buffered),
    row(CHANNEL, "write", [BUFFER], buffered),
  ];
}
