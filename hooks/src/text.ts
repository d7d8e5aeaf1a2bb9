// Strings across the bridge, in both directions, exactly.
//
// The bridge garbles characters outside the Basic Multilingual Plane (it speaks JNI's modified UTF-8).
// From Java, texts are read as UTF-16; to Java, they are made of UTF-8 bytes.

import type { Bridge, JavaObject } from "./java.js";

/** Text of a Java string or of any object's `toString()`; empty for null. */
export type Text = (value: unknown) => string;

export class Strings {
  readonly #bridge: Bridge;
  readonly #string: JavaObject;
  readonly #makeBytes: (bytes: Uint8Array) => unknown;

  constructor(bridge: Bridge, makeBytes: (bytes: Uint8Array) => unknown) {
    this.#bridge = bridge;
    this.#makeBytes = makeBytes;
    this.#string = bridge.boot.use("java.lang.String");
  }

  /** `value` is null, a string that the bridge has made, or a Java object. */
  readonly text: Text = (value) => {
    if (value === null || value === undefined) {
      return "";
    }
    return typeof value === "string" ? value : this.#bridge.text(value as JavaObject);
  };

  /** A `java.lang.String` object with exactly this text. */
  toJava(text: string): JavaObject {
    const bytes = this.#makeBytes(encodeUtf8(text));
    return this.#string["$new"].overload("[B", "java.lang.String").call(this.#string, bytes, "UTF-8") as JavaObject;
  }
}

/** The agent's JavaScript engine has no TextEncoder. A lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of text) {
    let code = char.codePointAt(0) ?? 0xfffd;
    if (code >= 0xd800 && code <= 0xdfff) {
      code = 0xfffd;
    }
    if (code < 0x80) {
      bytes.push(code);
    } else if (code < 0x800) {
      bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    } else {
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 0x3f),
        0x80 | ((code >> 6) & 0x3f),
        0x80 | (code & 0x3f),
      );
    }
  }
  return Uint8Array.from(bytes);
}
