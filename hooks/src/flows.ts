// Value flow: what the app's own code encrypts or digests, with what comes out, so that an encrypted body is read.
//
// In: calls of `Cipher`, `Mac`, `MessageDigest`. Out: one event for each finished operation, input and output as
// its bytes. An operation may take its input in many pieces; one whose input is beyond the limit is not told.
// What a TLS layer does is its own affair, and what is decrypted came from elsewhere.

import { once, toNumber, type JavaObject, type Raw } from "./java.js";
import type { Buffers } from "./buffers.js";
import type { Call, Observer, Target } from "./patch.js";
import type { Recorder } from "./recorder.js";
import { Remembered } from "./threads.js";
import type { Text } from "./text.js";

const BOTH = ["art", "jvm"] as const;
const BYTES = "[B";
const BUFFER = "java.nio.ByteBuffer";
const MAX_INPUT_BYTES = 256 << 10;
/** Operations that were begun and not finished; the oldest are forgotten. */
const MAX_OPEN = 500;
/** `Cipher.DECRYPT_MODE` and `UNWRAP_MODE`. */
const DECRYPTS = new Set([2, 4]);

interface Operation {
  readonly input: Uint8Array[];
  readonly output: Uint8Array[];
  size: number;
}

interface Turn {
  readonly operation: Operation;
  /** Where a `ByteBuffer` takes the output. */
  readonly start: number;
}

export function flowTable(recorder: Recorder, buffers: () => Buffers, text: Text): readonly Target[] {
  const { bridge, threads } = recorder;
  const open = new Remembered<Operation>(MAX_OPEN);
  const mode = once(() => {
    try {
      return bridge.field(bridge.boot.use("javax.crypto.Cipher"), "opmode", "I");
    } catch {
      return null;
    }
  });

  const ofTls = (call: Call): boolean => (threads.peek(call.thread)?.tls.length ?? 0) > 0;
  const decrypts = (cipher: Raw): boolean => {
    const read = mode();
    return read !== null && DECRYPTS.has(toNumber(read(cipher)));
  };

  function operation(self: Raw): Operation {
    const key = bridge.identity(self);
    let found = open.get(key);
    if (found === undefined) {
      found = { input: [], output: [], size: 0 };
      open.set(key, found);
    }
    return found;
  }

  function take(found: Operation, bytes: ArrayBuffer): void {
    found.size += bytes.byteLength;
    if (found.size <= MAX_INPUT_BYTES) {
      found.input.push(new Uint8Array(bytes));
    } else {
      found.input.length = found.output.length = 0;
    }
  }

  const slice = (array: JavaObject, start: unknown, length: unknown): ArrayBuffer =>
    bridge.bytes(array, toNumber(start ?? 0), toNumber(length ?? array["length"]));

  /** The input is an array, a part of one, or a buffer. */
  function takeInput(found: Operation, args: readonly unknown[], types: readonly string[]): void {
    if (types[0] === BUFFER) {
      const held = buffers().held(args[0] as Raw);
      take(found, held.source(0, held.size));
    } else if (types[0] === BYTES && types[1] === "int" && types[2] === "int") {
      take(found, slice(args[0] as JavaObject, args[1], args[2]));
    } else if (types[0] === BYTES && types.length === 1) {
      take(found, slice(args[0] as JavaObject, 0, undefined));
    }
  }

  /** The output is what the call gives, or is in an array (and how much, is what it gives), or in a buffer. */
  function takeOutput(turn: Turn, call: Call, types: readonly string[], result: unknown): void {
    const { output, size } = turn.operation;
    if (size > MAX_INPUT_BYTES) {
      return;
    }
    const written = typeof result === "number" ? result : 0;
    if (types[types.length - 1] === BUFFER) {
      output.push(new Uint8Array(buffers().read(call.args[1] as Raw, turn.start, written)));
    } else if (written > 0) {
      const at = types.lastIndexOf(BYTES);
      output.push(new Uint8Array(slice(call.args[at] as JavaObject, call.args[at + 1] ?? 0, written)));
    } else if (result !== null && typeof result === "object") {
      output.push(new Uint8Array(slice(result as JavaObject, 0, undefined)));
    }
  }

  function finish(call: Call, found: Operation): void {
    open.take(bridge.identity(call.self));
    const output = joined(found.output);
    if (found.size > 0 && found.size <= MAX_INPUT_BYTES && output.length > 0) {
      const how = text(call.self["getAlgorithm"]());
      recorder.flow(call, how, joined(found.input), output);
    }
  }

  /** `types`: of the arguments, which tell where input and output are; `ends`: it finishes the operation. */
  const step = (types: readonly string[], ends: boolean, hasInput: boolean): Observer<Turn | undefined> => ({
    before(call) {
      if (ofTls(call) || (call.target.cls === CIPHER && decrypts(call.self))) {
        return undefined;
      }
      const found = operation(call.self);
      if (hasInput) {
        takeInput(found, call.args, types);
      }
      const toBuffer = types[1] === BUFFER;
      return { operation: found, start: toBuffer ? buffers().position(call.args[1] as Raw) : 0 };
    },
    after(call, turn, result) {
      if (turn !== undefined) {
        if (ends || call.target.cls === CIPHER) {
          takeOutput(turn, call, types, result);
        }
        if (ends) {
          finish(call, turn.operation);
        }
      }
    },
    failed(call) {
      open.take(bridge.identity(call.self));
    },
  });

  const row = (cls: string, method: string, types: readonly string[], observe: Target["observe"]): Target => ({
    id: `${cls}.${method}(${types.join(",")})`,
    layer: "origin",
    runtimes: BOTH,
    from: "boot",
    cls,
    method,
    overload: types,
    prepare: () => {
      buffers();
      mode();
    },
    observe,
  });
  const inputs = [[BYTES], [BYTES, "int", "int"]];
  const cipher = [...inputs, [BYTES, "int", "int", BYTES], [BYTES, "int", "int", BYTES, "int"], [BUFFER, BUFFER]];
  const fed = (cls: string): Target[] => inputs.map((types) => row(cls, "update", types, step(types, false, true)));
  return [
    ...cipher.flatMap((types) => [
      row(CIPHER, "update", types, step(types, false, true)),
      row(CIPHER, "doFinal", types, step(types, true, true)),
    ]),
    row(CIPHER, "doFinal", [], step([], true, false)),
    row(CIPHER, "doFinal", [BYTES, "int"], step([BYTES, "int"], true, false)),
    ...fed("javax.crypto.Mac"),
    row("javax.crypto.Mac", "doFinal", [], step([], true, false)),
    ...fed("java.security.MessageDigest"),
    row("java.security.MessageDigest", "digest", [], step([], true, false)),
  ];
}

const CIPHER = "javax.crypto.Cipher";

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
