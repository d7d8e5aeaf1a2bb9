// Android's own HttpURLConnection (API 23 and later): `com.android.okhttp`, an OkHttp 2 inside.
//
// `HttpEngine` is one request on the wire (a redirect or retry makes a new one). `sendRequest` and
// `readResponse` may be called many times and work once; the engine's own fields tell. The app's body
// flows into the engine's sink between the two, on whatever thread the app likes.

import { once, thrownText, toNumber, type Bridge, type Getter, type Raw } from "./java.js";
import { Messages } from "./messages.js";
import { bufferReader, tailReader } from "./okio.js";
import type { Call, Observer, Target } from "./patch.js";
import { noAnswer, type Recorder } from "./recorder.js";
import { Remembered } from "./threads.js";

const PACKAGE = "com.android.okhttp.internal.http";
const PATH = "Lcom/android/okhttp";
const BUFFER = "com.android.okhttp.okio.Buffer";
const BOTH = ["art", "jvm"] as const;
const MAX_OPEN = 4_000;

type Field = (object: Raw) => Raw | null;

/** Fields and methods that the observers read. */
class Reader {
  readonly messages: Messages;
  readonly #of: (cls: string, name: string, type: string) => Field;
  readonly cacheStrategy: Field;
  readonly networkRequest: Field;
  readonly userResponse: Field;
  readonly requestBodyOut: Field;
  readonly content: Field;
  readonly size: Getter;
  readonly buffer: ReturnType<typeof bufferReader>;

  constructor(bridge: Bridge) {
    this.messages = new Messages(bridge, { name: "com.android.okhttp", url: "java/net/URL" });
    this.#of = (cls, name, type) => bridge.field(bridge.app.use(`${PACKAGE}.${cls}`), name, `${PATH}/${type};`) as Field;
    this.cacheStrategy = this.#of("HttpEngine", "cacheStrategy", "internal/http/CacheStrategy");
    this.networkRequest = this.#of("HttpEngine", "networkRequest", "Request");
    this.userResponse = this.#of("HttpEngine", "userResponse", "Response");
    this.requestBodyOut = this.#of("HttpEngine", "requestBodyOut", "okio/Sink");
    this.content = this.#of("RetryableSink", "content", "okio/Buffer");
    const buffer = bridge.app.use(BUFFER);
    this.size = bridge.method(buffer, "size", "()J");
    this.buffer = bufferReader(bridge, buffer);
  }
}

interface Turn {
  readonly ex: number;
  /** This call does the work; others return at once. */
  readonly first: boolean;
}

export function platformHttpTable(recorder: Recorder): readonly Target[] {
  const { bridge, threads } = recorder;
  const reader = once(() => new Reader(bridge));
  const engines = new Remembered<number>(MAX_OPEN);
  const sinks = new Remembered<number>(MAX_OPEN);
  const announced = new Remembered<true>(MAX_OPEN);

  function requestOf(engine: Raw): number {
    const key = bridge.identity(engine);
    let ex = engines.get(key);
    if (ex === undefined) {
      ex = recorder.nextRequest();
      engines.set(key, ex);
    }
    return ex;
  }

  function enter(call: Call, first: boolean): Turn {
    const ex = first ? requestOf(call.self) : 0;
    if (first) {
      threads.get(call.thread).requests.push(ex);
    }
    return { ex, first };
  }

  function leave(call: Call, turn: Turn | undefined): void {
    const requests = threads.get(call.thread).requests;
    if (turn?.first === true && requests[requests.length - 1] === turn.ex) {
      requests.pop();
    }
    threads.settle(call.thread);
  }

  function announce(call: Call, ex: number): void {
    const { messages, networkRequest, requestBodyOut } = reader();
    // Absent when the answer came from the cache and nothing is sent.
    const request = networkRequest(call.self);
    if (request === null || announced.has(ex)) {
      return;
    }
    announced.set(ex, true);
    const sink = requestBodyOut(call.self);
    recorder.request(call, ex, { ...messages.head(request), body: sink !== null });
    if (sink !== null) {
      const key = bridge.identity(sink);
      const earlier = sinks.get(key);
      sinks.set(key, ex);
      if (earlier !== undefined && earlier !== ex) {
        resend(call, ex, sink);
      }
    }
  }

  /** A second attempt sends what the first one's sink has kept. */
  function resend(call: Call, ex: number, sink: Raw): void {
    const { content, size, buffer } = reader();
    const kept = content(sink);
    if (kept !== null) {
      recorder.body(call, ex, toNumber(size(kept)), buffer(kept));
    }
  }

  const sendRequest: Observer<Turn> = {
    before: (call) => enter(call, reader().cacheStrategy(call.self) === null),
    after(call, turn) {
      leave(call, turn);
      if (turn?.first === true) {
        announce(call, turn.ex);
      }
    },
    failed(call, turn, error) {
      leave(call, turn);
      if (turn?.first === true) {
        announce(call, turn.ex);
        recorder.response(call, turn.ex, noAnswer(thrownText(error)));
      }
    },
  };

  const readResponse: Observer<Turn> = {
    before: (call) => enter(call, reader().userResponse(call.self) === null),
    after(call, turn) {
      leave(call, turn);
      const response = reader().userResponse(call.self);
      if (turn?.first === true && announced.has(turn.ex) && response !== null) {
        recorder.response(call, turn.ex, reader().messages.answer(response));
      }
    },
    failed(call, turn, error) {
      leave(call, turn);
      if (turn?.first === true && announced.has(turn.ex)) {
        recorder.response(call, turn.ex, noAnswer(thrownText(error)));
      }
    },
  };

  const sinkWrite: Observer = {
    before(call) {
      const size = toNumber(call.args[1]);
      const ex = sinks.get(bridge.identity(call.self)) ?? threads.peek(call.thread)?.request ?? 0;
      if (size > 0 && ex !== 0) {
        recorder.body(call, ex, size, reader().buffer(call.args[0] as Raw));
      }
    },
  };

  const tail = once(() => tailReader(bridge, bridge.app.use(BUFFER)));
  const streamOf = new Map<string, Field>();
  const engineOf = once(() => bridge.field(bridge.app.use(`${PACKAGE}.Http1xStream`), "httpEngine", `${PATH}/internal/http/HttpEngine;`) as Field);
  const sourceRead: Observer = {
    after(call, _state, result) {
      const size = toNumber(result);
      const stream = size > 0 ? (streamOf.get(call.target.cls)?.(call.self) ?? null) : null;
      const engine = stream === null ? null : engineOf()(stream);
      const ex = engine === null ? undefined : engines.get(bridge.identity(engine));
      if (ex !== undefined && announced.has(ex)) {
        recorder.answerBody(call, ex, size, tail()(call.args[0] as Raw, size));
      }
    },
  };

  /** Three kinds of bodies, each an inner class of the stream. */
  const source = (name: string): Target => {
    const made = row(`Http1xStream$${name}`, "read", [BUFFER, "long"], sourceRead);
    return {
      ...made,
      prepare: () => {
        reader();
        tail();
        engineOf();
        streamOf.set(made.cls, bridge.field(bridge.app.use(made.cls), "this$0", `${PATH}/internal/http/Http1xStream;`) as Field);
      },
    };
  };

  const row = (cls: string, method: string, overload: readonly string[], observe: Target["observe"]): Target => ({
    id: `${PACKAGE}.${cls}.${method}`,
    layer: "java-http",
    runtimes: BOTH,
    from: "app",
    cls: `${PACKAGE}.${cls}`,
    method,
    overload,
    prepare: reader,
    observe,
  });
  return [
    row("HttpEngine", "sendRequest", [], sendRequest),
    row("HttpEngine", "readResponse", [], readResponse),
    row("RetryableSink", "write", [BUFFER, "long"], sinkWrite),
    row("Http1xStream$FixedLengthSink", "write", [BUFFER, "long"], sinkWrite),
    row("Http1xStream$ChunkedSink", "write", [BUFFER, "long"], sinkWrite),
    ...["FixedLengthSource", "ChunkedSource", "UnknownLengthSource"].map(source),
  ];
}
