// Android's own HttpURLConnection (API 23 and later): `com.android.okhttp`, an OkHttp 2 inside.
//
// `HttpEngine` is one request on the wire (a redirect or retry makes a new one). `sendRequest` and
// `readResponse` may be called many times and work once; the engine's own fields tell. The app's body
// flows into the engine's sink between the two, on whatever thread the app likes.

import { thrownText, toNumber, type JavaObject } from "./java.js";
import { bufferSource } from "./okio.js";
import type { Call, Observer, Target } from "./patch.js";
import { headerPairs, noAnswer, type Recorder } from "./recorder.js";
import { Remembered } from "./threads.js";
import type { Text } from "./text.js";

const PACKAGE = "com.android.okhttp.internal.http";
const BUFFER = "com.android.okhttp.okio.Buffer";
const BOTH = ["art", "jvm"] as const;
const MAX_OPEN = 4_000;

interface Turn {
  readonly ex: number;
  /** This call does the work; others return at once. */
  readonly first: boolean;
}

export function platformHttpTable(recorder: Recorder, text: Text): readonly Target[] {
  const { bridge, threads } = recorder;
  const engines = new Remembered<number>(MAX_OPEN);
  const sinks = new Remembered<number>(MAX_OPEN);
  const announced = new Remembered<true>(MAX_OPEN);

  function requestOf(engine: JavaObject): number {
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
    const engine = call.self;
    // Absent when the answer came from the cache and nothing is sent.
    const request = engine["_networkRequest"].value as JavaObject | null;
    if (request === null || announced.has(ex)) {
      return;
    }
    announced.set(ex, true);
    const sink = engine["requestBodyOut"].value as JavaObject | null;
    recorder.request(call, ex, {
      method: text(request["method"]()),
      url: text(request["url"]()),
      headers: headerPairs(request["headers"]() as JavaObject, text),
      body: sink !== null,
    });
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
  function resend(call: Call, ex: number, sink: JavaObject): void {
    const kept = bridge.cast(sink, bridge.app.use(`${PACKAGE}.RetryableSink`))["content"].value as JavaObject;
    const size = toNumber(kept["size"]());
    recorder.body(call, ex, size, bufferSource(bridge, bridge.app.use(BUFFER), kept));
  }

  const sendRequest: Observer<Turn> = {
    before: (call) => enter(call, call.self["cacheStrategy"].value === null),
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
    before: (call) => enter(call, call.self["userResponse"].value === null),
    after(call, turn) {
      leave(call, turn);
      const response = call.self["userResponse"].value as JavaObject | null;
      if (turn?.first === true && announced.has(turn.ex) && response !== null) {
        recorder.response(call, turn.ex, {
          status: toNumber(response["code"]()),
          headers: headerPairs(response["headers"]() as JavaObject, text),
          version: text(response["protocol"]()),
          error: "",
        });
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
        const buffer = call.args[0] as JavaObject;
        recorder.body(call, ex, size, bufferSource(bridge, bridge.app.use(BUFFER), buffer));
      }
    },
  };

  const row = (cls: string, method: string, overload: readonly string[], observe: Target["observe"]): Target => ({
    id: `${PACKAGE}.${cls}.${method}`,
    layer: "java-http",
    runtimes: BOTH,
    from: "app",
    cls: `${PACKAGE}.${cls}`,
    method,
    overload,
    needs: [BUFFER, "com.android.okhttp.Request", "com.android.okhttp.Headers"],
    observe,
  });
  return [
    row("HttpEngine", "sendRequest", [], sendRequest),
    row("HttpEngine", "readResponse", [], readResponse),
    row("RetryableSink", "write", [BUFFER, "long"], sinkWrite),
    row("Http1xStream$FixedLengthSink", "write", [BUFFER, "long"], sinkWrite),
    row("Http1xStream$ChunkedSink", "write", [BUFFER, "long"], sinkWrite),
  ];
}
