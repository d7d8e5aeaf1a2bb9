// Reads the bytes of `java.nio.ByteBuffer`s of any kind without moving their positions.

import { toNumber, type Bridge, type Getter, type Raw } from "./java.js";
import type { Source } from "./recorder.js";

const BUFFER = "java.nio.ByteBuffer";
const TYPE = "Ljava/nio/ByteBuffer;";

/** What one buffer holds between its position and its limit, at one moment. */
interface Part {
  readonly buffer: Raw;
  readonly start: number;
  readonly size: number;
}

export class Buffers {
  readonly #bridge: Bridge;
  readonly #position: Getter;
  readonly #remaining: Getter;
  readonly #duplicate: Getter;
  readonly #moveTo: Getter;
  readonly #get: Getter;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
    const cls = bridge.boot.use(BUFFER);
    this.#position = bridge.method(cls, "position", "()I");
    this.#remaining = bridge.method(cls, "remaining", "()I");
    this.#duplicate = bridge.method(cls, "duplicate", `()${TYPE}`);
    this.#moveTo = bridge.method(cls, "position", "(I)Ljava/nio/Buffer;");
    this.#get = bridge.method(cls, "get", `([BII)${TYPE}`);
  }

  position(buffer: Raw): number {
    return toNumber(this.#position(buffer));
  }

  /** What the buffers hold now; it can be read after their positions have moved. */
  held(...buffers: Raw[]): Held {
    const parts = buffers.map((buffer) => ({
      buffer,
      start: toNumber(this.#position(buffer)),
      size: toNumber(this.#remaining(buffer)),
    }));
    return new Held(parts.filter(({ size }) => size > 0), (buffer, at, length) => this.read(buffer, at, length));
  }

  /** `count` buffers of a `ByteBuffer[]` from `first` on; the bridge hands it out as a list. */
  heldBy(array: readonly Raw[], first: number, count: number): Held {
    return this.held(...array.slice(first, first + count));
  }

  /** Bytes at an absolute place of a buffer. */
  read(buffer: Raw, at: number, length: number): ArrayBuffer {
    const copy = this.#duplicate(buffer) as Raw;
    this.#moveTo(copy, at);
    const array = this.#bridge.byteArray(length);
    this.#get(copy, array, 0, length);
    return this.#bridge.bytes(array, 0, length);
  }
}

export class Held {
  readonly #parts: readonly Part[];
  readonly #read: (buffer: Raw, at: number, length: number) => ArrayBuffer;
  readonly size: number;

  constructor(parts: readonly Part[], read: (buffer: Raw, at: number, length: number) => ArrayBuffer) {
    this.#parts = parts;
    this.#read = read;
    this.size = parts.reduce((sum, part) => sum + part.size, 0);
  }

  readonly source: Source = (offset, length) => {
    const first = this.#parts[0];
    if (this.#parts.length === 1 && first !== undefined) {
      return this.#read(first.buffer, first.start + offset, length);
    }
    const all = new Uint8Array(length);
    let filled = 0;
    let skipped = offset;
    for (const { buffer, start, size } of this.#parts) {
      const wanted = Math.min(size - skipped, length - filled);
      if (wanted > 0) {
        all.set(new Uint8Array(this.#read(buffer, start + skipped, wanted)), filled);
        filled += wanted;
      }
      skipped = Math.max(0, skipped - size);
    }
    return all.buffer;
  };
}
