// Reads the bytes of an Okio `Buffer` without taking them out. The same code serves `okio` of any
// generation and Android's copy of it.

import type { Bridge, JavaObject } from "./java.js";
import { toNumber } from "./java.js";
import type { Source } from "./recorder.js";

/** The first bytes of `buffer`, which a sink is about to consume. */
export function bufferSource(bridge: Bridge, bufferClass: JavaObject, buffer: JavaObject): Source {
  return (offset, length) => {
    const copy = bufferClass["$new"]() as JavaObject;
    const copyTo = buffer["copyTo"].overload(bufferClass["$className"], "long", "long");
    copyTo.call(buffer, copy, offset, length);
    const array = copy["readByteArray"].overload().call(copy) as JavaObject;
    const bytes = bridge.bytes(array, 0, toNumber(array["length"]));
    array["$dispose"]?.();
    copy["$dispose"]?.();
    return bytes;
  };
}
