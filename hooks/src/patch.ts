// Puts the rows of hook tables into effect and takes them back.
//
// In: targets, a bridge. Out: a status for each row, counts of how often each fired. A hook watches:
// it always calls the original exactly once, hands back its very result or exception, and whatever
// goes wrong in our own code is reported through `fault` and never reaches the app. Code that runs
// inside an observer is not observed itself.

import type { HookLayer, HookStatus, Runtime } from "./contract.js";
import type { Bridge, Classes, JavaObject, Overload } from "./java.js";

/** One call of a hooked method. */
export interface Call {
  readonly target: Target;
  readonly self: JavaObject;
  readonly args: readonly unknown[];
  readonly thread: number;
}

/** What is done around a call; the value of `before` is handed to the other two. */
export interface Observer<S = unknown> {
  before?(call: Call): S;
  after?(call: Call, state: S | undefined, result: unknown): void;
  /** The original threw `error`, which the app is about to get. */
  failed?(call: Call, state: S | undefined, error: unknown): void;
  /** Code run by `before` belongs to the app and must itself be seen by hooks. */
  transparent?: boolean;
}

/** A row of a hook table. */
export interface Target {
  /** Short name, unique: `okhttp CallServerInterceptor.intercept`. */
  readonly id: string;
  readonly layer: HookLayer;
  readonly runtimes: readonly Runtime[];
  /** Whose class loader knows the class. */
  readonly from: "boot" | "app";
  readonly cls: string;
  /** Another class loader of the app, whose class it is. */
  readonly loader?: Classes;
  /** `$init` names constructors. */
  readonly method: string;
  /** Argument types; all overloads when left out. */
  readonly overload?: readonly string[];
  /** The class is not initialised by hooking it, and a method that was renamed is found by its types. */
  readonly untouched?: boolean;
  /** Finds the classes and methods that the observer will use: at installation, not inside a hook. */
  readonly prepare?: () => void;
  readonly observe: Observer<never> | Observer;
}

export type FaultHandler = (where: string, error: unknown) => void;

interface Patched {
  readonly overload: Overload;
}

export class Patcher {
  readonly #bridge: Bridge;
  readonly #runtime: Runtime;
  readonly #fault: FaultHandler;
  readonly #busy = new Set<number>();
  readonly #fired = new Map<string, number>();
  readonly #statuses = new Map<string, HookStatus>();
  #patched: Patched[] = [];
  /** Thread whose calls are ours, not the app's; 0 if none. */
  #ours = 0;

  constructor(bridge: Bridge, runtime: Runtime, fault: FaultHandler) {
    this.#bridge = bridge;
    this.#runtime = runtime;
    this.#fault = fault;
  }

  get statuses(): readonly HookStatus[] {
    return [...this.#statuses.values()];
  }

  get fired(): Record<string, number> {
    return Object.fromEntries(this.#fired);
  }

  /** Install each row meant for this runtime; a row that was installed before is left alone. */
  apply(table: readonly Target[]): void {
    for (const target of table) {
      if (!target.runtimes.includes(this.#runtime)) {
        continue;
      }
      if (this.#statuses.get(target.id)?.state !== "installed") {
        const [state, detail] = this.#install(target);
        this.#statuses.set(target.id, { layer: target.layer, target: target.id, state, detail });
      }
    }
  }

  /** Run `fn`, whose calls of hooked methods on this thread are observed and not counted as fired. */
  uncounted<T>(fn: () => T): T {
    this.#ours = this.#bridge.threadId();
    try {
      return fn();
    } finally {
      this.#ours = 0;
    }
  }

  undo(): void {
    for (const { overload } of this.#patched) {
      overload.implementation = null;
    }
    this.#patched = [];
    this.#statuses.clear();
  }

  #install(target: Target): [HookStatus["state"], string] {
    const classes = target.loader ?? (target.from === "boot" ? this.#bridge.boot : this.#bridge.app);
    let overloads: Overload[];
    try {
      const cls = target.untouched === true ? classes.link(target.cls) : classes.use(target.cls);
      overloads = target.untouched === true ? this.#withCode(cls, target) : chosen(cls, target.method, target);
      if (target.method === "$init" && this.#bridge.hidesParameters(cls)) {
        return ["failed", `${target.cls} has a constructor with hidden parameters`];
      }
      target.prepare?.();
    } catch (error) {
      return isAbsence(error) ? ["missing", String(error)] : ["failed", String(error)];
    }
    if (target.untouched === true) {
      overloads = overloads.filter((overload) => !takesObjects(overload));
    } else if (target.from === "app" && overloads.some(takesObjects)) {
      return ["failed", `${target.cls}.${target.method} takes an array of objects, which cannot be handed on`];
    }
    if (overloads.length === 0) {
      return ["missing", `${target.cls} has no ${target.method}`];
    }
    try {
      this.#fired.set(target.id, this.#fired.get(target.id) ?? 0);
      for (const overload of overloads) {
        overload.implementation = this.#wrapped(target, overload);
        this.#patched.push({ overload });
      }
    } catch (error) {
      return ["failed", String(error)];
    }
    return ["installed", ""];
  }

  /** Methods with code; where the name is gone (shrunk apps), the one method that takes the same types. */
  #withCode(cls: JavaObject, target: Target): Overload[] {
    const found = chosen(cls, target.method, target);
    if (target.method === "$init") {
      return found;
    }
    const taking = (overload: Overload): readonly string[] =>
      this.#bridge.methodsTaking(cls, overload.argumentTypes.map((type) => type.className));
    const solid = found.filter((overload) => taking(overload).includes(target.method));
    if (found.length > 0 || target.overload === undefined || target.overload.length === 0) {
      return solid;
    }
    const [only, ...others] = this.#bridge.methodsTaking(cls, target.overload);
    return only === undefined || others.length > 0 ? [] : chosen(cls, only, target);
  }

  #wrapped(target: Target, overload: Overload): NonNullable<Overload["implementation"]> {
    const observe = target.observe as Observer;
    const bridge = this.#bridge;
    const fired = this.#fired;
    const busy = this.#busy;
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const patcher = this;
    return function (this: JavaObject, ...args: unknown[]): unknown {
      const thread = bridge.threadId();
      if (busy.has(thread)) {
        return overload.apply(this, args);
      }
      if (thread !== patcher.#ours) {
        fired.set(target.id, (fired.get(target.id) ?? 0) + 1);
      }
      const call: Call = { target, self: this, args, thread };
      const state = patcher.#guarded(call, observe.before && (() => observe.before?.(call)));
      let result: unknown;
      try {
        result = overload.apply(this, args);
      } catch (error) {
        patcher.#guarded(call, observe.failed && (() => observe.failed?.(call, state, error)));
        throw error;
      }
      patcher.#guarded(call, observe.after && (() => observe.after?.(call, state, result)));
      return result;
    };
  }

  #guarded(call: Call, fn: (() => unknown) | undefined): unknown {
    if (fn === undefined) {
      return undefined;
    }
    const transparent = call.target.observe.transparent === true;
    if (!transparent) {
      this.#busy.add(call.thread);
    }
    try {
      return fn();
    } catch (error) {
      this.#fault(call.target.id, error);
      return undefined;
    } finally {
      if (!transparent) {
        this.#busy.delete(call.thread);
      }
    }
  }
}

/** Only what the class itself declares: hooking an inherited method would hook all its heirs. */
function chosen(cls: JavaObject, method: string, target: Target): Overload[] {
  const dispatcher = cls[method] as { overloads?: Overload[] } | undefined;
  const wanted = target.overload;
  return (dispatcher?.overloads ?? []).filter(
    (overload) =>
      overload.holder.$n === target.cls &&
      (wanted === undefined ||
        (overload.argumentTypes.length === wanted.length &&
          overload.argumentTypes.every((type, index) => type.className === wanted[index]))),
  );
}

/** The bridge makes such arrays anew, of a class that it asks an app's own loader for, which knows no arrays. */
function takesObjects(overload: Overload): boolean {
  return overload.argumentTypes.some((type) => /^\[+L(?!java\.lang\.String;)/.test(type.className));
}

function isAbsence(error: unknown): boolean {
  const text = String(error);
  return !text.includes("[L") && /ClassNotFoundException|NoClassDefFoundError|NoSuchMethodError|NoSuchFieldError/.test(text);
}
