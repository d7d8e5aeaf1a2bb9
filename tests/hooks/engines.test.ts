import assert from "node:assert/strict";
import { test } from "node:test";
import { Buffers } from "../../hooks/src/buffers.js";
import { channelTable } from "../../hooks/src/channels.js";
import { datagramTable } from "../../hooks/src/datagrams.js";
import { engineTable } from "../../hooks/src/engines.js";
import { once, type JavaObject } from "../../hooks/src/java.js";
import { nameTable } from "../../hooks/src/names.js";
import { Wires } from "../../hooks/src/wires.js";
import { javaArray, object } from "./fake_bridge.js";
import { Parts, text } from "./agent_parts.js";

const CHANNEL = "sun.nio.ch.SocketChannelImpl";
const ENGINE = "sun.security.ssl.SSLEngineImpl";

/** A `ByteBuffer` over these bytes, from a position on. */
function buffer(content: Uint8Array, at = 0): JavaObject {
  const state = { at };
  return object({
    position: (to?: number) => (to === undefined ? state.at : void (state.at = to)),
    remaining: () => content.length - state.at,
    duplicate: () => buffer(content, state.at),
    get: (array: JavaObject, start: number, length: number) =>
      void (array["content"] as Uint8Array).set(content.subarray(state.at, state.at + length), start),
  });
}

const bytes = (words: string): Uint8Array => Uint8Array.from(Buffer.from(words, "utf8"));

/** The first record of a TLS client whose random number is made of this byte. */
function hello(random: number): Uint8Array {
  const record = new Uint8Array(60).fill(random, 11, 43);
  record.set([22, 3, 1, 0, 55, 1]);
  return record;
}

function network() {
  const parts = new Parts();
  const { bridge } = parts;
  for (const name of ["java.nio.ByteBuffer", "javax.net.ssl.SSLEngine", "javax.net.ssl.SSLEngineResult", "sun.nio.ch.DatagramChannelImpl", "java.net.DatagramPacket"]) {
    bridge.define(name, {});
  }
  const write = bridge.add(CHANNEL, "write", ["java.nio.ByteBuffer"], (_buffer) => taken);
  const gather = bridge.add(CHANNEL, "write", ["[Ljava.nio.ByteBuffer;", "int", "int"], () => taken);
  const wrap = bridge.add(ENGINE, "wrap", ["[Ljava.nio.ByteBuffer;", "int", "int", "java.nio.ByteBuffer"], () => result);
  let taken = 0;
  let result = object({});
  const wires = new Wires(parts.recorder);
  const buffers = once(() => new Buffers(bridge));
  parts.apply(channelTable(parts.recorder, wires, buffers));
  parts.apply(engineTable(parts.recorder, wires, buffers));
  parts.apply(datagramTable(parts.recorder, buffers, text));
  parts.apply(nameTable(parts.recorder));
  return {
    parts,
    write: (channel: JavaObject, content: Uint8Array, count: number) => {
      taken = count;
      write.invoke(channel, buffer(content));
    },
    gather: (channel: JavaObject, parted: readonly JavaObject[], first: number, count: number, all: number) => {
      taken = all;
      gather.invoke(channel, parted, first, count);
    },
    wrap: (engine: JavaObject, plain: string, consumed: number, output: Uint8Array) => {
      result = object({ bytesConsumed: () => consumed, bytesProduced: () => output.length });
      wrap.invoke(engine, [buffer(bytes(plain))], 0, 1, buffer(output));
    },
  };
}

const channel = (): JavaObject =>
  object({ getRemoteAddress: () => object({ toString: () => "api.example/10.0.0.1:443" }) });
const engine = (): JavaObject => object({ getPeerHost: () => null, getPeerPort: () => -1 });

test("of a channel's buffer what was taken is recorded, not what was offered", () => {
  const { parts, write } = network();
  const to = channel();
  write(to, bytes("hepatitis"), 4);
  write(to, bytes("tis"), 3);
  write(to, bytes("refused"), 0);
  const seen = parts.events();
  assert.deepEqual(seen.map(({ bytes: data }) => data), ["hepa", "tis"]);
  const [first] = seen;
  assert.ok(first?.event.k === "bytes");
  assert.deepEqual([first.event.host, first.event.port, first.event.layer], ["api.example", 443, "socket"]);
  assert.deepEqual(parts.faults, []);
});

test("several buffers are one write, across their borders", () => {
  const { parts, gather } = network();
  gather(channel(), [buffer(bytes("not")), buffer(bytes("..can"), 2), buffer(bytes("")), buffer(bytes("cer..."))], 1, 3, 6);
  assert.deepEqual(parts.events().map(({ bytes: data }) => data), ["cancer"]);
  assert.deepEqual(parts.faults, []);
});

test("an engine's output is known on the channel by the random number of its hello", () => {
  const { parts, wrap, write } = network();
  const [first, second] = [engine(), engine()];
  wrap(first, "", 0, hello(1));
  wrap(second, "", 0, hello(2));
  write(channel(), hello(2), 60);
  write(channel(), hello(3), 60);
  wrap(second, "secret", 6, bytes("noise"));
  const events = parts.events();
  assert.deepEqual(events.map(({ event }) => event.k), ["carrier", "cipher", "bytes"]);
  const [carrier, , plain] = events.map(({ event }) => event);
  assert.ok(carrier?.k === "carrier" && plain?.k === "bytes");
  assert.deepEqual([carrier.tls, carrier.host, carrier.port], [plain.conn, "api.example", 443]);
  assert.deepEqual([plain.layer, plain.host, plain.port, events[2]?.bytes], ["tls", "", 0, "secret"]);
  assert.deepEqual(parts.faults, []);
});

test("an engine inside a TLS socket is left to the socket", () => {
  const { parts, wrap } = network();
  parts.threads.get(1).tls.push(9);
  wrap(engine(), "secret", 6, hello(1));
  assert.deepEqual(parts.events(), []);
});

test("a datagram is recorded although it is refused, and once although two sockets send it", () => {
  const { parts } = network();
  const { bridge } = parts;
  const packet = ["java.net.DatagramPacket"];
  const inner = bridge.add("sun.nio.ch.DatagramSocketAdaptor", "send", packet, () => {
    throw new Error("Network is unreachable");
  });
  const outer = bridge.add("java.net.DatagramSocket", "send", packet, (sent) => inner.invoke(object({}), sent));
  parts.apply(datagramTable(parts.recorder, once(() => new Buffers(bridge)), text));
  const sent = object({
    getData: () => javaArray("[hepatitis]"),
    getOffset: () => 1,
    getLength: () => 9,
    getAddress: () => "udp.example/10.0.0.2",
    getPort: () => 53,
  });
  for (const _ of [1, 2]) {
    assert.throws(() => outer.invoke(object({}), sent), /unreachable/);
  }
  const seen = parts.events();
  assert.deepEqual(seen.map(({ bytes: data }) => data), ["hepatitis", "hepatitis"]);
  assert.ok(seen[0]?.event.k === "datagram");
  assert.deepEqual([seen[0].event.host, seen[0].event.port], ["udp.example", 53]);
  assert.deepEqual(parts.faults, []);
});

test("names are told, addresses are not", () => {
  const { parts } = network();
  const look = parts.bridge.add("java.net.InetAddress", "getAllByName", ["java.lang.String"], () => null);
  parts.apply(nameTable(parts.recorder));
  for (const name of ["cancer.t.example", "10.0.0.1", "::1", null, ""]) {
    look.invoke(object({}), name);
  }
  assert.deepEqual(parts.events().map(({ event }) => event.k === "lookup" && event.host), ["cancer.t.example"]);
});
