import assert from "node:assert/strict";
import { test } from "node:test";
import type { JavaObject } from "../../hooks/src/java.js";
import { okhttpTable } from "../../hooks/src/okhttp.js";
import { platformHttpTable } from "../../hooks/src/platform-http.js";
import { socketTable } from "../../hooks/src/sockets.js";
import { addressHost, socketPeer } from "../../hooks/src/peers.js";
import { tlsTable } from "../../hooks/src/tls.js";
import { Wires } from "../../hooks/src/wires.js";
import { javaArray, object, type Members } from "./fake_bridge.js";
import { Parts, text } from "./agent_parts.js";

const NIO = "sun.nio.ch.NioSocketImpl";
const JSSE = "sun.security.ssl.SSLSocketImpl";

function sockets(parts: Parts) {
  const write = parts.bridge.add(NIO, "write", ["[B", "int", "int"], () => undefined);
  parts.apply(socketTable(parts.recorder, new Wires(parts.recorder), text));
  const impl = object({ address: { value: "clinic.example/10.0.0.1" }, port: { value: 80 } });
  return { impl, write: (content: string, from: JavaObject = impl) => {
    const array = javaArray(content);
    write.invoke(from, array, 0, array["length"]);
  } };
}

test("a plain socket's bytes, with the peer and the stack", () => {
  const parts = new Parts();
  sockets(parts).write("GET /?q=h%C3%A9patite HTTP/1.1\r\n\r\n");
  const [seen] = parts.events();
  assert.ok(seen?.event.k === "bytes");
  assert.deepEqual([seen.event.host, seen.event.port, seen.event.conn], ["clinic.example", 80, 1]);
  assert.equal(seen.bytes, "GET /?q=h%C3%A9patite HTTP/1.1\r\n\r\n");
  assert.equal(seen.stack.length, 1);
});

test("a socket that talks TLS by itself is told once, without its later bytes", () => {
  const parts = new Parts();
  const { write } = sockets(parts);
  write("\x16\x03\x01\x00\x02hi");
  write("\x17\x03\x03\x00\x05noise");
  assert.deepEqual(parts.events().map(({ event, bytes }) => [event.k, bytes]), [["cipher", "\x16\x03\x01\x00\x02hi"]]);
});

test("what a hooked TLS layer writes is told as its carrier, once", () => {
  const parts = new Parts();
  const raw = sockets(parts);
  const socket = object({ peerHost: { value: "api.example" }, getPort: () => 443 });
  const stream = object({ this$0: { value: socket } });
  const handshake = parts.bridge.add(JSSE, "startHandshake", [], () => raw.write("\x16\x03\x01\x00\x00"));
  const write = parts.bridge.add(`${JSSE}$AppOutputStream`, "write", ["[B", "int", "int"], () => raw.write("\x17\x03\x03\x00\x00"));
  parts.apply(tlsTable(parts.recorder, text));
  handshake.invoke(socket);
  const secret = javaArray("..secret..");
  write.invoke(stream, secret, 2, 6);
  const seen = parts.events();
  assert.deepEqual(seen.map(({ event }) => event.k), ["carrier", "bytes"]);
  const [carrier, bytes] = seen.map(({ event }) => event);
  assert.ok(carrier?.k === "carrier" && bytes?.k === "bytes");
  assert.equal(carrier.tls, bytes.conn);
  assert.deepEqual([bytes.layer, bytes.host, bytes.port, seen[1]?.bytes], ["tls", "api.example", 443, "secret"]);
  assert.deepEqual(parts.faults, []);
});

test("one overload of a TLS stream that calls another is recorded once", () => {
  const parts = new Parts();
  const cls = "org.conscrypt.ConscryptEngineSocket";
  const three = parts.bridge.add(`${cls}$SSLOutputStream`, "write", ["[B", "int", "int"], () => undefined);
  const one = parts.bridge.add(`${cls}$SSLOutputStream`, "write", ["[B"], function (this, array) {
    return three.invoke(this, array, 0, (array as JavaObject)["length"]);
  });
  parts.apply(tlsTable(parts.recorder, text));
  const socket = object({ getHostname: () => "a.example", getPort: () => 443 });
  one.invoke(object({ this$0: { value: socket } }), javaArray("once"));
  assert.deepEqual(parts.events().map(({ bytes }) => bytes), ["once"]);
});

/** An Okio buffer; copying gives a buffer with the copied bytes. */
const buffer = (content: string): JavaObject => {
  const target = javaArray(content);
  return object({
    copyTo: (copy: Members, at: number, size: number) => {
      copy["content"] = (target["content"] as Uint8Array).slice(at, at + size);
    },
  });
};

function okio(parts: Parts, name: string): void {
  parts.bridge.define(name, {
    $new: () => {
      const copy = object({ readByteArray: (size: number) => object({ content: copy["content"], length: size }) });
      return copy;
    },
  });
}

const headers = (...pairs: [string, string][]): JavaObject => object({
  size: () => pairs.length,
  name: (index: number) => pairs[index]?.[0],
  value: (index: number) => pairs[index]?.[1],
});

function request(body: JavaObject | null): JavaObject {
  return object({
    method: () => "POST",
    url: () => "https://api.example/e?q=1",
    headers: () => headers(["Host", "api.example"]),
    body: () => body,
  });
}

const answer = object({ code: () => 204, headers: () => headers(["X", "y"]), protocol: () => "h2" });

function okhttp(parts: Parts, inside: () => unknown) {
  for (const name of ["okhttp3.Interceptor$Chain", "okhttp3.Request", "okhttp3.RequestBody", "okhttp3.Headers", "okhttp3.Response", "okhttp3.internal.http.RealInterceptorChain"]) {
    parts.bridge.define(name, {});
  }
  okio(parts, "okio.Buffer");
  const intercept = parts.bridge.add("okhttp3.internal.http.CallServerInterceptor", "intercept", ["okhttp3.Interceptor$Chain"], inside);
  const sink = parts.bridge.add("okhttp3.internal.connection.Exchange$RequestBodySink", "write", ["okio.Buffer", "long"], () => undefined);
  return { intercept, sink };
}

test("OkHttp: head, body as it flows, answer; bytes below name the request", () => {
  const parts = new Parts();
  const raw = sockets(parts);
  const { intercept, sink } = okhttp(parts, () => {
    sink.invoke(object({}), buffer("hépatite!"), 9);
    raw.write("POST");
    return answer;
  });
  parts.apply(okhttpTable(parts.recorder));
  assert.equal(intercept.invoke(object({}), object({ exchange: { value: null }, request: () => request(object({ isDuplex: () => false })) })), answer);
  const seen = parts.events();
  assert.deepEqual(seen.map(({ event }) => [event.k, "ex" in event && event.ex]), [["request", 1], ["body", 1], ["bytes", 1], ["response", 1]]);
  assert.equal(seen[1]?.bytes, "hépatite");
  assert.equal(seen[2]?.stack.length, 0);
  const head = seen[0]?.event;
  assert.ok(head?.k === "request");
  assert.deepEqual([head.method, head.url, head.headers, head.body], ["POST", "https://api.example/e?q=1", [["Host", "api.example"]], true]);
  assert.deepEqual(parts.faults, []);
  assert.equal(parts.threads.peek(1), undefined);
});

test("OkHttp: the exception that the app gets is recorded as the answer", () => {
  const parts = new Parts();
  const thrown = new Error("java.net.SocketTimeoutException: timeout");
  const { intercept } = okhttp(parts, () => {
    throw thrown;
  });
  parts.apply(okhttpTable(parts.recorder));
  assert.throws(() => intercept.invoke(object({}), object({ exchange: { value: null }, request: () => request(null) })), (error) => error === thrown);
  const last = parts.events().at(-1)?.event;
  assert.ok(last?.k === "response");
  assert.deepEqual([last.status, last.error], [0, "java.net.SocketTimeoutException: timeout"]);
  assert.equal(parts.threads.peek(1), undefined);
});

test("OkHttp: an answer's bytes are told as the app reads them, up to a bound", () => {
  const parts = new Parts();
  const exchange = object({});
  const { intercept } = okhttp(parts, () => answer);
  parts.bridge.define("okhttp3.internal.connection.Exchange", {});
  let got = "";
  const read = parts.bridge.add("okhttp3.internal.connection.Exchange$ResponseBodySource", "read", ["okio.Buffer", "long"], () => got.length || -1);
  parts.apply(okhttpTable(parts.recorder));
  intercept.invoke(object({}), object({ request: () => request(null), exchange: { value: exchange } }));
  const source = object({ this$0: { value: exchange } });
  const reads = (before: string, content: string) => {
    got = content;
    read.invoke(source, Object.assign(buffer(before + content), { size: () => before.length + content.length }), 8_192);
  };
  reads("old ", "hepa");
  reads("", "titis");
  reads("", "");
  reads("", "x".repeat(200_000));
  reads("", "more");
  read.invoke(object({ this$0: { value: object({}) } }), buffer("x"), 1);
  const seen = parts.events().flatMap(({ event, bytes }) => (event.k === "answer" ? [[event.ex, bytes.slice(0, 9), event.size, event.unread]] : []));
  assert.deepEqual(seen, [
    [1, "hepa", 4, ""],
    [1, "titis", 5, ""],
    [1, "xxxxxxxxx", 200_000, "cut at 131072 bytes"],
  ]);
  assert.deepEqual(parts.faults, []);
});

test("OkHttp: a duplex body is written by another thread and still finds its request", () => {
  const parts = new Parts();
  const exchange = object({});
  const { intercept, sink } = okhttp(parts, () => {
    parts.bridge.thread = 9;
    sink.invoke(object({ this$0: { value: exchange } }), buffer("later"), 5);
    parts.bridge.thread = 1;
    return answer;
  });
  parts.apply(okhttpTable(parts.recorder));
  intercept.invoke(object({}), object({ request: () => request(object({ isDuplex: () => true })), exchange: { value: exchange } }));
  const body = parts.events().find(({ event }) => event.k === "body");
  assert.ok(body?.event.k === "body");
  assert.deepEqual([body.event.ex, body.event.thread, body.bytes], [1, 9, "later"]);
});

test("a body beyond the cap says so, and keeps saying so", () => {
  const parts = new Parts();
  parts.recorder.bodyCapBytes = 4;
  const { intercept, sink } = okhttp(parts, () => {
    sink.invoke(object({}), buffer("abcdef"), 6);
    sink.invoke(object({}), buffer("ghi"), 3);
    return answer;
  });
  parts.apply(okhttpTable(parts.recorder));
  intercept.invoke(object({}), object({ exchange: { value: null }, request: () => request(object({ isDuplex: () => false })) }));
  const bodies = parts.events().flatMap(({ event, bytes }) => (event.k === "body" ? [[bytes, event.size, event.unread]] : []));
  assert.deepEqual(bodies, [["abcd", 4, ""], ["", 2, "cut at 4 bytes"], ["", 3, "cut at 4 bytes"]]);
});

test("HttpURLConnection: one request however often its engine is asked", () => {
  const parts = new Parts();
  const engine = "com.android.okhttp.internal.http";
  for (const name of ["com.android.okhttp.Request", "com.android.okhttp.Headers", "com.android.okhttp.Response"]) {
    parts.bridge.define(name, {});
  }
  okio(parts, "com.android.okhttp.okio.Buffer");
  const body = object({});
  const self = object({
    cacheStrategy: { value: null },
    userResponse: { value: null },
    requestBodyOut: { value: null },
    networkRequest: { value: null },
  });
  const send = parts.bridge.add(`${engine}.HttpEngine`, "sendRequest", [], function (this) {
    this["cacheStrategy"].value = {};
    this["networkRequest"].value = request(null);
    this["requestBodyOut"].value = body;
  });
  const read = parts.bridge.add(`${engine}.HttpEngine`, "readResponse", [], function (this) {
    this["userResponse"].value = answer;
  });
  const sink = parts.bridge.add(`${engine}.RetryableSink`, "write", ["com.android.okhttp.okio.Buffer", "long"], () => undefined);
  parts.apply(platformHttpTable(parts.recorder));
  send.invoke(self);
  send.invoke(self);
  sink.invoke(body, buffer("data=1"), 6);
  read.invoke(self);
  read.invoke(self);
  const seen = parts.events();
  assert.deepEqual(seen.map(({ event, bytes }) => [event.k, bytes]), [["request", ""], ["body", "data=1"], ["response", ""]]);
  assert.deepEqual(parts.faults, []);
});

test("an address is read as it prints itself", () => {
  assert.equal(addressHost("clinic.example/10.0.0.1"), "clinic.example");
  assert.equal(addressHost("/10.0.0.1"), "10.0.0.1");
  assert.deepEqual(socketPeer("clinic.example/10.0.0.1:80"), { host: "clinic.example", port: 80 });
  assert.deepEqual(socketPeer("/[::1]:443"), { host: "::1", port: 443 });
  assert.deepEqual(socketPeer("clinic.example/<unresolved>:80"), { host: "clinic.example", port: 80 });
  assert.deepEqual(socketPeer("clinic.example:80"), { host: "clinic.example", port: 80 });
});
