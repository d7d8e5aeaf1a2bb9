// Names that the app has looked up: a name server is told each of them, and a name can carry anything.

import type { Observer, Target } from "./patch.js";
import type { Recorder } from "./recorder.js";
import type { Runtime } from "./contract.js";

/** An IPv4 or IPv6 literal is no name. */
const LITERAL = /^[\d.]+$|:/;

export function nameTable(recorder: Recorder): readonly Target[] {
  const lookup: Observer = {
    before(call) {
      const name = String(call.args[0] ?? "");
      if (name !== "" && !LITERAL.test(name)) {
        const { thread, target } = call;
        const stack = recorder.stackOf(call);
        recorder.outbox.put({ k: "lookup", target: target.id, thread, host: name }, null, stack);
      }
    },
  };
  const row = (runtimes: readonly Runtime[], cls: string, method: string, overload: readonly string[]): Target => ({
    id: `${cls}.${method}`,
    layer: "socket",
    runtimes,
    from: "boot",
    cls,
    method,
    overload,
    observe: lookup,
  });
  return [
    row(["jvm"], "java.net.InetAddress", "getAllByName", ["java.lang.String"]),
    row(["art"], "java.net.Inet6AddressImpl", "lookupHostByName", ["java.lang.String", "int"]),
  ];
}
