// OkHttp 3, 4 and 5 as apps bring it along.
//
// `CallServerInterceptor` is the last of the chain: there the request is final (Host, User-Agent,
// Content-Length, what interceptors added). Bodies are read where they flow into the connection, never
// by asking the body a second time: a one-shot body would be used up, a duplex one is not complete yet.
// The interceptor runs once per attempt, so a retry is a request of its own, as it is on the wire.

import { once, thrownText, toNumber, type Bridge, type Getter, type JavaObject, type Raw } from "./java.js";
import { Messages } from "./messages.js";
import { bufferReader, tailReader } from "./okio.js";
import type { Call, Observer, Target } from "./patch.js";
import { noAnswer, type Recorder } from "./recorder.js";
import { Remembered } from "./threads.js";

const CHAIN = "okhttp3.internal.http.RealInterceptorChain";
const BOTH = ["art", "jvm"] as const;
/** Duplex requests in flight whose body another thread may be writing. */
const MAX_DUPLEX = 1_000;
/** Requests whose answers may still be read. */
const MAX_EXCHANGES = 4_000;
/** Since OkHttp 3.14. */
const EXCHANGE = "okhttp3.internal.connection.Exchange";
const RESPONSE_SOURCE = `${EXCHANGE}$ResponseBodySource`;

/** Methods that the observers call. */
class Reader {
  readonly messages: Messages;
  readonly request: Getter;
  /** Missing before OkHttp 3.14: bodies were never duplex there. */
  readonly isDuplex: Getter | null;
  /** Likewise: before, nothing tied an answer's bytes to its request. */
  readonly exchange: ((chain: Raw) => unknown) | null;

  constructor(bridge: Bridge) {
    this.messages = new Messages(bridge, { name: "okhttp3", url: "okhttp3/HttpUrl" });
    this.request = bridge.method(bridge.app.use("okhttp3.Interceptor$Chain"), "request", "()Lokhttp3/Request;");
    bridge.app.use(CHAIN);
    const type = `L${EXCHANGE.replace(/\./g, "/")};`;
    this.exchange = optional(() => bridge.field(bridge.app.use(CHAIN), "exchange", type));
    this.isDuplex = optional(() => bridge.method(bridge.app.use("okhttp3.RequestBody"), "isDuplex", "()Z"));
  }
}

function optional<T>(find: () => T): T | null {
  try {
    return find();
  } catch {
    return null;
  }
}

export function okhttpTable(recorder: Recorder, bridge: Bridge = recorder.bridge): readonly Target[] {
  const { threads } = recorder;
  const exchanges = new Remembered<number>(MAX_EXCHANGES);
  const duplex = new Remembered<number>(MAX_DUPLEX);
  const reader = once(() => new Reader(bridge));
  const readBuffer = once(() => bufferReader(bridge, bridge.app.use("okio.Buffer")));

  /** Let the body's sink find the request although another thread writes it. */
  function rememberDuplex(chain: JavaObject, body: Raw, ex: number): void {
    if (reader().isDuplex?.(body) !== true) {
      return;
    }
    const exchange = bridge.cast(chain, bridge.app.use(CHAIN))["exchange"];
    const value = (exchange?.value ?? null) as JavaObject | null;
    if (value !== null) {
      duplex.set(bridge.identity(value), ex);
    }
  }

  const intercept: Observer<number | undefined> = {
    before(call) {
      const chain = call.args[0] as JavaObject;
      const ex = recorder.nextRequest();
      threads.get(call.thread).requests.push(ex);
      const { messages, request } = reader();
      const found = request(chain) as Raw;
      const body = messages.body(found);
      recorder.request(call, ex, { ...messages.head(found), body: body !== null });
      const exchange = reader().exchange?.(chain) as Raw | null | undefined;
      if (exchange !== null && exchange !== undefined) {
        exchanges.set(bridge.identity(exchange), ex);
      }
      if (body !== null) {
        rememberDuplex(chain, body, ex);
      }
      return ex;
    },
    after(call, ex, result) {
      leave(call, ex);
      if (ex !== undefined && result !== null) {
        recorder.response(call, ex, reader().messages.answer(result as Raw));
      }
    },
    failed(call, ex, error) {
      leave(call, ex);
      if (ex !== undefined) {
        recorder.response(call, ex, noAnswer(thrownText(error)));
      }
    },
  };

  function leave(call: Call, ex: number | undefined): void {
    const requests = threads.get(call.thread).requests;
    // `before` may have failed before or after it announced the request.
    if (ex === undefined) {
      requests.length = 0;
    } else if (requests[requests.length - 1] === ex) {
      requests.pop();
    }
    threads.settle(call.thread);
  }

  const sinkWrite: Observer = {
    before(call) {
      const size = toNumber(call.args[1]);
      const ex = requestOf(call);
      if (size > 0 && ex !== 0) {
        recorder.body(call, ex, size, readBuffer()(call.args[0] as Raw));
      }
    },
  };

  function requestOf(call: Call): number {
    const outer = duplex.size === 0 ? undefined : (call.self["this$0"]?.value as JavaObject | undefined);
    const known = outer === undefined ? undefined : duplex.get(bridge.identity(outer));
    return known ?? threads.peek(call.thread)?.request ?? 0;
  }

  const tail = once(() => tailReader(bridge, bridge.app.use("okio.Buffer")));
  const outer = once(() => bridge.field(bridge.app.use(RESPONSE_SOURCE), "this$0", `L${EXCHANGE.replace(/\./g, "/")};`));
  const sourceRead: Observer = {
    after(call, _state, result) {
      const size = toNumber(result);
      const ex = size > 0 ? (exchanges.get(bridge.identity(outer()(call.self) as Raw)) ?? 0) : 0;
      if (ex !== 0) {
        recorder.answerBody(call, ex, size, tail()(call.args[0] as Raw, size));
      }
    },
  };

  const sinks = [
    "okhttp3.internal.http.CallServerInterceptor$CountingSink",
    "okhttp3.internal.connection.Exchange$RequestBodySink",
  ];
  return [
    {
      id: "okhttp3.internal.http.CallServerInterceptor.intercept",
      layer: "java-http",
      runtimes: BOTH,
      from: "app",
      cls: "okhttp3.internal.http.CallServerInterceptor",
      method: "intercept",
      prepare: reader,
      observe: intercept,
    },
    {
      id: `${RESPONSE_SOURCE}.read`,
      layer: "java-http",
      runtimes: BOTH,
      from: "app",
      cls: RESPONSE_SOURCE,
      method: "read",
      overload: ["okio.Buffer", "long"],
      prepare: () => {
        tail();
        outer();
      },
      observe: sourceRead,
    },
    ...sinks.map((cls): Target => ({
      id: `${cls}.write`,
      layer: "java-http",
      runtimes: BOTH,
      from: "app",
      cls,
      method: "write",
      overload: ["okio.Buffer", "long"],
      prepare: readBuffer,
      observe: sinkWrite,
    })),
  ];
}
