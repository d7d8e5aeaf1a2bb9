// Code that comes later: class loaders that the app makes while it runs (plug-ins, dynamic features, an SDK that
// loads its own code), and those that it had made before the agent came.
//
// In: constructors of class loaders. Out: the tables of classes that apps bring along, once for each loader that
// has a class of its own of that name. Hooks are put in by the agent's own thread, never inside a hook, and
// no class is initialised by us. What such code sends before is seen by the layers below, as all is.

import type { Bridge, JavaObject } from "./java.js";
import type { Observer, Target } from "./patch.js";
import type { Runtime } from "./contract.js";

/** Class loaders that are looked at; an app that makes more than these is told of. */
const MAX_LOADERS = 200;

export interface Late {
  /** The tables for the classes of one loader. */
  tables(bridge: Bridge): readonly Target[];
  apply(table: readonly Target[]): void;
  /** Run on the agent's own thread, soon. */
  soon(fn: () => void): void;
  /** Make hooks safe that were just put in. */
  settle(): void;
  fault(where: string, error: unknown): void;
}

export class Loaders {
  readonly #bridge: Bridge;
  readonly #late: Late;
  readonly #hooked = new Set<number>();
  #seen = 0;

  constructor(bridge: Bridge, late: Late) {
    this.#bridge = bridge;
    this.#late = late;
  }

  get table(): readonly Target[] {
    const observe: Observer = { after: (call) => this.#made(call.self) };
    const row = (runtimes: readonly Runtime[], cls: string): Target => ({
      id: `${cls}.$init`,
      layer: "origin",
      runtimes,
      from: "boot",
      cls,
      method: "$init",
      observe,
    });
    return [row(["jvm"], "java.net.URLClassLoader"), row(["art"], "dalvik.system.BaseDexClassLoader")];
  }

  #made(loader: JavaObject): void {
    if (++this.#seen > MAX_LOADERS) {
      if (this.#seen === MAX_LOADERS + 1) {
        this.#late.fault("loaders", `the app makes more than ${MAX_LOADERS} class loaders`);
      }
      return;
    }
    const seen = this.#bridge.seenBy(loader);
    this.#late.soon(() => this.install(seen));
  }

  /** Put in the rows for classes that only this loader has; how many. */
  install(seen: Bridge): number {
    const rows = this.#late.tables(seen).filter(({ from, cls }) => from === "app" && this.#isOwn(seen, cls));
    if (rows.length > 0) {
      const number = this.#seen;
      this.#late.apply(rows.map((row) => ({ ...row, id: `${row.id} @${number}`, loader: seen.app })));
      rows.forEach(({ cls }) => this.#hooked.add(seen.app.identity(cls)));
      this.#late.settle();
    }
    return rows.length;
  }

  #isOwn(seen: Bridge, cls: string): boolean {
    const identity = seen.app.identity(cls);
    return identity !== 0 && identity !== this.#bridge.app.identity(cls) && !this.#hooked.has(identity);
  }
}
