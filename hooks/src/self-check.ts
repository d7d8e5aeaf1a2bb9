// A request of our own through each way out that the app has: what the record then lacks is not hooked.
//
// In: a token, a bridge. Out: which ways were gone. The requests go to a server socket of this very
// process, on a loopback address that nobody else uses; nobody answers, and nothing leaves the device.
// They are sent by Java code (a hook is not met by a call that the agent makes itself), with objects of
// their own: no default of the app's is set or first made here, so that its own set-up, for example of
// its network security, comes as if we were not there.

import type { CheckedWay, Layer } from "./contract.js";
import type { Bridge, JavaObject } from "./java.js";
import { thrownText } from "./java.js";
import { isConscrypt, isKnownTlsSocket, streamOwner } from "./tls.js";

/** "LEAK" in ASCII, more or less: the whole of 127.0.0.0/8 is loopback on Linux. Twin: selfcheck.py. */
export const CHECK_HOST = "127.76.69.75";

const CONNECT_MS = 2_000;
/** Nobody answers, so there is nothing to wait for. */
const ANSWER_MS = 1;
const BACKLOG = 16;
/** How a request ends that was written and got no answer. */
const UNANSWERED = /SocketTimeoutException|timed? ?out|SSLException|SSLHandshakeException/i;
const FORBIDDEN = /cleartext/i;

type Bytes = (bytes: Uint8Array) => unknown;

export class SelfCheck {
  readonly #bridge: Bridge;
  readonly #makeBytes: Bytes;
  readonly #encode: (text: string) => Uint8Array;

  constructor(bridge: Bridge, makeBytes: Bytes, encode: (text: string) => Uint8Array) {
    this.#bridge = bridge;
    this.#makeBytes = makeBytes;
    this.#encode = encode;
  }

  /** Send through each way; each request's path is `/TOKEN/WAY`. */
  run(token: string): CheckedWay[] {
    const { boot } = this.#bridge;
    const sockets = boot.use("java.net.ServerSocket");
    const address = boot.use("java.net.InetAddress")["getByName"](CHECK_HOST) as JavaObject;
    const server = sockets["$new"]
      .overload("int", "int", "java.net.InetAddress")
      .call(sockets, 0, BACKLOG, address) as JavaObject;
    try {
      const port = Number(server["getLocalPort"]());
      return [
        this.#way("java-http", "platform", () => this.#platform(port, `/${token}/platform`)),
        this.#way("java-http", "okhttp3", () => this.#okhttp(`http://${CHECK_HOST}:${port}/${token}/okhttp3`)),
        ...this.#tlsWays(port, token),
        this.#way("socket", "socket", () => this.#plain(port, `/${token}/socket`)),
      ];
    } finally {
      server["close"]();
    }
  }

  #way(layer: Layer, way: string, send: () => string): CheckedWay {
    try {
      const absent = send();
      return { layer, way, sent: absent === "", detail: absent };
    } catch (error) {
      const text = thrownText(error);
      return UNANSWERED.test(text) ? { layer, way, sent: true, detail: "" } : { layer, way, sent: false, detail: text };
    }
  }

  /** Whether the app can see these classes; asked of the class loader, not of the hook tables. */
  #sees(...names: string[]): boolean {
    try {
      names.forEach((name) => this.#bridge.app.use(name));
      return true;
    } catch {
      return false;
    }
  }

  get #noProxy(): unknown {
    return this.#bridge.boot.use("java.net.Proxy")["NO_PROXY"].value;
  }

  /** Clear text first: https would make the app's default TLS settings, for which it may be too early. */
  #platform(port: number, path: string): string {
    if (!this.#sees("com.android.okhttp.internal.http.HttpEngine")) {
      return "no HttpURLConnection of Android's";
    }
    try {
      return this.#urlConnection(`http://${CHECK_HOST}:${port}${path}`);
    } catch (error) {
      // A policy that forbids it is the app's own: its network security is in force already.
      if (FORBIDDEN.test(thrownText(error))) {
        return this.#urlConnection(`https://${CHECK_HOST}:${port}${path}`);
      }
      throw error;
    }
  }

  #urlConnection(url: string): string {
    const { boot } = this.#bridge;
    const urls = boot.use("java.net.URL");
    const made = urls["$new"].overload("java.lang.String").call(urls, url) as JavaObject;
    const opened = made["openConnection"].overload("java.net.Proxy").call(made, this.#noProxy) as JavaObject;
    const connection = this.#bridge.cast(opened, boot.use("java.net.HttpURLConnection"));
    connection["setConnectTimeout"](CONNECT_MS);
    connection["setReadTimeout"](ANSWER_MS);
    connection["setUseCaches"](false);
    try {
      connection["getResponseCode"]();
    } finally {
      connection["disconnect"]();
    }
    return "";
  }

  #okhttp(url: string): string {
    if (!this.#sees("okhttp3.internal.http.CallServerInterceptor", "okhttp3.OkHttpClient$Builder")) {
      return "the app has no OkHttp";
    }
    const { app, boot } = this.#bridge;
    const unit = boot.use("java.util.concurrent.TimeUnit")["MILLISECONDS"].value;
    const clear = app.use("okhttp3.ConnectionSpec")["CLEARTEXT"].value;
    const specs = boot.use("java.util.Collections")["singletonList"](clear);
    const timed = (builder: JavaObject, name: string, ms: number) =>
      builder[name].overload("long", "java.util.concurrent.TimeUnit").call(builder, ms, unit) as JavaObject;
    let builder = app.use("okhttp3.OkHttpClient$Builder")["$new"]() as JavaObject;
    builder = builder["proxy"](this.#noProxy) as JavaObject;
    builder = builder["connectionSpecs"](specs) as JavaObject;
    builder = builder["retryOnConnectionFailure"](false) as JavaObject;
    builder = timed(timed(builder, "connectTimeout", CONNECT_MS), "readTimeout", ANSWER_MS);
    const client = builder["build"]() as JavaObject;
    const drafted = app.use("okhttp3.Request$Builder")["$new"]() as JavaObject;
    const request = (drafted["url"].overload("java.lang.String").call(drafted, url) as JavaObject)["build"]();
    try {
      (client["newCall"](request) as JavaObject)["execute"]();
    } finally {
      (client["connectionPool"]() as JavaObject)["evictAll"]();
    }
    return "";
  }

  #plain(port: number, path: string): string {
    const socket = this.#connected(port);
    try {
      this.#write(socket["getOutputStream"]() as JavaObject, path);
    } finally {
      socket["close"]();
    }
    return "";
  }

  #connected(port: number): JavaObject {
    const { boot } = this.#bridge;
    const sockets = boot.use("java.net.Socket");
    const addresses = boot.use("java.net.InetSocketAddress");
    const address = addresses["$new"].overload("java.lang.String", "int").call(addresses, CHECK_HOST, port);
    const socket = sockets["$new"].overload("java.net.Proxy").call(sockets, this.#noProxy) as JavaObject;
    socket["connect"].overload("java.net.SocketAddress", "int").call(socket, address, CONNECT_MS);
    socket["setSoTimeout"](ANSWER_MS);
    return socket;
  }

  /** Through a stream of Java's, which calls the hooked one. */
  #write(out: JavaObject, path: string): void {
    const streams = this.#bridge.boot.use("java.io.BufferedOutputStream");
    const stream = streams["$new"].overload("java.io.OutputStream", "int").call(streams, out, 1_024) as JavaObject;
    const bytes = this.#encode(`GET ${path} HTTP/1.1\r\nHost: ${CHECK_HOST}\r\n\r\n`);
    stream["write"].overload("[B", "int", "int").call(stream, this.#makeBytes(bytes), 0, bytes.length);
    stream["flush"]();
  }

  /** One for the TLS implementation that apps get when they name none, and one for each other Conscrypt. */
  #tlsWays(port: number, token: string): CheckedWay[] {
    const security = this.#bridge.boot.use("java.security.Security");
    const providers = (security["getProviders"].overload("java.lang.String").call(security, "SSLContext.TLS") ?? []) as JavaObject[];
    const used = providers.filter((provider, index) => index === 0 || isConscrypt(classOf(provider)));
    return used.map((provider) => {
      const way = `tls-${String(provider["getName"]())}`;
      return this.#way("tls", way, () => this.#tls(provider, port, `/${token}/${way}`));
    });
  }

  #tls(provider: JavaObject, port: number, path: string): string {
    const plain = this.#connected(port);
    try {
      const factory = this.#context(provider)["getSocketFactory"]() as JavaObject;
      const socket = factory["createSocket"]
        .overload("java.net.Socket", "java.lang.String", "int", "boolean")
        .call(factory, plain, CHECK_HOST, port, true) as JavaObject;
      const name = classOf(socket);
      if (!isKnownTlsSocket(name)) {
        return `${name} is not a TLS socket that the hooks know`;
      }
      const stream = this.#plaintextOf(socket, name);
      try {
        this.#write(stream, path);
      } catch {
        // The plaintext was handed over; that there was no handshake, as nobody answers, comes after.
      }
    } finally {
      plain["close"]();
    }
    return "";
  }

  /** The stream that the app writes to. Conscrypt gives it out after the handshake only, but makes it before. */
  #plaintextOf(socket: JavaObject, cls: string): JavaObject {
    try {
      return this.#bridge.cast(socket, this.#bridge.boot.use("java.net.Socket"))["getOutputStream"]() as JavaObject;
    } catch (error) {
      const own = this.#bridge.cast(socket, this.#bridge.app.use(streamOwner(cls)));
      const stream = (own["out"] ?? own["os"])?.value as JavaObject | null | undefined;
      if (stream === null || stream === undefined) {
        throw error;
      }
      return stream;
    }
  }

  /** A context of our own that trusts nobody. */
  #context(provider: JavaObject): JavaObject {
    const { boot } = this.#bridge;
    const stores = boot.use("java.security.KeyStore");
    const store = stores["getInstance"].overload("java.lang.String").call(stores, stores["getDefaultType"]()) as JavaObject;
    store["load"].overload("java.io.InputStream", "[C").call(store, null, null);
    const managers = boot.use("javax.net.ssl.TrustManagerFactory");
    const factory = managers["getInstance"]
      .overload("java.lang.String")
      .call(managers, managers["getDefaultAlgorithm"]()) as JavaObject;
    factory["init"].overload("java.security.KeyStore").call(factory, store);
    const contexts = boot.use("javax.net.ssl.SSLContext");
    const context = contexts["getInstance"]
      .overload("java.lang.String", "java.security.Provider")
      .call(contexts, "TLS", provider) as JavaObject;
    context["init"](null, factory["getTrustManagers"](), null);
    return context;
  }
}

function classOf(object: JavaObject): string {
  return String((object["getClass"]() as JavaObject)["getName"]());
}
