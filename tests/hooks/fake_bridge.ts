// A small working stand-in for the Java bridge: classes are tables of methods, calls go through what is
// installed, and objects have an identity.

import type { Bridge, JavaObject, Overload } from "../../hooks/src/java.js";
import { encodeUtf8 } from "../../hooks/src/text.js";

export type Body = (this: JavaObject, ...args: unknown[]) => unknown;

export class FakeOverload implements Overload {
  implementation: Overload["implementation"] = null;
  readonly argumentTypes: readonly { className: string }[];
  readonly holder: { $n: string };

  constructor(
    owner: string,
    types: readonly string[],
    readonly body: Body,
  ) {
    this.holder = { $n: owner };
    this.argumentTypes = types.map((className) => ({ className }));
  }

  /** The original, as the bridge calls it from inside a hook. */
  apply(receiver: JavaObject, args: readonly unknown[]): unknown {
    return this.body.apply(receiver, [...args]);
  }

  /** A call from Java. */
  invoke(receiver: JavaObject, ...args: unknown[]): unknown {
    return (this.implementation ?? this.body).apply(receiver, args);
  }
}

let identities = 0;
const identity = new WeakMap<object, number>();

export class FakeBridge implements Bridge {
  readonly #classes = new Map<string, JavaObject>();
  readonly boot = { use: (name: string) => this.#use(name) };
  readonly app = this.boot;
  thread = 1;
  time = 1_000;
  throwables = 0;

  constructor() {
    const makeThrowable = () => ({ number: ++this.throwables, $dispose: () => undefined });
    this.define("java.lang.Throwable", { $new: makeThrowable });
    this.define("java.lang.Thread", { currentThread: () => this.javaThread() });
  }

  readonly #threads = new Map<number, JavaObject>();

  /** The Java object of the thread that is running. */
  javaThread(thread = this.thread): JavaObject {
    let found = this.#threads.get(thread);
    if (found === undefined) {
      found = {};
      this.#threads.set(thread, found);
    }
    return found;
  }

  define(name: string, members: JavaObject): JavaObject {
    const cls = { $className: name, $n: name, ...members };
    this.#classes.set(name, cls);
    return cls;
  }

  /** Add a method with one overload, made of `types`, to a class that is made if it is missing. */
  method(cls: string, name: string, types: readonly string[], body: Body, owner = cls): FakeOverload {
    const found = this.#classes.get(cls) ?? this.define(cls, {});
    const overload = new FakeOverload(owner, types, body);
    const dispatcher = (found[name] ??= { overloads: [] }) as { overloads: FakeOverload[] };
    dispatcher.overloads.push(overload);
    return overload;
  }

  #use(name: string): JavaObject {
    const cls = this.#classes.get(name);
    if (cls === undefined) {
      throw new Error(`java.lang.ClassNotFoundException: ${name}`);
    }
    return cls;
  }

  perform<T>(fn: () => T): T {
    return fn();
  }

  cast(object: JavaObject): JavaObject {
    return object;
  }

  identity(object: JavaObject): number {
    let known = identity.get(object);
    if (known === undefined) {
      known = ++identities;
      identity.set(object, known);
    }
    return known;
  }

  bytes(array: JavaObject, offset: number, length: number): ArrayBuffer {
    return (array["content"] as Uint8Array).slice(offset, offset + length).buffer;
  }

  hidesParameters(cls: JavaObject): boolean {
    return cls["hides"] === true;
  }

  threadId(): number {
    return this.thread;
  }

  now(): number {
    return this.time;
  }
}

/** A Java `byte[]`. */
export function javaArray(text: string): JavaObject {
  const content = encodeUtf8(text);
  return { content, length: content.length };
}

export function textOf(buffer: ArrayBuffer | null): string {
  return Buffer.from(buffer ?? new ArrayBuffer(0)).toString("utf8");
}
