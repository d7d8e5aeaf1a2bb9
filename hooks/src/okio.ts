// Reads the bytes of an Okio `Buffer` without taking them out. The same code serves `okio` of any
// generation and Android's copy of it.

import { toNumber, type Bridge, type JavaObject, type Raw } from "./java.js";
import type { Source } from "./recorder.js";

/** Makes a reader of the last bytes of a buffer, which a source has just put there. */
export function tailReader(bridge: Bridge, cls: JavaObject): (buffer: Raw, count: number) => Source {
  const read = bufferReader(bridge, cls);
  const size = bridge.method(cls, "size", "()J");
  return (buffer, count) => {
    const start = toNumber(size(buffer)) - count;
    const source = read(buffer);
    return (offset, length) => source(start + offset, length);
  };
}

/** Makes a reader of the first bytes of a buffer, which a sink is about to consume. */
export function bufferReader(bridge: Bridge, cls: JavaObject): (buffer: Raw) => Source {
  const type = `L${String(cls["$className"]).replace(/\./g, "/")};`;
  const make = bridge.maker(cls, "()V");
  const copyTo = bridge.method(cls, "copyTo", `(${type}JJ)${type}`);
  const toArray = bridge.method(cls, "readByteArray", "(J)[B");
  return (buffer) => (offset, length) => {
    const copy = make();
    copyTo(buffer, copy, offset, length);
    return bridge.bytes(toArray(copy, length) as Raw, 0, toNumber(length));
  };
}
