// Bytes of plain sockets, the net below all Java HTTP clients.

import { toNumber, type JavaObject } from "./java.js";
import { addressHost } from "./peers.js";
import type { Call, Observer, Target } from "./patch.js";
import type { Peer, Recorder } from "./recorder.js";
import type { Text } from "./text.js";
import type { Wires } from "./wires.js";

export function socketTable(recorder: Recorder, wires: Wires, text: Text): readonly Target[] {
  const { bridge } = recorder;

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
        const impl = implOf(call);
        const source = (offset: number, length: number) => bridge.bytes(array, start + offset, length);
        wires.wrote(call, impl, () => peerOf(impl), toNumber(call.args[arrayAt + 2]), source);
      },
    };
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
