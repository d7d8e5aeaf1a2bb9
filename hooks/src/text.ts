// Strings across the bridge, in both directions, as UTF-8 bytes.
//
// The bridge garbles characters outside the Basic Multilingual Plane (it speaks JNI's modified UTF-8).
// Plain ASCII passes unharmed and is by far the common case; everything else takes the long way.

import type { Bridge, JavaObject } from "./java.js";
import { toNumber } from "./java.js";

/** Text of a Java string or of any object's `toString()`; empty for null. */
export type Text = (value: unknown) => string;

// eslint-disable-next-line no-control-regex
const ASCII = /^[\x00-\x7f]*$/;

export class Strings {
  readonly #bridge: Bridge;
  readonly #utf8: JavaObject;
  readonly #charBuffer: JavaObject;
  readonly #object: JavaObject;
  readonly #sequence: JavaObject;
  readonly #string: JavaObject;
  readonly #makeBytes: (bytes: Uint8Array) => unknown;

  constructor(bridge: Bridge, makeBytes: (bytes: Uint8Array) => unknown) {
    this.#bridge = bridge;
    this.#makeBytes = makeBytes;
    const { boot } = bridge;
    this.#utf8 = boot.use("java.nio.charset.StandardCharsets")["UTF_8"].value as JavaObject;
    this.#charBuffer = boot.use("java.nio.CharBuffer");
    this.#object = boot.use("java.lang.Object");
    this.#sequence = boot.use("java.lang.CharSequence");
    this.#string = boot.use("java.lang.String");
    boot.use("java.nio.ByteBuffer");
    boot.use("java.nio.charset.Charset");
  }

  /** `value` is null, a string that the bridge has made, or a Java object. */
  readonly text: Text = (value) => {
    if (value === null || value === undefined) {
      return "";
    }
    if (typeof value === "string") {
      return value;
    }
    const object = value as JavaObject;
    const quick = String(object["toString"]());
    return ASCII.test(quick) ? quick : this.#exact(object);
  };

  #exact(object: JavaObject): string {
    // `valueOf` keeps the wrapper: a return type of String would be turned into a JavaScript string.
    const asObject = this.#bridge.cast(object, this.#object);
    const builder = this.#bridge.boot.use("java.lang.StringBuilder")["$new"]() as JavaObject;
    builder["append"].overload("java.lang.Object").call(builder, asObject);
    const text = this.ofSequence(builder);
    builder["$dispose"]?.();
    return text;
  }

  /** Text of a CharSequence, exactly. */
  ofSequence(sequence: JavaObject): string {
    const chars = this.#charBuffer["wrap"]
      .overload("java.lang.CharSequence")
      .call(this.#charBuffer, this.#bridge.cast(sequence, this.#sequence)) as JavaObject;
    const encoded = this.#utf8["encode"].overload("java.nio.CharBuffer").call(this.#utf8, chars) as JavaObject;
    const size = toNumber(encoded["remaining"]());
    const array = encoded["array"]() as JavaObject;
    return decodeUtf8(new Uint8Array(this.#bridge.bytes(array, 0, size)));
  }

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

/** Decodes well-formed UTF-8, as Java's encoder makes it. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i++] ?? 0;
    const extra = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let code = extra === 0 ? lead : lead & (0x3f >> extra);
    for (let k = 0; k < extra; k++) {
      code = (code << 6) | ((bytes[i++] ?? 0) & 0x3f);
    }
    text += String.fromCodePoint(code);
  }
  return text;
}
