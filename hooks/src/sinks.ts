// Entry points of SDKs, one row each from the catalogue: what the app hands to an SDK, whenever it sends it.
//
// In: rows as the host gives them. A row whose class the app has not is no row at all. Classes are linked and
// not initialised: an SDK's own start comes when the app wants it.

import type { SinkRow } from "./contract.js";
import type { Bridge, JavaObject } from "./java.js";
import type { Call, Observer, Target } from "./patch.js";
import type { Recorder } from "./recorder.js";
import type { Values } from "./values.js";

export function sinkTable(rows: readonly SinkRow[], bridge: Bridge, recorder: Recorder, values: Values): readonly Target[] {
  const known = new Map<string, boolean>();
  const has = (cls: string): boolean => {
    let found = known.get(cls);
    if (found === undefined) {
      found = bridge.app.has(cls);
      known.set(cls, found);
    }
    return found;
  };
  // An entry point that calls another tells nothing new.
  const inside = new Set<number>();
  const leave = (call: Call, outermost: boolean | undefined): void => {
    if (outermost !== false) {
      inside.delete(call.thread);
    }
  };
  const observe: Observer<boolean> = {
    before(call) {
      if (inside.has(call.thread)) {
        return false;
      }
      inside.add(call.thread);
      recorder.handover(call, "sdk-api", { package: "", host: "" }, values.json(call.args));
      return true;
    },
    after: leave,
    failed: leave,
  };
  return rows
    .filter(({ cls }) => has(cls))
    .map(({ cls, method, overload }): Target => {
      const name = method === "<init>" ? "$init" : method;
      return {
        id: `${cls}.${name}(${overload.join(",")})`,
        layer: "sdk-api",
        runtimes: ["art", "jvm"],
        from: "app",
        cls,
        method: name,
        overload,
        untouched: true,
        prepare: () => values.prepare(),
        observe,
      };
    });
}

/** `a.B#c().d(long)`: a static method or one of each live object; then methods of what it gives. */
const CHAIN = /^([\w.$]+)#(.+)$/;
const STEP = /^(\w+)\((long|)\)$/;
const WAIT_MS = 5_000;

/** Call the flush of an SDK that the app has used; how many objects were asked. Throws what the SDK throws. */
export function flushSdk(bridge: Bridge, chain: string): number {
  const [, name, path] = CHAIN.exec(chain) ?? [];
  if (name === undefined || path === undefined || !bridge.app.has(name)) {
    return 0;
  }
  const steps = path.split(/\.(?=\w+\()/).map((step) => STEP.exec(step) ?? []);
  const cls = bridge.app.link(name);
  const first = String(steps[0]?.[1]);
  const receivers = bridge.isStatic(cls, first) ? [cls] : bridge.app.live(name);
  for (const receiver of receivers) {
    let target: JavaObject | null = receiver;
    for (const [, method, argument] of steps) {
      const next: unknown = target?.[String(method)](...(argument === "long" ? [WAIT_MS] : []));
      target = (next ?? null) as JavaObject | null;
    }
  }
  return receivers.length;
}
